"use strict";
/* What all pages share: elements, theme, sorting of tables, explanations on hover and focus. */

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const isPresent = (child) => child !== null && child !== undefined;

/** Create an element. Children that are strings become text: nothing here parses HTML. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(isPresent));
  return element;
}

/** Replace the content of an element. */
function fill(element, ...children) {
  element.replaceChildren(...children.filter(isPresent));
}

/* Theme: the system's, until the reader chooses one. Browsers may refuse to store the choice. */
const storedTheme = {
  get() { try { return localStorage.getItem("evalkit-theme"); } catch { return null; } },
  set(value) { try { localStorage.setItem("evalkit-theme", value); } catch { /* not stored */ } },
};

function setUpTheme() {
  const button = $("#theme"), root = document.documentElement;
  const systemTheme = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemTheme.matches);
  const label = () => { button.textContent = isDark() ? "Light theme" : "Dark theme"; };
  if (storedTheme.get()) root.dataset.theme = storedTheme.get();
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    storedTheme.set(root.dataset.theme);
    label();
  });
  systemTheme.addEventListener("change", label);
  label();
}

/* Tables: a click on a heading sorts by it, a second click reverses the order. */
function readCell(row, column) {
  const cell = row.cells[column], value = cell.dataset.v ?? cell.textContent.trim();
  const number = parseFloat(value);
  return Number.isNaN(number) ? value : number;
}

/** Order numbers by size and texts alphabetically, with all numbers first. */
function compareValues(a, b) {
  if (typeof a !== typeof b) return typeof a === "string" ? 1 : -1;
  return typeof a === "string" ? a.localeCompare(b) : a - b;
}

function setUpSorting(table) {
  all("thead th", table).forEach((heading, column) => {
    const button = make("button", { type: "button", class: "sort" }, ...heading.childNodes);
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const isNumeric = heading.classList.contains("n");
      const descending = isNumeric ? heading.ariaSort !== "descending" : heading.ariaSort === "ascending";
      all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const body = table.tBodies[0], sign = descending ? -1 : 1;
      const rows = [...body.rows];
      rows.sort((a, b) => sign * compareValues(readCell(a, column), readCell(b, column)));
      body.append(...rows);
    });
  });
}

/* Explanations: elements with data-tip show it on hover and focus; Escape hides it. */
function setUpTips() {
  const tip = make("div", { id: "tip", role: "tooltip", hidden: true });
  document.body.append(tip);
  let owner = null;
  const hide = () => { owner?.removeAttribute("aria-describedby"); owner = null; tip.hidden = true; };
  const show = (event) => {
    const target = event.target.closest?.("[data-tip]");
    if (!target) return hide();
    owner = target;
    owner.setAttribute("aria-describedby", "tip");
    tip.textContent = target.dataset.tip;
    tip.hidden = false;
    const box = target.getClientRects()[0], width = tip.offsetWidth, height = tip.offsetHeight;
    const fitsBelow = box.bottom + height + 8 < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    tip.style.top = `${fitsBelow ? box.bottom + 6 : Math.max(8, box.top - height - 6)}px`;
  };
  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
}

document.documentElement.classList.add("js");
setUpTheme();
// on paper nobody can open the details
addEventListener("beforeprint", () => all("details").forEach((details) => { details.open = true; }));
setUpTips();
all("table.sortable").forEach(setUpSorting);
