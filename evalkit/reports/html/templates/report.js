/* Shows the view that the address names, so that every view, document and segment can be linked to. */

const TITLE = document.title;

function show(id, title) {
  all("section.view").forEach((view) => view.classList.toggle("current", view.id === id));
  const group = { document: "documents", segment: "segments" }[id] || id;
  all("header nav a").forEach((link) => markCurrent(link, link.hash === `#${group}`, "page"));
  document.title = title ? `${title} · ${TITLE}` : TITLE;
  return document.getElementById(id);
}

function markCurrent(link, isCurrent, value) {
  if (isCurrent) link.setAttribute("aria-current", value);
  else link.removeAttribute("aria-current");
}

function showSystem(slug) {
  const id = `system/${encodeURIComponent(slug)}`;
  all("article.system").forEach((article) => article.classList.toggle("current", article.id === id));
  all("nav.pick a").forEach((link) => markCurrent(link, link.hash === `#${id}`, "true"));
}

/** The parts of an address; none if it is malformed, such as a link that a mail program cut. */
function splitPath(text) {
  try { return text.split("/").map(decodeURIComponent); } catch { return []; }
}

function showNotFound(kind, path) {
  const view = show("segment", "Not found");
  fill(view, make("h1", {}, "Not in this report"), make("p", {}, `There is no ${kind} at ${path}.`),
    describeLeftOut());
}

function route() {
  const [path, ...query] = location.hash.slice(1).split("?");
  const [kind, slug, name, id] = splitPath(path);
  const system = systemBySlug.get(slug), document = data.documents.indexOf(name);
  // a test set without documents has all its segments in document -1, which any name leads to
  const isDocument = document >= 0 || (name !== undefined && !data.documents.length);
  const segment = segmentByName.get(`${document}/${id}`);
  currentWork++;
  if (kind === "systems" || kind === "system") {
    show("systems", system?.name ?? "Systems");
    showSystem((system || data.systems[0]).slug);
  } else if (kind === "documents") {
    showDocuments(show("documents", "Documents"));
  } else if (kind === "segments") {
    showSegments(show("segments", "Segments"), query.join("?"));
  } else if (kind === "d") {
    if (system && isDocument) showDocument(show("document", name), system, document);
    else showNotFound("document", path);
  } else if (kind === "s") {
    if (system && segment !== undefined) showSegment(show("segment", `${name} ${id}`), system, segment);
    else showNotFound("segment", path);
  } else {
    show("overview");
  }
  scrollTo(0, 0);
}

addEventListener("hashchange", route);
route();
