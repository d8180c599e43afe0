/* Documents as a heat map, and one document with reference and hypothesis side by side. */

const PAGE = 50;
const heat = { metric: Math.max(0, data.metrics.findIndex((metric) => metric.key === "entity_accuracy")), system: -1, rows: PAGE };

/** How bad a score is among all documents, 0-1; null where there is none. */
function badness(value, metric, low, high) {
  if (value === null) return null;
  const share = high > low ? (value - low) / (high - low) : 0;
  return metric.higher ? 1 - share : share;
}

function showDocuments(view) {
  if (!data.documents.length) {
    fill(view, make("h1", {}, "Documents"), make("p", {}, "This test set is not divided into documents."));
    return;
  }
  const metric = data.metrics[heat.metric], again = () => showDocuments(view);
  const value = (system, document) => system.documents[document][heat.metric];
  const values = data.systems.flatMap((system) => data.documents.map((_, document) => value(system, document))).filter((v) => v !== null);
  const low = Math.min(...values), high = Math.max(...values);
  const bad = (system, document) => badness(value(system, document), metric, low, high);
  const mean = (document) => {
    const found = (heat.system < 0 ? data.systems : [data.systems[heat.system]]).map((system) => bad(system, document)).filter((b) => b !== null);
    return found.length ? found.reduce((a, b) => a + b, 0) / found.length : -1;
  };
  const order = data.documents.map((_, document) => document).map((document) => [mean(document), document]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const rows = order.slice(0, heat.rows).map(([, document]) => make("tr", {},
    make("th", { scope: "row" }, make("bdi", {}, documentName(document))),
    ...data.systems.map((system) => {
      const b = bad(system, document);
      return make("td", { class: "n h", style: b === null ? null : `--h:${b.toFixed(2)}` },
        make("a", { href: documentLink(system, document) }, scoreText(value(system, document), metric)));
    })));
  const by = [["-1", "all systems, mean"], ...data.systems.map((system, s) => [`${s}`, system.name])];
  fill(view,
    make("h1", {}, "Documents, worst first"),
    make("div", { class: "bar" },
      select("Metric", data.metrics.map((m, index) => [`${index}`, m.label]), `${heat.metric}`, (v) => { heat.metric = +v; again(); }),
      select("Worst for", by, `${heat.system}`, (v) => { heat.system = +v; again(); })),
    make("div", { class: "scroll" }, make("table", { class: "heat" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Document"), ...data.systems.map((system) => make("th", { scope: "col", class: "n" }, make("bdi", {}, system.name))))),
      make("tbody", {}, ...rows))),
    make("p", { class: "note" }, `${metric.label}; the darker, the worse among all documents and systems. A number leads to its document.`));
  if (order.length > heat.rows) {
    view.append(make("button", { type: "button", onclick: () => { heat.rows += 4 * PAGE; again(); } }, `Show more: ${order.length - heat.rows} are left`));
  }
}

/** One system on one document. */
function showDocument(view, system, document) {
  const again = () => showDocument(view, system, document);
  const segments = segmentsOf.get(document) || [];
  const go = (slug, name) => { location.hash = `#d/${part(slug)}/${part(name)}`; };
  const name = documentName(document), others = data.documents;
  const scores = document < 0 ? "" : data.metrics.map((metric, m) => `${metric.label} ${scoreText(system.documents[document][m], metric)}`).join(" · ");
  const aligned = document < 0 ? null : system.aligned[document];
  const share = (of, whole) => (whole ? `${(100 * of / whole).toFixed(0)}%` : "–");
  fill(view,
    make("h1", {}, make("bdi", {}, name || "All segments"), " ", make("span", { class: "of" }, "by ", make("bdi", {}, system.name))),
    make("p", { class: "lead" }, scores),
    aligned && make("p", { class: "note" }, `${aligned[0]} of ${aligned[1]} reference segments covered; ${share(aligned[2], aligned[3])} of the system's ${aligned[3]} words used.`),
    aligned && aligned[4] ? make("p", { class: "alarm" }, make("strong", {}, "Not to be trusted: "), aligned[4]) : null,
    make("div", { class: "bar" },
      select("System", data.systems.map((s) => [s.slug, s.name]), system.slug, (slug) => go(slug, name)),
      others.length ? select("Document", others.map((d) => [d, d]), name, (d) => go(system.slug, d)) : null,
      checkbox("word differences", shown.words, (on) => { shown.words = on; again(); }),
      hasSources ? checkbox("source", shown.source, (on) => { shown.source = on; again(); }) : null),
    legend(), leftOut());
  const source = hasSources && shown.source;
  const body = make("div", { class: `pairs${source ? " sourced" : ""}` },
    make("div", { class: "row head" }, make("span", {}), source ? make("span", {}, "Source") : null, make("span", {}, "Reference"), make("span", {}, "Hypothesis")));
  view.append(body);
  const added = system.added.filter(([d]) => d === document);
  const additions = (after) => added.filter((of) => of[2] === after).map(([, text]) => make("div", { class: "row added" }, make("span", {}),
    source ? make("span", {}) : null, make("span", { class: "muted" }, "nothing"),
    make("div", { class: "text", dir: "auto", lang: data.language }, make("span", { class: "tag addition" }, "addition"), " ", text)));
  body.append(...additions(-1));
  inBlocks(segments, (segment) => {
    const [reference, hypothesis] = pair(system, segment, shown);
    hypothesis.append(scoreLine(system, segment));
    body.append(make("div", { class: "row" }, make("a", { class: "number", href: segmentLink(system, segment) }, data.segments[segment][1]),
      source ? make("div", { class: "text source", dir: "auto" }, sourceOf(segment) ?? "") : null, reference, hypothesis), ...additions(segment));
  });
}

/** Work through a list without keeping the reader waiting: the first rows at once, the others when there is time. */
let working = 0;
function inBlocks(items, work) {
  const own = ++working;
  const block = (from) => {
    if (own !== working) return; // something else is shown by now
    items.slice(from, from + 60).forEach(work);
    if (from + 60 < items.length) setTimeout(block, 0, from + 60);
  };
  block(0);
}

function legend() {
  const names = data.systems.some((system) => system.names.length);
  const sample = (outcome) => make("mark", { class: `name o-${outcome}` }, "Name", outcome === "exact" ? null : make("span", { class: "label" }, outcome));
  return make("p", { class: "legend note" },
    ...(names ? ["Names: ", ...data.outcomes.flatMap((outcome) => [sample(outcome), outcome === "exact" ? " exact " : " "]), "· "] : []),
    "Words: ", make("del", {}, "only in the reference"), " ", make("ins", {}, "only in the hypothesis"));
}
