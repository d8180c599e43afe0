/* Which part of the report is shown: the address says it, so that every part, document and segment can be linked to. */

const TITLE = document.title;

function show(id, title) {
  all("section.view").forEach((view) => view.classList.toggle("current", view.id === id));
  const group = { document: "documents", segment: "segments" }[id] || id;
  all("header nav a").forEach((link) => {
    if (link.hash === `#${group}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  document.title = title ? `${title} · ${TITLE}` : TITLE;
  return document.getElementById(id);
}

function showSystem(slug) {
  const articles = all("article.system"), wanted = `system/${part(slug)}`;
  articles.forEach((article) => article.classList.toggle("current", article.id === wanted));
  all("nav.pick a").forEach((link) => {
    if (link.hash === `#${wanted}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}

/** The parts of an address; one that was cut or mistyped in a mail is no reason to fail. */
function parts(text) {
  try { return text.split("/").map(decodeURIComponent); } catch { return []; }
}

function nothing(text) {
  const view = show("segment", "Not found");
  fill(view, make("h1", {}, "Not in this report"), make("p", {}, text), leftOut());
}

function route() {
  const hash = location.hash.slice(1), [path, query] = [hash.split("?")[0], hash.split("?").slice(1).join("?")];
  const [kind, slug, name, id] = parts(path), system = systemBySlug.get(slug);
  const number = name === undefined ? undefined : data.documents.length ? data.documents.indexOf(name) : -1;
  working++; // what another view was still adding is not wanted any more
  if (kind === "systems" || kind === "system") {
    show("systems", system?.name ?? "Systems");
    showSystem((system || data.systems[0]).slug);
  } else if (kind === "documents") showDocuments(show("documents", "Documents"));
  else if (kind === "segments") showSegments(show("segments", "Segments"), query);
  else if (kind === "d" && system && number !== undefined && (number >= 0 || !data.documents.length)) showDocument(show("document", name), system, number);
  else if (kind === "s" && system && segmentByName.has(`${number}/${id}`)) showSegment(show("segment", `${name} ${id}`), system, segmentByName.get(`${number}/${id}`));
  else if (kind === "d" || kind === "s") nothing(`There is no ${kind === "d" ? "document" : "segment"} at ${path}.`);
  else show("overview");
  scrollTo(0, 0);
}

addEventListener("hashchange", route);
route();
