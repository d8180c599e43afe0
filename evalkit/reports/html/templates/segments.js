/* The table of segments: filter, sort, search, page. Its state is in the address, so that it can be sent round. */

const DEFAULTS = { system: "", document: "", outcome: "", metric: "", low: "", high: "", text: "", sort: "", size: "25", page: "1" };
const WRONG = data.outcomes.reduce((bits, outcome, index) => (ACCEPTED.has(outcome) ? bits : bits | (1 << index)), 0);
let state = { ...DEFAULTS };

const OUTCOMES = [
  ["", "any"], ["wrong", "any wrong name"], ...data.outcomes.map((outcome) => [outcome, `a name ${outcome}`]),
  ["omitted", "no hypothesis"], ["moved", "moved"],
];

function bitsOf(outcome) {
  if (outcome === "wrong") return WRONG;
  if (outcome === "omitted") return OMITTED;
  if (outcome === "moved") return MOVED;
  return 1 << data.outcomes.indexOf(outcome);
}

/** What a search looks into, in small letters; made when somebody searches. */
let searched = null;
function haystack() {
  searched ||= {
    own: data.segments.map((segment) => segment.slice(2).join("\n").toLowerCase()),
    systems: data.systems.map((system) => system.texts.map((text) => text.toLowerCase())),
  };
  return searched;
}

/** [system, segment] of all that the filters let through, in order. */
function found() {
  const bits = state.outcome ? bitsOf(state.outcome) : 0, text = state.text.trim().toLowerCase();
  const metric = data.metrics.findIndex((m) => m.key === state.metric);
  const low = state.low === "" ? -Infinity : +state.low, high = state.high === "" ? Infinity : +state.high;
  const bounded = metric >= 0 && (state.low !== "" || state.high !== "");
  const texts = text ? haystack() : null, rows = [];
  data.segments.forEach(([document], segment) => {
    if (state.document && documentName(document) !== state.document) return;
    const inOwn = texts && texts.own[segment].includes(text);
    data.systems.forEach((system, s) => {
      if (state.system && system.slug !== state.system) return;
      if (bits && !(system.flags[segment] & bits)) return;
      if (texts && !inOwn && !texts.systems[s][segment].includes(text)) return;
      if (bounded) {
        const value = system.scores[metric][segment];
        if (value === null || value === undefined || value < low || value > high) return;
      }
      rows.push([s, segment]);
    });
  });
  return sorted(rows);
}

function sorted(rows) {
  const [key, order] = state.sort.split(":");
  const metric = data.metrics.findIndex((m) => m.key === key);
  if (metric < 0) return rows;
  const value = ([s, segment]) => data.systems[s].scores[metric][segment] ?? NaN;
  const sign = order === "desc" ? -1 : 1;
  // segments without a score stand last, whichever the order
  return rows.sort((a, b) => {
    const x = value(a), y = value(b);
    return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) : sign * (x - y);
  });
}

/** The address of a state. */
function segmentsLink(of) {
  const given = Object.entries(of).filter(([key, value]) => value !== DEFAULTS[key]).map(([key, value]) => `${key}=${part(value)}`);
  return `#segments${given.length ? `?${given.join("&")}` : ""}`;
}

function showSegments(view, query) {
  state = { ...DEFAULTS, ...Object.fromEntries([...new URLSearchParams(query)].filter(([key]) => key in DEFAULTS)) };
  const change = (key, after) => (value) => {
    state = { ...state, page: "1", [key]: value };
    history.replaceState(null, "", segmentsLink(state));
    showRows();
    after?.();
  };
  const number = (key, label) => make("label", {}, make("span", {}, label),
    make("input", { type: "number", step: "any", value: state[key], oninput: (event) => change(key)(event.target.value) }));
  const sorts = [["", "order of the text"], ...data.metrics.flatMap((m) => [[`${m.key}:asc`, `${m.label}, lowest first`], [`${m.key}:desc`, `${m.label}, highest first`]])];
  fill(view,
    make("h1", {}, "Segments"), leftOut(),
    make("form", { class: "bar", onsubmit: (event) => event.preventDefault() },
      select("System", [["", "all"], ...data.systems.map((s) => [s.slug, s.name])], state.system, change("system")),
      data.documents.length ? select("Document", [["", "all"], ...data.documents.map((d) => [d, d])], state.document, change("document")) : null,
      select("With", OUTCOMES, state.outcome, change("outcome")),
      select("Score", [["", "any"], ...data.metrics.map((m) => [m.key, m.label])], state.metric, change("metric")),
      number("low", "from"), number("high", "to"),
      select("Order", sorts, state.sort, change("sort")),
      make("label", { class: "search" }, make("span", {}, "Search in all texts"), make("input", { type: "search", value: state.text, dir: "auto", oninput: (event) => change("text")(event.target.value) })),
      select("Rows", ["10", "25", "50", "100"].map((n) => [n, n]), state.size, change("size")),
      make("button", { type: "button", onclick: () => { location.hash = "#segments"; showSegments(view, ""); } }, "Clear")),
    make("p", { class: "note", id: "count", role: "status" }),
    make("div", { id: "rows" }), make("div", { class: "pages", id: "pages" }));
  showRows();
}

function showRows() {
  const rows = found(), size = +state.size || 25, last = Math.max(1, Math.ceil(rows.length / size));
  const page = Math.min(Math.max(1, +state.page || 1), last), from = (page - 1) * size;
  $("#count").textContent = rows.length
    ? `${from + 1}–${Math.min(from + size, rows.length)} of ${rows.length} hypotheses`
    : "Nothing fits these filters: clear one of them.";
  const heading = (metric) => {
    const down = state.sort === `${metric.key}:asc`;
    const order = state.sort.startsWith(`${metric.key}:`) ? (down ? "ascending" : "descending") : null;
    const turn = () => { state = { ...state, page: "1", sort: `${metric.key}:${down ? "desc" : "asc"}` }; location.hash = segmentsLink(state); };
    return make("th", { scope: "col", class: "n", "aria-sort": order }, make("button", { type: "button", class: "sort", onclick: turn }, metric.label));
  };
  const body = rows.slice(from, from + size).map(([s, segment]) => {
    const system = data.systems[s], [reference, hypothesis] = pair(system, segment, { words: false });
    return make("tr", {}, make("th", { scope: "row" }, segmentName(system, segment)), make("td", { "data-label": "System" }, make("bdi", {}, system.name)),
      make("td", { "data-label": "Reference" }, reference), make("td", { "data-label": "Hypothesis" }, hypothesis),
      ...data.metrics.map((metric, m) => make("td", { class: "n", "data-label": metric.label }, scoreText(system.scores[m][segment], metric))));
  });
  $("#rows").replaceChildren(make("table", { class: "segments" },
    make("thead", {}, make("tr", {}, ...["Segment", "System", "Reference", "Hypothesis"].map((text) => make("th", { scope: "col" }, text)), ...data.metrics.map(heading))),
    make("tbody", {}, ...body)));
  const turn = (to, text) => make("button", { type: "button", disabled: to < 1 || to > last, onclick: () => {
    state = { ...state, page: `${to}` };
    history.replaceState(null, "", segmentsLink(state));
    showRows();
    $("#count").scrollIntoView({ block: "center" });
  } }, text);
  $("#pages").replaceChildren(...(last > 1 ? [turn(page - 1, "Previous"), make("span", {}, `page ${page} of ${last}`), turn(page + 1, "Next")] : []));
}

/** One segment: its source and references, and what every system made of it. */
function showSegment(view, system, segment) {
  const [document, id] = data.segments[segment], siblings = segmentsOf.get(document), at = siblings.indexOf(segment);
  const step = (to, text) => (to === undefined ? make("span", { class: "muted" }, text) : make("a", { href: segmentLink(system, to) }, text));
  const copy = make("button", { type: "button", onclick: async () => {
    try { await navigator.clipboard.writeText(location.href); copy.textContent = "Copied"; } catch { copy.textContent = "Copy it from the address bar"; }
  } }, "Copy link");
  const others = [system, ...data.systems.filter((other) => other !== system)];
  fill(view,
    make("h1", {}, "Segment ", id, " ", document < 0 ? null : make("span", { class: "of" }, "of ", make("bdi", {}, documentName(document)))),
    make("p", { class: "bar" }, step(siblings[at - 1], "← previous"), step(siblings[at + 1], "next →"),
      make("a", { href: documentLink(system, document) }, "in its document"), copy,
      checkbox("word differences", shown.words, (on) => { shown.words = on; showSegment(view, system, segment); })),
    legend(),
    sourceOf(segment) === null ? null : make("h2", {}, "Source"),
    sourceOf(segment) === null ? null : make("div", { class: "text source", dir: "auto" }, sourceOf(segment)),
    make("h2", {}, data.references.length > 1 ? "References" : "Reference"),
    ...referencesOf(segment).map((text, r) => make("div", { class: "text", dir: "auto", lang: data.language }, data.references.length > 1 ? make("span", { class: "tag" }, data.references[r]) : null, " ", text)),
    make("h2", {}, "Systems"),
    ...others.map((other) => {
      const [reference, hypothesis] = pair(other, segment, shown);
      return make("section", { class: `hypothesis${other === system ? " chosen" : ""}` }, make("h3", {}, make("a", { href: segmentLink(other, segment) }, make("bdi", {}, other.name))),
        make("div", { class: "two" }, reference, hypothesis), scoreLine(other, segment));
    }));
}
