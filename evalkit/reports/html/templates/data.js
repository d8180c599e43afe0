/* The data of the run, which evalkit/reports/html/embedded.py describes, and functions that look it up. */

const data = JSON.parse($("#data").textContent);
/* Columns of a name. */
const [
  OUTCOME, REASON, TYPE, SEGMENT, START, END, FOUND, FOUND_START, FOUND_END, SIMILARITY,
] = Array(10).keys();
/* What has verdicts: a name, a number, or either. */
const ITEM = data.items.map((items) => items.slice(0, -1)).join(" or ");
const ACCEPTED = new Set(["exact", "variant"]);
/* Flags of a segment: one bit per outcome, then these two. */
const OMITTED = 1 << data.outcomes.length, MOVED = OMITTED << 1;

/** Names by the segment in a column. */
function groupNames(names, column) {
  const groups = new Map();
  for (const name of names) {
    const segment = name[column];
    if (segment === undefined || segment < 0) continue;
    if (!groups.has(segment)) groups.set(segment, []);
    groups.get(segment).push(name);
  }
  return groups;
}

/** The flags of every segment, for the filter by outcome. */
function computeFlags(system) {
  const flags = new Uint16Array(system.texts.length);
  for (const name of system.names) {
    flags[name[SEGMENT] >= 0 ? name[SEGMENT] : name[FOUND]] |= 1 << name[OUTCOME];
  }
  system.texts.forEach((text, segment) => { if (!text.trim()) flags[segment] |= OMITTED; });
  for (const segment of system.moved) flags[segment] |= MOVED;
  return flags;
}

for (const system of data.systems) {
  system.inReference = groupNames(system.names, SEGMENT);
  system.inHypothesis = groupNames(system.names, FOUND);
  system.flags = computeFlags(system);
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
/** The first reference that the segment has. */
const primaryOf = (segment) => referencesOf(segment).find((text) => text !== null) ?? "";
const hasSources = data.segments.some((segment) => segment[2] !== null);

const joinLink = (kind, ...parts) => `#${[kind, ...parts.map(encodeURIComponent)].join("/")}`;
const documentLink = (system, document) => joinLink("d", system.slug, documentName(document));

function segmentLink(system, segment) {
  const [document, id] = data.segments[segment];
  return joinLink("s", system.slug, documentName(document), id);
}

/** The score of a segment as text. */
function formatScore(value, metric) {
  return value === null || value === undefined ? "–" : value.toFixed(metric.decimals);
}

/** Document and id of a segment as a link. */
function linkSegment(system, segment) {
  const [document, id] = data.segments[segment];
  const name = document < 0 ? id : `${documentName(document)} ${id}`;
  return make("a", { href: segmentLink(system, segment) }, make("bdi", {}, name));
}

/** A drop-down list of [value, text]. */
function makeSelect(label, options, value, change) {
  const items = options.map(([item, text]) => make("option", { value: item }, text));
  const field = make("select", { onchange: (event) => change(event.target.value) }, ...items);
  field.value = value;
  return make("label", {}, make("span", {}, label), field);
}

function makeCheckbox(label, checked, change) {
  const onchange = (event) => change(event.target.checked);
  const field = make("input", { type: "checkbox", checked, onchange });
  return make("label", { class: "check" }, field, make("span", {}, label));
}

/** A remark if segments are left out of the page. */
function describeLeftOut() {
  if (!data.left) return null;
  const shown = data.segments.length;
  return make("p", { class: "note alarm" },
    `To limit its size, this page shows ${shown} of ${shown + data.left} segments, spread evenly over the `
    + "test set. segments.jsonl has all of them; set report.html.megabytes to show more. The overview "
    + "covers all segments.");
}
