"use strict";
const content = JSON.parse(document.getElementById("content").textContent);
const MINUS = "\u2212";

/** An element with attributes (`on…` are listeners) and children (nodes or text). */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined));
  return node;
}

const number = (value, digits = 3) => (value === null || value === undefined ? "–" : (Math.round(value * 10 ** digits) / 10 ** digits + 0).toFixed(digits).replace("-", MINUS));
const percent = (value) => (value === null || value === undefined ? "–" : `${number(100 * value, 2)} %`);
const darkScreen = matchMedia("screen and (prefers-color-scheme: dark)"); // paper is white
const isDark = () => darkScreen.matches;
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// ---- sections -------------------------------------------------------------------------------------------------------

/** A section with a heading that the bar on top leads to. */
function section(id, title, text, ...children) {
  document.getElementById("nav").append(el("a", { href: `#${id}` }, title));
  const node = el("section", { id }, el("h2", {}, title), text ? el("p", { class: "soft" }, text) : null, ...children);
  document.getElementById("sections").append(node);
  return node;
}

/** A section that is folded until someone wants it. */
function folded(id, title, ...children) {
  const node = el("details", { id }, el("summary", {}, title), ...children);
  document.getElementById("sections").append(node);
  return node;
}

const card = (title, ...children) => el("div", { class: "card" }, cardHeading(title, children), ...children);

/** Two columns of cards, one where the page is narrow. */
const columns = (left, right) => el("div", { class: "columns" }, [left, right].filter((c) => c.length).map((c) => el("div", {}, c)));

function table(headings, rows, numbersFrom = 1) {
  const cell = (tag, value, i) => el(tag, { class: i >= numbersFrom ? "number" : null }, value instanceof Node ? value : String(value));
  return el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, headings.map((h, i) => cell("th", h, i)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((v, i) => cell("td", v, i)))))));
}

// ---- charts ---------------------------------------------------------------------------------------------------------

const charts = new Map(); // element → function that gives traces and layout in the current colors
let plotlyReady = null;

/** What was compressed by gzip and written in base64, as a response. */
function inflated(text) {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
}

/** Unpack and run Plotly, once. */
function loadPlotly() {
  plotlyReady ??= (async () => {
    const script = el("script");
    script.textContent = await inflated(document.getElementById("plotly").textContent).text();
    document.head.append(script);
  })();
  return plotlyReady;
}

const chartColors = () => ({ ink: css("--ink"), line: css("--line"), soft: css("--soft"), accent: css("--accent"), card: css("--card") });

/** A chart: `make(colors)` returns {traces, layout}. It is drawn when it comes into view, and again when the colors change. */
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
    draw(entry.target);
  }
}, { rootMargin: "300px" });

/** Draw a chart, after what is being drawn in it: Plotly must not be called again before it is done. */
function draw(node) {
  const turn = (node.turn ?? Promise.resolve()).then(() => drawNow(node));
  node.turn = turn.catch(() => {});
  return turn;
}

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
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "1px,6px", "14px,3px,2px,3px,2px,3px"];

/** Curves over the epochs. */
const lines = (epochs, series, y, extra) => linesOf(() => ({ epochs, series }), y, extra);

/** Curves that may grow: `curves()` returns {epochs, series}. With `extra.at()`, the epoch at which they have a mark. */
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

/** The range of accuracies after the first tenth of a training, in which they rise: else nothing of the rest is seen. A double click shows all. */
function settled(epochs, series) {
  const values = series.flatMap((v) => v.slice(Math.min(Math.floor(epochs.length / 10), Math.max(0, epochs.length - 5)))).filter((v) => v !== null);
  const low = Math.min(...values), high = Math.max(...values), margin = 0.05 * (high - low) || 0.01;
  return [low - margin, high + margin];
}

// ---- colors and the information diagram -----------------------------------------------------------------------------

const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const mix = (a, b, t) => a.map((x, i) => Math.round(x + (b[i] - x) * t));

/** The color of a value between −1 and 1: in dark mode, zero is as dark as the page. */
function colorOf(relative) {
  const t = Math.max(-1, Math.min(1, relative));
  if (isDark()) return mix(channels("#2a2f34"), channels(t < 0 ? "#d6604d" : "#4393c3"), Math.abs(t));
  const ramp = content.colors.diverging, place = ((t + 1) / 2) * (ramp.length - 1), below = Math.min(Math.floor(place), ramp.length - 2);
  return mix(channels(ramp[below]), channels(ramp[below + 1]), place - below);
}
const grayOf = (relative) => (isDark() ? mix(channels("#2a2f34"), channels("#6b737b"), Math.min(1, Math.abs(relative))) : mix(channels("#f4f4f4"), channels("#9c9c9c"), Math.min(1, Math.abs(relative))));
const asCss = (rgb) => `rgb(${rgb.join(",")})`;

function inkOn(rgb) {
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return (luminance + 0.05) ** 2 > 0.05 * 1.05 ? "#000" : "#fff";
}

const diagrams = []; // [svg, values, limit, digits], repainted when the colors change

/** A diagram of atoms; `paint(values, limit)` changes them, and what has the strongest color. */
function diagram(template, values, limit, digits = 3) {
  const holder = el("div");
  holder.innerHTML = template;
  const state = { svg: holder.firstElementChild, values, limit, digits };
  diagrams.push(state);
  paint(state);
  const words = () => state.svg.setAttribute("aria-label", [state.svg.dataset.title, diagramInWords(state.values, digits)].filter(Boolean).join(". "));
  words();
  holder.paint = (next, nextLimit = state.limit) => { Object.assign(state, { values: next, limit: nextLimit }); paint(state); words(); };
  return holder;
}

function paint({ svg, values, limit, digits }) {
  const colors = {};
  for (const region of svg.querySelectorAll("[data-atom]")) {
    const label = region.dataset.atom, relative = (values[label] ?? 0) / limit;
    colors[label] = label === "H_res" ? grayOf(relative) : colorOf(relative);
    region.style.fill = asCss(colors[label]);
    if (!region.firstElementChild) region.append(document.createElementNS("http://www.w3.org/2000/svg", "title"));
    region.firstElementChild.textContent = `${label}: ${number(values[label], digits)}`;
  }
  for (const text of svg.querySelectorAll("text")) text.style.fill = inkOn(colors[text.dataset.of]);
  for (const value of svg.querySelectorAll("[data-value]")) value.textContent = number(values[value.dataset.value], digits);
}

function legend(limit, unit) {
  const bar = el("i");
  const fill = () => { bar.style.background = `linear-gradient(90deg, ${[-1, -0.5, 0, 0.5, 1].map((t) => asCss(colorOf(t))).join(",")})`; };
  fill();
  recolor.push(fill);
  return el("div", { class: "legend" }, number(-limit, 2), bar, `${number(limit, 2)} ${unit}`);
}

const recolor = [];
darkScreen.addEventListener("change", () => {
  diagrams.forEach(paint);
  recolor.forEach((f) => f());
  for (const node of charts.keys()) if (node.dataset.drawn) draw(node);
});

const largest = (values) => Math.max(1e-3, ...values.filter((v) => v !== null && v !== undefined).map(Math.abs));

// ---- goals and atoms, as both pages show them ------------------------------------------------------------------------

function formula(goal) {
  return el("p", { class: "formula" }, "G = ", goal.terms.flatMap((t, i) => [el("span", { class: "term" },
    `${t.weight < 0 ? MINUS : i ? "+" : ""} ${Math.abs(t.weight) === 1 ? "" : number(Math.abs(t.weight), 2)} `, el("b", {}, t.label === "H_res" ? "H_res" : `Π${t.label}`)), " "]));
}
