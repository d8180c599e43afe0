/* The table of segments: filter, sort, search, page. Its state is in the address and so can be shared. */

const DEFAULTS = {
  system: "", document: "", outcome: "", metric: "", low: "", high: "", text: "", sort: "",
  size: "25", page: "1",
};
let state = { ...DEFAULTS };

const OUTCOMES = [
  ["", "any"], ["wrong", `any wrong ${ITEM}`], ...data.outcomes.map((outcome) => [outcome, `${outcome} ${ITEM}`]),
  ["omitted", "no hypothesis"], ["moved", "moved text"],
];
const WRONG = data.outcomes.reduce(
  (flags, outcome, index) => (ACCEPTED.has(outcome) ? flags : flags | (1 << index)), 0);

/** The flags that a value of the outcome filter looks for. */
function flagsOf(outcome) {
  if (!outcome) return 0;
  if (outcome === "wrong") return WRONG;
  if (outcome === "omitted") return OMITTED;
  if (outcome === "moved") return MOVED;
  return 1 << data.outcomes.indexOf(outcome);
}

/* All texts in lower case, made when the reader first searches. */
let lowerCase = null;
function lowerTexts() {
  lowerCase ||= {
    segments: data.segments.map((segment) => segment.slice(2).join("\n").toLowerCase()),
    systems: data.systems.map((system) => system.texts.map((text) => text.toLowerCase())),
  };
  return lowerCase;
}

/** A function that tells whether a score is in the range of the filter. */
function makeScoreFilter() {
  const metric = data.metrics.findIndex((m) => m.key === state.metric);
  if (metric < 0 || (state.low === "" && state.high === "")) return () => true;
  const low = state.low === "" ? -Infinity : +state.low, high = state.high === "" ? Infinity : +state.high;
  return (system, segment) => {
    const value = system.scores[metric][segment];
    return value !== null && value !== undefined && value >= low && value <= high;
  };
}

/** [system, segment] of all hypotheses that pass the filters, sorted. */
function findRows() {
  const flags = flagsOf(state.outcome), text = state.text.trim().toLowerCase(), rows = [];
  const texts = text ? lowerTexts() : null, isInRange = makeScoreFilter();
  data.segments.forEach(([document], segment) => {
    if (state.document && documentName(document) !== state.document) return;
    const isInSegment = texts && texts.segments[segment].includes(text);
    data.systems.forEach((system, s) => {
      if (state.system && system.slug !== state.system) return;
      if (flags && !(system.flags[segment] & flags)) return;
      if (texts && !isInSegment && !texts.systems[s][segment].includes(text)) return;
      if (isInRange(system, segment)) rows.push([s, segment]);
    });
  });
  return sortRows(rows);
}

function sortRows(rows) {
  const [key, order] = state.sort.split(":");
  const metric = data.metrics.findIndex((m) => m.key === key);
  if (metric < 0) return rows;
  const valueOf = ([s, segment]) => data.systems[s].scores[metric][segment] ?? NaN;
  const sign = order === "desc" ? -1 : 1;
  // segments without a score come last in either order
  return rows.sort((a, b) => {
    const x = valueOf(a), y = valueOf(b);
    return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) : sign * (x - y);
  });
}

/** The address of a state. */
function segmentsLink(values) {
  const changed = Object.entries(values).filter(([key, value]) => value !== DEFAULTS[key]);
  const query = changed.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
  return `#segments${query ? `?${query}` : ""}`;
}

/** Change the state and the address without a new entry in the history of the browser. */
function updateState(changes) {
  state = { ...state, ...changes };
  history.replaceState(null, "", segmentsLink(state));
  showRows();
}

function showSegments(view, query) {
  const known = [...new URLSearchParams(query)].filter(([key]) => key in DEFAULTS);
  state = { ...DEFAULTS, ...Object.fromEntries(known) };
  const change = (key) => (value) => updateState({ page: "1", [key]: value });
  const field = (key, label, attributes, labelClass) => {
    const oninput = (event) => change(key)(event.target.value);
    return make("label", { class: labelClass }, make("span", {}, label),
      make("input", { ...attributes, value: state[key], oninput }));
  };
  const choose = (key, label, options) => makeSelect(label, options, state[key], change(key));
  const orders = data.metrics.flatMap(({ key, label }) => [
    [`${key}:asc`, `${label}, lowest first`], [`${key}:desc`, `${label}, highest first`]]);
  const clear = () => { location.hash = "#segments"; showSegments(view, ""); };
  fill(view,
    make("h1", {}, "Segments"), describeLeftOut(),
    make("form", { class: "bar", onsubmit: (event) => event.preventDefault() },
      choose("system", "System", [["", "all"], ...data.systems.map((s) => [s.slug, s.name])]),
      data.documents.length
        ? choose("document", "Document", [["", "all"], ...data.documents.map((d) => [d, d])]) : null,
      choose("outcome", "With", OUTCOMES),
      choose("metric", "Score", [["", "any"], ...data.metrics.map((m) => [m.key, m.label])]),
      field("low", "from", { type: "number", step: "any" }),
      field("high", "to", { type: "number", step: "any" }),
      choose("sort", "Order", [["", "order of the text"], ...orders]),
      field("text", "Search in all texts", { type: "search", dir: "auto" }, "search"),
      choose("size", "Rows", ["10", "25", "50", "100"].map((n) => [n, n])),
      make("button", { type: "button", onclick: clear }, "Clear")),
    make("p", { class: "note", id: "count", role: "status" }),
    make("div", { id: "rows" }), make("div", { class: "pages", id: "pages" }));
  showRows();
}

function showRows() {
  const rows = findRows(), size = +state.size || 25, last = Math.max(1, Math.ceil(rows.length / size));
  const page = Math.min(Math.max(1, +state.page || 1), last), from = (page - 1) * size;
  const noun = rows.length === 1 ? "hypothesis" : "hypotheses";
  $("#count").textContent = rows.length
    ? `${from + 1}–${Math.min(from + size, rows.length)} of ${rows.length} ${noun}`
    : "No segment matches these filters. Clear one of them.";
  const titles = ["Segment", "System", "Reference", "Hypothesis"];
  const header = make("tr", {},
    ...titles.map((title) => make("th", { scope: "col" }, title)), ...data.metrics.map(makeSortHeading));
  const body = rows.slice(from, from + size).map(makeRow);
  fill($("#rows"),
    make("table", { class: "segments" }, make("thead", {}, header), make("tbody", {}, ...body)));
  showPages(page, last);
}

/** The heading of a metric, which sorts by it. */
function makeSortHeading(metric) {
  const isAscending = state.sort === `${metric.key}:asc`, isDescending = state.sort === `${metric.key}:desc`;
  const order = isAscending ? "ascending" : isDescending ? "descending" : null;
  const sort = () => {
    state = { ...state, page: "1", sort: `${metric.key}:${isAscending ? "desc" : "asc"}` };
    location.hash = segmentsLink(state);
  };
  return make("th", { scope: "col", class: "n", "aria-sort": order },
    make("button", { type: "button", class: "sort", onclick: sort }, metric.label));
}

function makeRow([s, segment]) {
  const system = data.systems[s], [reference, hypothesis] = makePair(system, segment, { words: false });
  const score = (metric, m) => make("td", { class: "n", "data-label": metric.label },
    formatScore(system.scores[m][segment], metric));
  return make("tr", {},
    make("th", { scope: "row" }, linkSegment(system, segment)),
    make("td", { "data-label": "System" }, make("bdi", {}, system.name)),
    make("td", { "data-label": "Reference" }, reference),
    make("td", { "data-label": "Hypothesis" }, hypothesis),
    ...data.metrics.map(score));
}

function showPages(page, last) {
  const turn = (to) => {
    updateState({ page: `${to}` });
    $("#count").scrollIntoView({ block: "center" });
  };
  const button = (to, text) => make("button",
    { type: "button", disabled: to < 1 || to > last, onclick: () => turn(to) }, text);
  const buttons = [
    button(page - 1, "Previous"), make("span", {}, `page ${page} of ${last}`), button(page + 1, "Next")];
  fill($("#pages"), ...(last > 1 ? buttons : []));
}

/** One segment: its source and references, and the hypothesis of every system. */
function showSegment(view, system, segment) {
  const [document, id] = data.segments[segment], source = sourceOf(segment);
  const siblings = segmentsOf.get(document), at = siblings.indexOf(segment);
  const step = (to, text) => (to === undefined
    ? make("span", { class: "muted" }, text) : make("a", { href: segmentLink(system, to) }, text));
  const others = data.systems.filter((other) => other !== system);
  fill(view,
    make("h1", {}, "Segment ", id, " ",
      document < 0 ? null : make("span", { class: "of" }, "of ", make("bdi", {}, documentName(document)))),
    make("p", { class: "bar" },
      step(siblings[at - 1], "← previous"), step(siblings[at + 1], "next →"),
      make("a", { href: documentLink(system, document) }, "in its document"), makeCopyButton(),
      makeCheckbox("word differences", shown.words, (on) => {
        shown.words = on;
        showSegment(view, system, segment);
      })),
    makeLegend(),
    source === null ? null : make("h2", {}, "Source"),
    source === null ? null : make("div", { class: "text source", dir: "auto" }, source),
    make("h2", {}, data.references.length > 1 ? "References" : "Reference"),
    ...referencesOf(segment).map(makeReference),
    make("h2", {}, "Systems"),
    makeHypothesis(system, segment, " chosen"), ...others.map((other) => makeHypothesis(other, segment, "")));
}

/** A reference, with its name if there are several. */
function makeReference(text, index) {
  const name = data.references.length > 1 ? make("span", { class: "tag" }, data.references[index]) : null;
  return makeText(name, " ", text ?? make("span", { class: "muted" }, "missing"));
}

function makeHypothesis(system, segment, chosen) {
  const heading = make("a", { href: segmentLink(system, segment) }, make("bdi", {}, system.name));
  return make("section", { class: `hypothesis${chosen}` }, make("h3", {}, heading),
    make("div", { class: "two" }, ...makePair(system, segment, shown)), makeScoreLine(system, segment));
}

function makeCopyButton() {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copy it from the address bar";
    }
  };
  const button = make("button", { type: "button", onclick: copy }, "Copy link");
  return button;
}
