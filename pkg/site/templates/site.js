"use strict";
// Comfort only: every page reads the same without it.
for (const table of document.querySelectorAll("table[data-sort]")) {
  const body = table.tBodies[0];
  const key = (row, i) => {
    const cell = row.cells[i];
    if (!cell) return null; // one cell stands for several
    const text = (cell.dataset.v || cell.textContent).trim();
    const number = parseFloat(text.replace("−", "-").replace(/[\u202f<]/g, ""));
    return Number.isNaN(number) ? text.toLowerCase() : number;
  };
  table.querySelectorAll("thead th").forEach((th, i) => {
    if (["shape", "trend"].includes(th.textContent)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...th.childNodes);
    th.append(button);
    button.addEventListener("click", () => {
      const up = th.getAttribute("aria-sort") === "descending";
      for (const other of th.parentNode.cells) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", up ? "ascending" : "descending");
      const rows = [...body.rows].map((row) => [key(row, i), row]);
      rows.sort(([a], [b]) => {
        if (a === null || b === null) return (a === null) - (b === null);
        if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
        const order = typeof a === "number" ? a - b : a.localeCompare(b);
        return up ? order : -order;
      });
      body.append(...rows.map(([, row]) => row));
    });
  });
}
for (const form of document.querySelectorAll("form[data-filter]")) {
  const rows = [...document.querySelectorAll("table[data-scores] tbody tr")];
  const {lo, hi, label} = form.elements;
  const status = form.querySelector("[role=status]");
  const apply = (moved) => {
    if (+lo.value > +hi.value) (moved === lo ? hi : lo).value = moved.value;
    for (const input of [lo, hi]) input.nextElementSibling.textContent = (+input.value).toFixed(2);
    const whole = lo.value === lo.min && hi.value === hi.max;
    let shown = 0;
    for (const row of rows) {
      const score = parseFloat(row.dataset.score);
      row.hidden = !(whole || score >= +lo.value && score <= +hi.value) || Boolean(label?.value) && label.value !== row.dataset.label;
      shown += !row.hidden;
    }
    status.textContent = shown + " of " + rows.length + " shown";
  };
  form.addEventListener("input", (event) => apply(event.target));
  form.hidden = false;
  apply(lo);
}
// A picture says the numbers of a place: under the pointer, and by the arrow keys.
for (const chart of document.querySelectorAll("figure .chart[tabindex]")) {
  const marks = [...chart.querySelectorAll(".spot")];
  const tip = document.createElement("p");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  chart.closest("figure").querySelector("figcaption, .chart").after(tip);
  let at = -1;
  const show = (i) => {
    marks[at]?.classList.remove("on");
    at = i;
    marks[at]?.classList.add("on");
    tip.textContent = marks[at]?.querySelector("title").textContent ?? "";
  };
  chart.addEventListener("pointermove", (event) => {
    const i = marks.indexOf(event.target);
    if (i >= 0 && i !== at) show(i);
  });
  chart.addEventListener("pointerleave", () => show(-1));
  chart.addEventListener("blur", () => show(-1));
  chart.addEventListener("focus", () => show(0));
  chart.addEventListener("keydown", (event) => {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    show(Math.min(Math.max(at + step, 0), marks.length - 1));
  });
}
// Features by a part of their name: the rows of the page, and links to the others.
for (const form of document.querySelectorAll("form[data-search]")) {
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const list = form.querySelector("ul");
  const rows = [...document.querySelectorAll("table[data-sort] tbody tr")];
  let index; // read once it is asked for; a site that is opened as a file has none
  const all = () => index ??= fetch(form.dataset.search).then((r) => r.ok ? r.json() : []).catch(() => []);
  const apply = async () => {
    const part = input.value.trim().toLowerCase();
    let shown = 0;
    const here = new Set();
    for (const row of rows) {
      const name = row.cells[0].textContent;
      row.hidden = part !== "" && !name.toLowerCase().includes(part);
      if (!row.hidden) { shown++; here.add(name); }
    }
    const found = part === "" ? [] : (await all()).filter((f) => f.name.toLowerCase().includes(part) && !here.has(f.name));
    if (part !== input.value.trim().toLowerCase()) return; // more was typed meanwhile
    list.replaceChildren(...found.slice(0, 20).map((f) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = form.dataset.root + f.href;
      link.textContent = f.name;
      item.append(link, " " + f.level);
      return item;
    }));
    status.textContent = part === "" ? "" : shown + " here" + (found.length ? ", " + found.length + " on other pages" : "");
  };
  input.addEventListener("input", apply);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    (rows.find((r) => !r.hidden)?.querySelector("a") ?? list.querySelector("a"))?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    input.focus();
  });
  form.hidden = false;
}
// Every heading and finding has an address: a button copies it. A tile is a link itself.
for (const there of document.querySelectorAll("main :is(h2, h3)[id], .findings li[id]")) {
  if (there.closest("details, .month, .tile")) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "#";
  button.title = "copy link";
  button.setAttribute("aria-label", "copy link to " + there.textContent.trim().slice(0, 60));
  button.addEventListener("click", () => {
    history.replaceState(null, "", "#" + there.id);
    navigator.clipboard?.writeText(location.href).then(() => { button.textContent = "copied"; }, () => {});
  });
  (there.tagName === "LI" ? there.lastElementChild : there).append(" ", button);
}
