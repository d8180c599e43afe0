/* Documents as a heat map, and one document with reference and hypothesis side by side. */

const PAGE = 50;
/* Metric and system are indices; system -1 ranks by the mean over all systems. */
const heat = {
  metric: Math.max(0, data.metrics.findIndex((metric) => metric.names)),
  system: -1,
  rows: PAGE,
};

/** A score where higher is better; see evalkit.metrics.scale.Scale.merit. */
function merit(value, metric) {
  if (metric.best !== null) return -Math.abs(value - metric.best);
  return metric.higher ? value : -value;
}

/** How bad a score is: 0 for the best document of any system, 1 for the worst; null if there is no score. */
function rate(value, metric, low, high) {
  if (value === null) return null;
  return high > low ? (high - merit(value, metric)) / (high - low) : 1;
}

const headerCell = (system) => make("th", { scope: "col", class: "n" }, make("bdi", {}, system.name));

function showDocuments(view) {
  if (!data.documents.length) {
    fill(view, make("h1", {}, "Documents"), make("p", {}, "This test set is not divided into documents."));
    return;
  }
  const metric = data.metrics[heat.metric];
  const valueOf = (system, document) => system.documents[document][heat.metric];
  const indices = data.documents.map((_, document) => document);
  const values = data.systems.flatMap((system) => indices.map((document) => valueOf(system, document)))
    .filter((value) => value !== null);
  const merits = values.map((value) => merit(value, metric));
  const low = Math.min(...merits), high = Math.max(...merits);
  const badness = (system, document) => rate(valueOf(system, document), metric, low, high);
  const ranking = heat.system < 0 ? data.systems : [data.systems[heat.system]];
  const mean = (document) => {
    const rated = ranking.map((system) => badness(system, document)).filter((value) => value !== null);
    return rated.length ? rated.reduce((a, b) => a + b, 0) / rated.length : -1;
  };
  const order = indices.map((document) => [mean(document), document])
    .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const cell = (system, document) => {
    const bad = badness(system, document);
    return make("td", { class: "n h", style: bad === null ? null : `--h:${bad.toFixed(2)}` },
      make("a", { href: documentLink(system, document) }, formatScore(valueOf(system, document), metric)));
  };
  const rows = order.slice(0, heat.rows).map(([, document]) => make("tr", {},
    make("th", { scope: "row" }, make("bdi", {}, documentName(document))),
    ...data.systems.map((system) => cell(system, document))));
  const header = make("tr", {}, make("th", { scope: "col" }, "Document"), ...data.systems.map(headerCell));
  const change = (key) => (value) => { heat[key] = +value; showDocuments(view); };
  const rankings = [["-1", "all systems, mean"], ...data.systems.map((system, s) => [`${s}`, system.name])];
  fill(view,
    make("h1", {}, "Documents, worst first"),
    make("div", { class: "bar" },
      makeSelect("Metric", data.metrics.map((m, i) => [`${i}`, m.label]), `${heat.metric}`, change("metric")),
      makeSelect("Worst for", rankings, `${heat.system}`, change("system"))),
    make("div", { class: "scroll" },
      make("table", { class: "heat" }, make("thead", {}, header), make("tbody", {}, ...rows))),
    make("p", { class: "note" }, `${metric.label}. Darker is worse, compared with all documents and systems. `
      + "Select a score to open its document."));
  if (order.length > heat.rows) {
    const showMore = () => { heat.rows += 4 * PAGE; showDocuments(view); };
    const label = `Show more (${order.length - heat.rows} left)`;
    view.append(make("button", { type: "button", onclick: showMore }, label));
  }
}

/** How much of a document was aligned, and why its alignment is not trusted; empty for line-aligned input. */
function describeAlignment(aligned) {
  if (!aligned) return [];
  const [covered, segments, used, words, warning] = aligned;
  const share = words ? `${(100 * used / words).toFixed(0)}%` : "–";
  const note = make("p", { class: "note" }, `${covered} of ${segments} reference segments covered; `
    + `${share} of the system's ${words} words used.`);
  if (!warning) return [note];
  return [note, make("p", { class: "alarm" }, make("strong", {}, "Alignment not trusted: "), warning)];
}

/** One system on one document. */
function showDocument(view, system, document) {
  const again = () => showDocument(view, system, document);
  const go = (slug, name) => { location.hash = joinLink("d", slug, name); };
  const name = documentName(document), systems = data.systems.map((s) => [s.slug, s.name]);
  const score = (metric, m) => `${metric.label} ${formatScore(system.documents[document][m], metric)}`;
  const scores = document < 0 ? "" : data.metrics.map(score).join(" · ");
  fill(view,
    make("h1", {},
      make("bdi", {}, name || "All segments"), " ",
      make("span", { class: "of" }, "by ", make("bdi", {}, system.name))),
    make("p", { class: "lead" }, scores),
    ...describeAlignment(document < 0 ? null : system.aligned[document]),
    make("div", { class: "bar" },
      makeSelect("System", systems, system.slug, (slug) => go(slug, name)),
      data.documents.length
        ? makeSelect("Document", data.documents.map((d) => [d, d]), name, (d) => go(system.slug, d)) : null,
      makeCheckbox("word differences", shown.words, (on) => { shown.words = on; again(); }),
      hasSources ? makeCheckbox("source", shown.source, (on) => { shown.source = on; again(); }) : null),
    makeLegend(), describeLeftOut());
  showPairs(view, system, document);
}

/** The segments of a document, with additions between them. */
function showPairs(view, system, document) {
  const withSource = hasSources && shown.source;
  const titles = ["", ...(withSource ? ["Source"] : []), "Reference", "Hypothesis"];
  const head = make("div", { class: "row head" }, ...titles.map((title) => make("span", {}, title)));
  const body = make("div", { class: `pairs${withSource ? " sourced" : ""}` }, head);
  view.append(body);
  const added = system.added.filter(([d]) => d === document);
  const makeAddition = ([, text]) => make("div", { class: "row added" },
    make("span", {}), withSource ? make("span", {}) : null, make("span", { class: "muted" }, "nothing"),
    makeText(make("span", { class: "tag addition" }, "addition"), " ", text));
  const additionsAfter = (segment) => added.filter((addition) => addition[2] === segment).map(makeAddition);
  body.append(...additionsAfter(-1));
  runInBlocks(segmentsOf.get(document) || [], (segment) => {
    const [reference, hypothesis] = makePair(system, segment, shown);
    hypothesis.append(makeScoreLine(system, segment));
    const id = make("a", { class: "number", href: segmentLink(system, segment) }, data.segments[segment][1]);
    const source = withSource
      ? make("div", { class: "text source", dir: "auto" }, sourceOf(segment) ?? "") : null;
    body.append(make("div", { class: "row" }, id, source, reference, hypothesis), ...additionsAfter(segment));
  });
}

/* Which call of runInBlocks is current; a new view raises it and so ends the work of the last one. */
let currentWork = 0;

/** Run a function on every item: the first block at once, the others when the browser has time. */
function runInBlocks(items, work) {
  const mine = ++currentWork;
  const run = (from) => {
    if (mine !== currentWork) return;
    items.slice(from, from + 60).forEach(work);
    if (from + 60 < items.length) setTimeout(run, 0, from + 60);
  };
  run(0);
}

function makeLegend() {
  const hasNames = data.systems.some((system) => system.names.length);
  const sample = (outcome) => make("mark", { class: `name o-${outcome}` }, "Name",
    outcome === "exact" ? null : make("span", { class: "label" }, outcome));
  const samples = data.outcomes
    .flatMap((outcome) => [sample(outcome), outcome === "exact" ? " exact " : " "]);
  return make("p", { class: "legend note" },
    ...(hasNames ? [`${data.items.join(", ").replace(/^./, (letter) => letter.toUpperCase())}: `, ...samples, "· "] : []),
    "Words: ", make("del", {}, "only in the reference"), " ", make("ins", {}, "only in the hypothesis"));
}
