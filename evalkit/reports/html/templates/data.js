/* The data of the run (evalkit/reports/embedded.py says what they are), and where to find what. */

const data = JSON.parse($("#data").textContent);
const [OUTCOME, REASON, TYPE, SEGMENT, START, END, FOUND, FOUND_START, FOUND_END, SIMILARITY] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const ACCEPTED = new Set(["exact", "variant"]);
const OMITTED = 1 << data.outcomes.length, MOVED = OMITTED << 1;

/** [names] to names by segment. */
function grouped(names, column) {
  const found = new Map();
  for (const name of names) {
    const segment = name[column];
    if (segment === undefined || segment < 0) continue;
    if (!found.has(segment)) found.set(segment, []);
    found.get(segment).push(name);
  }
  return found;
}

/** What a filter for outcomes looks for: one bit per outcome, and those for omitted and moved segments. */
function flagsOf(system) {
  const flags = new Uint16Array(system.texts.length);
  for (const name of system.names) flags[name[SEGMENT] >= 0 ? name[SEGMENT] : name[FOUND]] |= 1 << name[OUTCOME];
  system.texts.forEach((text, segment) => { if (!text.trim()) flags[segment] |= OMITTED; });
  for (const segment of system.moved) flags[segment] |= MOVED;
  return flags;
}

for (const system of data.systems) {
  system.inReference = grouped(system.names, SEGMENT);
  system.inHypothesis = grouped(system.names, FOUND);
  system.flags = flagsOf(system);
}
const systemBySlug = new Map(data.systems.map((system) => [system.slug, system]));
const segmentsOf = new Map();
data.segments.forEach(([document], segment) => {
  if (!segmentsOf.has(document)) segmentsOf.set(document, []);
  segmentsOf.get(document).push(segment);
});
const segmentByName = new Map(data.segments.map(([document, id], segment) => [`${document}/${id}`, segment]));

const documentName = (document) => data.documents[document] ?? "";
const sourceOf = (segment) => data.segments[segment][2];
const referencesOf = (segment) => data.segments[segment].slice(3);
const hasSources = data.segments.some((segment) => segment[2] !== null);

const part = encodeURIComponent;
const documentLink = (system, document) => `#d/${part(system.slug)}/${part(documentName(document))}`;
const segmentLink = (system, segment) =>
  `#s/${part(system.slug)}/${part(documentName(data.segments[segment][0]))}/${part(data.segments[segment][1])}`;

/** The score of a segment as text. */
function scoreText(value, metric) {
  return value === null || value === undefined ? "–" : value.toFixed(metric.decimals);
}

/** "segment 3 of astana", as link. */
function segmentName(system, segment) {
  const [document, id] = data.segments[segment];
  return make("a", { href: segmentLink(system, segment) }, make("bdi", {}, document < 0 ? id : `${documentName(document)} ${id}`));
}

/** A drop-down list of [value, text]. */
function select(label, options, value, change) {
  const field = make("select", { onchange: (event) => change(event.target.value) }, ...options.map(([v, text]) => make("option", { value: v }, text)));
  field.value = value;
  return make("label", {}, make("span", {}, label), field);
}

function checkbox(label, checked, change) {
  return make("label", { class: "check" }, make("input", { type: "checkbox", checked, onchange: (event) => change(event.target.checked) }), make("span", {}, label));
}

/** What is left out of the page, where anything is. */
function leftOut() {
  if (!data.left) return null;
  const shown = data.segments.length;
  return make("p", { class: "note alarm" },
    `This page has ${shown} of ${shown + data.left} segments, spread evenly over the test set: all would make it too large. ` +
    "segments.jsonl has every one, and report.html.megabytes=… makes room for more. The overview counts all.");
}
