// Evaluated in a page. audit lists what is wrong with the page as it is on the
// screen now.
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
    const faults = [];
    const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (typeof e.className === "string" && e.className ? "." + e.className.trim().replaceAll(/\s+/g, ".") : "");

    if (!document.title) faults.push("no title");
    if (!document.documentElement.lang) faults.push("no language");
    const headings = document.querySelectorAll("h1").length;
    if (headings !== 1) faults.push(`${headings} h1`);

    for (const image of document.images) {
      if (!image.alt.trim()) faults.push("no alt text: " + image.getAttribute("src"));
      image.loading = "eager";
      await image.decode().catch(() => faults.push("not loaded: " + image.getAttribute("src")));
    }
    for (const svg of document.querySelectorAll("svg")) {
      if (svg.getAttribute("aria-hidden") !== "true" && !svg.getAttribute("aria-label") && !svg.querySelector("title")) faults.push("no name: " + name(svg.parentElement) + " svg");
    }

    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
      const scrolls = (e) => e && (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
      const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 0.5 && !scrolls(e.parentElement));
      faults.push(`${document.documentElement.scrollWidth} pixels wide on ${width}: ` + wide.slice(-3).map(name).join(", "));
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
    const ground = (e) => e ? over(colour(getComputedStyle(e).backgroundColor), ground(e.parentElement)) : page();
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
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < 4.5) faint.set(name(e), contrast);
    }
    for (const [who, contrast] of faint) faults.push(`contrast ${contrast.toFixed(2)}: ${who}`);
    return faults;
  },
  // The text on the screen but for what scripts alone can use.
  text: () => texts(document.body).filter(([e]) => !e.closest("form[data-filter], noscript")).map(([, s]) => s).join(" "),
  controls: () => [...document.querySelectorAll("button, input, select")].filter((e) => e.checkVisibility()).length,
  rows: () => [...document.querySelectorAll("table[data-scores] tbody tr")].filter((r) => r.checkVisibility()).map((r) => +r.dataset.score),
};
})()
