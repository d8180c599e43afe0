"use strict";
/* What all pages share: elements, theme, sorting of tables, explanations on hover and focus. */

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** An element. Text is always text: nothing here reads HTML. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Put these elements in place of all that is there. */
function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

/* Theme: that of the system, until the reader chooses. */
const remembered = {
  get() { try { return localStorage.getItem("evalkit-theme"); } catch { return null; } },
  set(value) { try { localStorage.setItem("evalkit-theme", value); } catch { /* a browser that keeps nothing */ } },
};

function setUpTheme() {
  const button = $("#theme"), root = document.documentElement;
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const show = () => { button.textContent = dark() ? "Light theme" : "Dark theme"; };
  if (remembered.get()) root.dataset.theme = remembered.get();
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    remembered.set(root.dataset.theme);
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

/* Tables: a click on a heading sorts, another one turns the order. */
function cellValue(row, column) {
  const cell = row.cells[column], value = cell.dataset.v ?? cell.textContent.trim();
  const number = parseFloat(value);
  return Number.isNaN(number) ? value : number;
}

function setUpSorting(table) {
  all("thead th", table).forEach((heading, column) => {
    const button = make("button", { type: "button", class: "sort" }, ...heading.childNodes);
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = heading.classList.contains("n") ? heading.ariaSort !== "descending" : heading.ariaSort === "ascending";
      all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const compare = (a, b) => (typeof a === typeof b ? (typeof a === "string" ? a.localeCompare(b) : a - b) : typeof a === "string" ? 1 : -1);
      const rows = [...body.rows].sort((a, b) => (down ? -1 : 1) * compare(cellValue(a, column), cellValue(b, column)));
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
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    tip.style.top = `${box.bottom + height + 8 < innerHeight ? box.bottom + 6 : Math.max(8, box.top - height - 6)}px`;
  };
  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
}

document.documentElement.classList.add("js");
setUpTheme();
// paper has no summary to open
addEventListener("beforeprint", () => all("details").forEach((details) => { details.open = true; }));
setUpTips();
all("table.sortable").forEach(setUpSorting);
