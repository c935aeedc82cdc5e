// @ts-check
"use strict";
// What every figure has besides its drawing: a text, a button that saves it as SVG, and a place on paper.

/** What can be saved. @typedef {ChartNode | HTMLCanvasElement | SVGElement} Figure */

/** @param {string[]} parts */
const listed = (parts) => parts.join(", ");

/**
 * What a trace of a chart shows, in words.
 * @param {{ type?: string, name?: string, x: any[], y?: (number | null)[] }} trace
 */
function traceInWords({ type, name, x, y }) {
  const known = (y ?? []).flatMap((v, i) => (v === null || v === undefined ? [] : [/** @type {[any, number]} */ ([x[i], v])]));
  const prefix = name ? `${name}: ` : "";
  if (!known.length) return `${prefix}no values`;
  if (type === "bar") {
    const falling = [...known].sort((a, b) => b[1] - a[1]), some = falling.length > 6 ? [...falling.slice(0, 3), ...falling.slice(-3)] : falling;
    return `${prefix}${falling.length > 6 ? "largest and smallest, " : ""}${listed(some.map(([at, v]) => `${at} ${number(v)}`))}`;
  }
  const first = known[0], last = known[known.length - 1];
  return known.length > 1 ? `${prefix}${number(first[1])} at ${first[0]}, ${number(last[1])} at ${last[0]}` : `${prefix}${number(first[1])} at ${first[0]}`;
}

/**
 * What a chart shows, in words: its axes, and the values of its traces.
 * @param {Drawing} drawing
 */
function chartInWords({ traces, layout }) {
  const axis = (/** @type {any} */ a) => a?.title?.text ?? "", drawn = traces.filter((t) => t.type !== "heatmap" && t.mode !== "markers");
  const axes = axis(layout.yaxis) && axis(layout.xaxis) ? `${axis(layout.yaxis)} by ${axis(layout.xaxis)}. ` : "";
  const [only] = traces;
  if (only?.type === "heatmap") return `${axes}A table of ${only.z.length} rows and ${only.z[0]?.length ?? 0} columns, as colors.`;
  if (!drawn.length) return `${axes}${traces.reduce((n, t) => n + t.x.length, 0)} points.`;
  return `${axes}${drawn.map(traceInWords).join("; ")}.`;
}

/**
 * The largest values of a diagram, in words.
 * @param {AtomValues} values
 * @param {number} digits
 */
function diagramInWords(values, digits) {
  const known = Object.entries(values).filter(([, v]) => v !== null && v !== undefined).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  return `Information diagram. Largest values: ${listed(known.slice(0, 5).map(([label, v]) => `${label} ${number(v, digits)}`))}.`;
}

// ---- saving -----------------------------------------------------------------------------------------------------------

/**
 * A diagram as the text of a file: what style sheets say of its parts is written into them.
 * @param {SVGElement} svg
 */
function diagramAsSvg(svg) {
  const copy = /** @type {SVGElement} */ (svg.cloneNode(true)), parts = [svg, ...svg.querySelectorAll("*")];
  [copy, .../** @type {NodeListOf<SVGElement>} */ (copy.querySelectorAll("*"))].forEach((node, i) => {
    const style = getComputedStyle(parts[i]);
    for (const name of ["fill", "stroke", "stroke-width", "font-family", "font-size", "font-weight", "text-anchor"]) node.style.setProperty(name, style.getPropertyValue(name));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.style.background = css("--card");
  return new XMLSerializer().serializeToString(copy);
}

/**
 * A receptive field as the text of a file, which contains it as an image, in the colors of the screen.
 * @param {HTMLCanvasElement} canvas
 */
function fieldAsSvg(canvas) {
  const { width, height } = canvas;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${10 * width}" height="${10 * height}"><image href="${canvas.toDataURL()}" width="${width}" height="${height}" style="image-rendering: pixelated; filter: ${getComputedStyle(canvas).filter}"/></svg>`;
}

/**
 * A chart as the text of a file.
 * @param {ChartNode} node
 */
async function chartAsSvg(node) {
  await draw(node);
  const uri = await Plotly.toImage({ data: node.data, layout: { ...node.layout, paper_bgcolor: css("--card") } }, { format: "svg", width: node.offsetWidth, height: node.offsetHeight });
  return decodeURIComponent(uri.slice(uri.indexOf(",") + 1));
}

/**
 * @param {Figure} figure
 * @param {string} title
 */
async function saveFigure(figure, title) {
  const text = figure instanceof HTMLCanvasElement ? fieldAsSvg(figure) : figure instanceof HTMLElement ? await chartAsSvg(figure) : diagramAsSvg(figure);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  el("a", { href: address, download: `${title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "figure"}.svg` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/**
 * The heading of a card; with a button that saves its figures, if it has any.
 * @param {string} title
 * @param {Children[]} children
 */
function cardHeading(title, children) {
  const saved = ".chart, svg.diagram, canvas.field";
  const elements = children.flat(2).flatMap((c) => (c instanceof Element ? [c] : []));
  const figures = elements.flatMap((c) => /** @type {Figure[]} */ (c.matches(saved) ? [c] : [...c.querySelectorAll(saved)]));
  for (const figure of title ? figures : []) {
    figure.dataset.title = title;
    figure.setAttribute("aria-label", `${title}. ${figure.getAttribute("aria-label")}`);
  }
  const buttons = figures.map((figure, i) => el("button", { class: "save", title: "Save this figure as SVG", "aria-label": `Save as SVG: ${title}${i ? `, figure ${i + 1}` : ""}`, onclick: () => saveFigure(figure, title) }, "SVG"));
  if (!title) return null;
  return buttons.length ? el("div", { class: "card-head" }, el("h3", {}, title), ...buttons) : el("h3", {}, title);
}

// ---- paper ------------------------------------------------------------------------------------------------------------

/** Draw the charts that can be seen on the page but were not scrolled to. */
const drawVisible = () => [...charts.keys()].filter((node) => !node.dataset.drawn && node.isConnected && node.checkVisibility()).map(draw);

// A browser does not wait for drawings when it prints. So charts are drawn in idle moments, and folded ones when printing begins.
const whenIdle = window.requestIdleCallback ?? ((call) => setTimeout(call, 500));
addEventListener("load", () => whenIdle(async () => {
  for (const node of charts.keys()) {
    if (node.dataset.drawn || !node.isConnected || !node.checkVisibility()) continue;
    await draw(node);
    await new Promise((next) => whenIdle(next));
  }
}));
/** @param {string} selector */
const folds = (selector) => /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(selector));
addEventListener("beforeprint", () => {
  for (const node of folds("details:not([open])")) { node.open = true; node.dataset.folded = "yes"; }
  drawVisible();
});
addEventListener("afterprint", () => {
  for (const node of folds("details[data-folded]")) { node.open = false; delete node.dataset.folded; }
});
