// @ts-check
"use strict";
/** What an element may have as a child; nothing for null and undefined. @typedef {Node | string | number | null | undefined} Child */
/** @typedef {Child | Child[] | Child[][]} Children */
/** The value of an attribute, or a listener; without a value there is no attribute. @typedef {string | number | boolean | null | undefined | ((event: any) => unknown)} Attribute */
/** Values in bits by atom, and of `H_res`. @typedef {Record<string, number>} AtomValues */
/** @typedef {{ svg: SVGElement, values: AtomValues, limit: number, digits: number }} Picture */
/** A chart as Plotly takes it. @typedef {{ traces: any[], layout: Record<string, any> }} Drawing */
/** @typedef {{ ink: string, line: string, soft: string, accent: string, card: string }} ChartColors */
/** An element with a chart, which may be in the middle of being drawn. @typedef {HTMLElement & { turn?: Promise<void>, data?: any, layout?: any }} ChartNode */
/** Values that are drawn over the epochs, and how. @typedef {{ format?: string, tickformat?: string, settle?: boolean, at?: () => number, layout?: Record<string, any> }} LineOptions */
/** @typedef {Record<string, (number | null)[]>} Series */

/**
 * The element of the page that has this id.
 * @param {string} id
 */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const content = JSON.parse(byId("content").textContent ?? "");
const MINUS = "\u2212";

/**
 * An element with attributes (`on…` are listeners) and children (nodes or text).
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {...Children} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(2).flatMap((c) => (c === null || c === undefined ? [] : [c instanceof Node ? c : String(c)])));
  return node;
}

/**
 * A number as text, with a dash for none.
 * @param {number | null | undefined} value
 */
const number = (value, digits = 3) => (value === null || value === undefined ? "–" : (Math.round(value * 10 ** digits) / 10 ** digits + 0).toFixed(digits).replace("-", MINUS));
/** @param {number | null | undefined} value */
const percent = (value) => (value === null || value === undefined ? "–" : `${number(100 * value, 2)} %`);
const darkScreen = matchMedia("screen and (prefers-color-scheme: dark)"); // paper is white
const isDark = () => darkScreen.matches;
/** @param {string} name */
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// ---- sections -------------------------------------------------------------------------------------------------------

/**
 * A section with a heading that the bar on top leads to.
 * @param {string} id
 * @param {string} title
 * @param {string | null} text
 * @param {...Children} children
 */
function section(id, title, text, ...children) {
  byId("nav").append(el("a", { href: `#${id}` }, title));
  const node = el("section", { id }, el("h2", {}, title), text ? el("p", { class: "soft" }, text) : null, ...children);
  byId("sections").append(node);
  return node;
}

/**
 * A section that is folded until someone wants it.
 * @param {string} id
 * @param {string} title
 * @param {...Children} children
 */
function folded(id, title, ...children) {
  const node = el("details", { id }, el("summary", {}, title), ...children);
  byId("sections").append(node);
  return node;
}

/** @type {(title: string, ...children: Children[]) => HTMLElement} */
const card = (title, ...children) => el("div", { class: "card" }, cardHeading(title, children), ...children);

/**
 * Two columns of cards, one where the page is narrow.
 * @param {Child[]} left
 * @param {Child[]} right
 */
const columns = (left, right) => el("div", { class: "columns" }, [left, right].filter((c) => c.length).map((c) => el("div", {}, c)));

/**
 * @param {Child[]} headings
 * @param {Child[][]} rows
 */
function table(headings, rows, numbersFrom = 1) {
  /** @type {(tag: "th" | "td", value: Child, i: number) => HTMLElement} */
  const cell = (tag, value, i) => el(tag, { class: i >= numbersFrom ? "number" : null }, value instanceof Node ? value : String(value));
  return el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, headings.map((h, i) => cell("th", h, i)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((v, i) => cell("td", v, i)))))));
}

/**
 * What a reader should know, in one box: a list if there are several.
 * @param {string[]} texts
 * @param {string} heading of the list
 */
const warnings = (texts, heading) => (texts.length > 1 ? el("div", { class: "warning" }, el("p", {}, heading), el("ul", {}, texts.map((t) => el("li", {}, t)))) : texts.length ? el("div", { class: "warning" }, texts[0]) : null);

// ---- charts ---------------------------------------------------------------------------------------------------------

/** What is drawn in an element, in the current colors. @type {Map<ChartNode, (colors: ChartColors) => Drawing>} */
const charts = new Map();
/** @type {Promise<void> | null} */
let plotlyReady = null;

/**
 * What was compressed by gzip and written in base64, as a response.
 * @param {string | null} text
 */
function inflated(text) {
  const packed = Uint8Array.from(atob(text ?? ""), (c) => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
}

/** Unpack and run Plotly, once. */
function loadPlotly() {
  plotlyReady ??= (async () => {
    const script = el("script");
    script.textContent = await inflated(byId("plotly").textContent).text();
    document.head.append(script);
  })();
  return plotlyReady;
}

const chartColors = () => ({ ink: css("--ink"), line: css("--line"), soft: css("--soft"), accent: css("--accent"), card: css("--card") });

/**
 * A chart: `make(colors)` returns {traces, layout}. It is drawn when it comes into view, and again when the colors change.
 * @param {(colors: ChartColors) => Drawing} make
 */
function chart(make, size = "") {
  const node = el("div", { class: `chart ${size}`, role: "img", "aria-label": chartInWords(make(chartColors())) });
  charts.set(node, make);
  seen.observe(node);
  return node;
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    draw(/** @type {ChartNode} */ (entry.target));
  }
}, { rootMargin: "300px" });

/**
 * Draw a chart, after what is being drawn in it: Plotly must not be called again before it is done.
 * @param {ChartNode} node
 */
function draw(node) {
  const turn = (node.turn ?? Promise.resolve()).then(() => drawNow(node));
  node.turn = turn.catch(() => {});
  return turn;
}

/** @param {ChartNode} node */
async function drawNow(node) {
  await loadPlotly();
  const make = charts.get(node);
  if (!make || !node.isConnected) return;
  const colors = chartColors(), { ink, line, soft } = colors;
  const axis = { gridcolor: line, zerolinecolor: soft, linecolor: line, automargin: true, title: { standoff: 8 } };
  const { traces, layout } = make(colors);
  const merged = {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color: ink, size: 12, family: getComputedStyle(document.body).fontFamily },
    margin: { l: 8, r: 8, t: 8, b: 8 }, colorway: content.colors.series, hoverlabel: { font: { family: getComputedStyle(document.body).fontFamily } },
    legend: { orientation: "h", y: -0.22, x: 0, yanchor: "top" }, ...layout,
    xaxis: { ...axis, ...layout.xaxis, title: { ...axis.title, ...layout.xaxis?.title } },
    yaxis: { ...axis, ...layout.yaxis, title: { ...axis.title, ...layout.yaxis?.title } },
  };
  await Plotly.react(node, traces, merged, { displayModeBar: false, responsive: true });
  node.dataset.drawn = "yes";
}

/** Patterns of lines, so that curves differ without color too. */
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "3px,8px", "14px,3px,2px,3px,2px,3px"];

/**
 * Curves over the epochs.
 * @param {number[]} epochs
 * @param {Series} series
 * @param {string} y the title of the axis
 * @param {LineOptions} [extra]
 */
const lines = (epochs, series, y, extra) => linesOf(() => ({ epochs, series }), y, extra);

/**
 * Curves that may grow: `curves()` returns {epochs, series}. With `extra.at()`, the epoch at which they have a mark.
 * @param {() => { epochs: number[], series: Series }} curves
 * @param {string} y the title of the axis
 * @param {LineOptions} extra
 */
function linesOf(curves, y, extra = {}) {
  return chart(({ soft }) => {
    const { epochs, series } = curves(), names = Object.keys(series);
    return {
      traces: names.map((name, i) => ({ x: epochs, y: series[name], name, mode: epochs.length > 1 ? "lines" : "markers", line: { dash: DASHES[i % DASHES.length] }, hovertemplate: `%{y${extra.format ?? ":.3f"}}` })),
      layout: { xaxis: { title: { text: "epoch" } }, yaxis: { title: { text: y }, tickformat: extra.tickformat, range: extra.settle ? settled(epochs, Object.values(series)) : undefined }, hovermode: "x unified", showlegend: names.length > 1,
        shapes: extra.at ? [{ type: "line", x0: extra.at(), x1: extra.at(), yref: "paper", y0: 0, y1: 1, line: { color: soft, width: 1, dash: "dot" } }] : [], ...extra.layout },
    };
  }, Object.keys(curves().series).length > 4 ? "tall" : "");
}

/**
 * The range of accuracies after the first tenth of a training, in which they rise: else nothing of the rest is seen. A double click shows all.
 * @param {number[]} epochs
 * @param {(number | null)[][]} series
 */
function settled(epochs, series) {
  const values = series.flatMap((v) => v.slice(Math.min(Math.floor(epochs.length / 10), Math.max(0, epochs.length - 5)))).flatMap((v) => (v === null ? [] : [v]));
  const low = Math.min(...values), high = Math.max(...values), margin = 0.05 * (high - low) || 0.01;
  return [low - margin, high + margin];
}

// ---- colors and the information diagram -----------------------------------------------------------------------------

/** @param {string} hex */
const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
/** @type {(a: number[], b: number[], t: number) => number[]} */
const mix = (a, b, t) => a.map((x, i) => Math.round(x + (b[i] - x) * t));

/**
 * The color of a value between −1 and 1: in dark mode, zero is as dark as the page.
 * @param {number} relative
 */
function colorOf(relative) {
  const t = Math.max(-1, Math.min(1, relative));
  if (isDark()) return mix(channels("#2a2f34"), channels(t < 0 ? "#d6604d" : "#4393c3"), Math.abs(t));
  const ramp = content.colors.diverging, place = ((t + 1) / 2) * (ramp.length - 1), below = Math.min(Math.floor(place), ramp.length - 2);
  return mix(channels(ramp[below]), channels(ramp[below + 1]), place - below);
}
/** @param {number} relative */
const grayOf = (relative) => (isDark() ? mix(channels("#2a2f34"), channels("#6b737b"), Math.min(1, Math.abs(relative))) : mix(channels("#f4f4f4"), channels("#9c9c9c"), Math.min(1, Math.abs(relative))));
/** @param {number[]} rgb */
const asCss = (rgb) => `rgb(${rgb.join(",")})`;

/** @param {number[]} rgb */
function inkOn(rgb) {
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return (luminance + 0.05) ** 2 > 0.05 * 1.05 ? "#000" : "#fff";
}

/** Repainted when the colors change. @type {Picture[]} */
const diagrams = [];

/**
 * A diagram of atoms; `paint(values, limit)` changes them, and what has the strongest color.
 * @param {string} template
 * @param {AtomValues} values
 * @param {number} limit
 */
function diagram(template, values, limit, digits = 3) {
  const holder = el("div");
  holder.innerHTML = template;
  const state = { svg: /** @type {SVGElement} */ (holder.firstElementChild), values, limit, digits };
  diagrams.push(state);
  paint(state);
  const words = () => state.svg.setAttribute("aria-label", [state.svg.dataset.title, diagramInWords(state.values, digits)].filter(Boolean).join(". "));
  words();
  return Object.assign(holder, {
    /** @param {AtomValues} next */
    paint(next, nextLimit = state.limit) {
      Object.assign(state, { values: next, limit: nextLimit });
      paint(state);
      words();
    },
  });
}

/**
 * The parts of a picture that have an attribute of data, with its value.
 * @param {Element} picture
 * @param {string} name
 * @returns {[SVGElement, string][]}
 */
const partsWith = (picture, name) =>
  [...picture.querySelectorAll(`[data-${name}]`)].map((part) => [/** @type {SVGElement} */ (part), part.getAttribute(`data-${name}`) ?? ""]);

/** @param {Picture} picture */
function paint({ svg, values, limit, digits }) {
  /** @type {Record<string, number[]>} */
  const colors = {};
  for (const [region, label] of partsWith(svg, "atom")) {
    const relative = (values[label] ?? 0) / limit;
    colors[label] = label === "H_res" ? grayOf(relative) : colorOf(relative);
    region.style.fill = asCss(colors[label]);
    if (!region.firstElementChild) region.append(document.createElementNS("http://www.w3.org/2000/svg", "title"));
    if (region.firstElementChild) region.firstElementChild.textContent = `${label}: ${number(values[label], digits)}`;
  }
  for (const [text, label] of partsWith(svg, "of")) text.style.fill = inkOn(colors[label]);
  for (const [value, label] of partsWith(svg, "value")) value.textContent = number(values[label], digits);
}

/**
 * @param {number} limit
 * @param {string} unit
 */
function legend(limit, unit) {
  const bar = el("i");
  const fill = () => { bar.style.background = `linear-gradient(90deg, ${[-1, -0.5, 0, 0.5, 1].map((t) => asCss(colorOf(t))).join(",")})`; };
  fill();
  recolor.push(fill);
  return el("div", { class: "legend" }, number(-limit, 2), bar, `${number(limit, 2)} ${unit}`);
}

/** What must be drawn again when the colors change. @type {(() => void)[]} */
const recolor = [];
darkScreen.addEventListener("change", () => {
  diagrams.forEach(paint);
  recolor.forEach((f) => f());
  for (const node of charts.keys()) if (node.dataset.drawn) draw(node);
});

/** @param {(number | null | undefined)[]} values */
const largest = (values) => Math.max(1e-3, ...values.map((v) => Math.abs(v ?? 0)));

// ---- goals and atoms, as both pages show them ------------------------------------------------------------------------

/**
 * A goal as a sum of terms; `link` makes of the text of a term what leads to its meaning.
 * @param {{ terms: { label: string, weight: number }[] }} goal
 * @param {(label: string, text: string) => Child} [link]
 */
function formula(goal, link = (label, text) => text) {
  return el("p", { class: "formula" }, "G = ", goal.terms.flatMap((t, i) => [el("span", { class: "term" },
    `${t.weight < 0 ? MINUS : i ? "+" : ""} ${Math.abs(t.weight) === 1 ? "" : number(Math.abs(t.weight), 2)} `, el("b", {}, link(t.label, t.label === "H_res" ? "H_res" : `Π${t.label}`))), " "]));
}
