// Evaluated in a page. audit lists what is wrong with the page as it is on the
// screen now, by check.
(() => {
// The elements on the screen that hold text of their own, each with that text.
const texts = (root) => {
  const found = [], walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, text = walk.currentNode.data.trim().replaceAll(/\s+/g, " ");
    if (text && !e.closest("script, style") && e.checkVisibility()) found.push([e, text]);
  }
  return found;
};
return {
  audit: async () => {
    const form = [], width = [], contrast = [];
    const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (typeof e.className === "string" && e.className ? "." + e.className.trim().replaceAll(/\s+/g, ".") : "");

    if (!document.title) form.push("no title");
    if (!document.documentElement.lang) form.push("no language");
    const headings = document.querySelectorAll("h1").length;
    if (headings !== 1) form.push(`${headings} h1`);

    for (const image of document.images) {
      if (!image.alt.trim()) form.push("no alt text: " + image.getAttribute("src"));
      image.loading = "eager";
      await image.decode().catch(() => form.push("not loaded: " + image.getAttribute("src")));
    }
    for (const svg of document.querySelectorAll("svg")) {
      if (svg.getAttribute("aria-hidden") !== "true" && !svg.getAttribute("aria-label") && !svg.querySelector("title")) form.push("no name: " + name(svg.parentElement) + " svg");
    }


    const broad = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > broad) {
      const scrolls = (e) => e && (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
      const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > broad + 0.5 && !scrolls(e.parentElement));
      width.push(`${document.documentElement.scrollWidth} pixels wide on ${broad}: ` + wide.slice(-3).map(name).join(", "));
    }

    // Colours, whatever their notation, are what a canvas makes of them.
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const known = new Map();
    const colour = (text) => {
      if (!known.has(text)) {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        known.set(text, [r, g, b, a / 255]);
      }
      return known.get(text);
    };
    const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => a * c + (1 - a) * under[i]);
    const page = () => colour(matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff");
    // White text in a picture stands on the bar before it.
    const bar = (e) => e?.matches?.("path") || !e ? e : bar(e.previousElementSibling);
    const ground = (e) => e?.matches?.(".chart text.fw") ? colour(getComputedStyle(bar(e)).fill) : e ? over(colour(getComputedStyle(e).backgroundColor), ground(e.parentElement)) : page();
    const opacity = (e) => e ? getComputedStyle(e).opacity * opacity(e.parentElement) : 1;
    const luminance = (c) => {
      const [r, g, b] = c.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint = new Map();
    for (const [e] of texts(document.body)) {
      const style = getComputedStyle(e), behind = ground(e);
      const [r, g, b, a] = colour(e instanceof SVGElement ? style.fill : style.color);
      const [dark, light] = [luminance(behind), luminance(over([r, g, b, a * opacity(e)], behind))].sort((x, y) => x - y);
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < 4.5) faint.set(name(e), ratio);
    }
    for (const [who, ratio] of faint) contrast.push(`contrast ${ratio.toFixed(2)}: ${who}`);
    return {form, width, contrast};
  },
  // What is on the screen now is remembered, for what is not on paper.
  remember: () => (window.onScreen = texts(document.body).filter(([e]) => !e.closest("nav, .skip, form[data-filter], form[data-search], .copy, noscript, summary"))).length,
  lost: () => window.onScreen.filter(([e]) => !e.checkVisibility()).map(([, text]) => "not on paper: " + text),
  // How light the paper is, from 0 to 1, where the page paints it.
  paper: () => [document.documentElement, document.body].map((e) => getComputedStyle(e).backgroundColor).filter((c) => c !== "rgba(0, 0, 0, 0)").map((c) => Math.max(...c.match(/[\d.]+/g).slice(0, 3)) / 255),
  // The violations that axe-core, evaluated before, finds.
  axe: async () => (await axe.run(document, {preload: false, resultTypes: ["violations"]})).violations
    .flatMap((v) => v.nodes.slice(0, 3).map((n) => `axe: ${v.id}: ${v.help}: ${n.target.join(" ")}`)),
  // The sortable tables: headers, and the cells of column i of table t by key.
  tables: () => [...document.querySelectorAll("table[data-sort]")].map((t) => [...t.tHead.rows[0].cells].map((th) => th.querySelector("button") ? th.textContent.trim() : "")),
  sorted: (t, i) => {
    const table = document.querySelectorAll("table[data-sort]")[t], head = table.tHead.rows[0].cells;
    return {
      sort: [...head].map((th) => th.getAttribute("aria-sort") || ""),
      cells: [...table.tBodies[0].rows].map((r) => r.cells[i] ? (r.cells[i].dataset.v || r.cells[i].textContent).trim() : ""),
      rows: [...table.tBodies[0].rows].map((r) => r.textContent),
    };
  },
  // The middle of a header's button, and of a slider's handle, once on the screen.
  header: (t, i) => {
    const button = document.querySelectorAll("table[data-sort]")[t].tHead.rows[0].cells[i].querySelector("button");
    button.scrollIntoView({block: "center", inline: "center"});
    const box = button.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  },
  handle: (name, value) => {
    const input = document.querySelector(`form[data-filter] [name=${name}]`);
    input.scrollIntoView({block: "center"});
    const box = input.getBoundingClientRect(), half = 8;
    const at = (v) => box.x + half + (box.width - 2 * half) * (v - input.min) / (input.max - input.min);
    return [at(input.value), box.y + box.height / 2, at(value), +input.value];
  },
  focused: () => {
    const th = document.activeElement.closest("thead th");
    if (!th) return [-1, -1];
    return [[...document.querySelectorAll("table[data-sort]")].indexOf(th.closest("table")), th.cellIndex];
  },
  // The middle of a place of the page's first picture with some, and what it tells; what
  // the page says of it.
  places: () => document.querySelectorAll("figure .chart[tabindex]").length,
  place: (i) => {
    const chart = document.querySelector("figure .chart[tabindex]"), spot = chart.querySelectorAll(".spot")[i];
    chart.scrollIntoView({block: "center"});
    const box = spot.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  },
  // What all places tell that the middle of place i lies in: those of two series can
  // lie on each other.
  covering: (i) => {
    const chart = document.querySelector("figure .chart[tabindex]"), spots = [...chart.querySelectorAll(".spot")], box = spots[i].getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    return spots.filter((s) => { const b = s.getBoundingClientRect(); return b.left <= x && x <= b.right && b.top <= y && y <= b.bottom; }).map((s) => s.querySelector("title").textContent);
  },
  spots: () => document.querySelector("figure .chart[tabindex]").querySelectorAll(".spot").length,
  told: (i) => document.querySelector("figure .chart[tabindex]").querySelectorAll(".spot title")[i].textContent,
  tip: () => document.querySelector("figure:has(.chart[tabindex]) .tip")?.textContent ?? "none",
  // The rows of features on the screen, by name and page.
  features: () => [...document.querySelectorAll("table[data-sort] tbody tr")].filter((r) => r.checkVisibility() && r.querySelector("a")).map((r) => ({name: r.cells[0].textContent, href: r.querySelector("a").getAttribute("href")})),
  // The text on the screen but for what scripts alone can use.
  text: () => texts(document.body).filter(([e]) => !e.closest("form[data-filter], form[data-search], .copy, noscript")).map(([, s]) => s).join(" "),
  controls: () => [...document.querySelectorAll("button, input, select")].filter((e) => e.checkVisibility()).length,
  rows: () => [...document.querySelectorAll("table[data-scores] tbody tr")].filter((r) => r.checkVisibility()).map((r) => +r.dataset.score),
};
})()
