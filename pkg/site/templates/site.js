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
