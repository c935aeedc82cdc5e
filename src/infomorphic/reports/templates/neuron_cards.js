"use strict";
// What the page of one neuron and the comparison of two show of a neuron, card by card.

const POSITIVE = "#4393c3", NEGATIVE = "#d6604d";
const colorsBySign = (values) => values.map((v) => (v < 0 ? NEGATIVE : POSITIVE));
const signed = (value, digits = 3) => `${value > 0 ? "+" : ""}${number(value, digits)}`;

const hiddenLayers = content.neurons ? [content.neurons, ...content.further_layers] : [];
for (const { neurons } of hiddenLayers) neurons.forEach((n, j) => { n.number = j; });
const goalOfLayer = (N) => content.layers.find((l) => l.name === N.layer);

/** The images that a layer was measured on, in words; empty if nothing was measured. */
const measuredOn = (N) => (N.overview ? `${N.samples} ${N.part} images` : "");

const field = (n, cls = "field") => (n.field ? el("img", { class: cls, src: n.field, alt: `receptive field of neuron ${n.number}` }) : null);

const MOST_POINTS = 40, CUT_OFF = 0.02; // the share of values, at each end, that would make all other lines flat
const scales = new Map(); // layer and term → what sparklines of all its neurons share

/** The recorded epochs that sparklines of a term show, and the range of almost all values of all neurons, with zero. */
function scaleOf(N, label) {
  const key = `${N.layer} ${label}`, { epochs, millibits } = N.history;
  if (!scales.has(key)) {
    const count = Math.min(MOST_POINTS, epochs.length), chosen = Array.from({ length: count }, (_, i) => (count > 1 ? Math.round((i * (epochs.length - 1)) / (count - 1)) : 0));
    const all = millibits[label].flatMap((values) => chosen.map((i) => values[i])).sort((a, b) => a - b), cut = Math.floor(CUT_OFF * all.length);
    scales.set(key, { chosen, low: Math.min(0, all[cut]), high: Math.max(1, all.at(-1 - cut)) });
  }
  return scales.get(key);
}

/** A term of a neuron over the recorded epochs, as a small line with a line for zero; null without at least two. */
function sparkline(N, j, label) {
  if (!N.history?.millibits[label] || N.history.epochs.length < 2) return null;
  const { epochs, millibits } = N.history, { chosen, low, high } = scaleOf(N, label), values = millibits[label][j], first = epochs[0], span = epochs.at(-1) - first;
  const shape = (name, attributes) => { const node = document.createElementNS("http://www.w3.org/2000/svg", name); for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value); return node; };
  const y = (v) => ((20 * (high - Math.max(low, Math.min(high, v)))) / (high - low) + 2).toFixed(1);
  const words = `${label} by epoch: ${number(values[0] / 1000)} bits at ${first}, ${number(values.at(-1) / 1000)} bits at ${epochs.at(-1)}`;
  const svg = shape("svg", { class: "spark", viewBox: "0 0 100 24", preserveAspectRatio: "none", role: "img", "aria-label": words });
  svg.append(shape("path", { class: "zero", d: `M0 ${y(0)}H100` }), shape("path", { d: `M${chosen.map((i) => `${((100 * (epochs[i] - first)) / span).toFixed(1)} ${y(values[i])}`).join("L")}` }));
  return svg;
}

/** A chart with its content in words, for readers who do not see it. */
function described(node, words) {
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", words);
  return node;
}

/** Bars over classes or neurons, whose colors say the sign. */
function signedBars(names, values, axis, title, slanted = false) {
  return described(chart(() => ({
    traces: [{ type: "bar", x: names, y: values, marker: { color: colorsBySign(values) }, hovertemplate: "%{x}: %{y:.3f}<extra></extra>" }],
    layout: { xaxis: { type: "category", title: { text: axis }, tickangle: slanted ? -60 : 0 }, yaxis: { title: { text: title } } },
  })), names.map((name, i) => `${name}: ${number(values[i])}`).join(", "));
}

function responsesCard(N, n) {
  return card("Firing probability by class, label withheld", described(chart((c) => ({
    traces: [{ type: "bar", x: N.classes, y: n.firing, marker: { color: N.classes.map((_, k) => (n.preferred.includes(k) ? POSITIVE : n.avoided.includes(k) ? NEGATIVE : c.soft)) }, hovertemplate: "%{x}: %{y:.3f}<extra></extra>" }],
    layout: { xaxis: { type: "category", title: { text: "class" } }, yaxis: { range: [0, 1], title: { text: "probability of firing" } } },
  })), N.classes.map((name, k) => `${name}: ${number(n.firing[k], 2)}`).join(", ")));
}

const atomsOf = (N, n) => Object.fromEntries(N.labels.map((label, k) => [label, n.atoms[k]]));

/** The largest atom of some neurons: the limit of the colors of their diagrams. */
const limitOf = (N, neurons) => largest(neurons.flatMap((n) => N.labels.flatMap((label, k) => (label === "H_res" ? [] : [n.atoms[k]]))));

function informationCard(N, n, limit = limitOf(N, [n])) {
  const drawn = content.diagrams[goalOfLayer(N)?.sources];
  return n.atoms && drawn ? card(`Its information in bits, on ${measuredOn(N)} with their labels`, diagram(drawn, atomsOf(N, n), limit), legend(limit, "bits")) : null;
}

const UNITS_PER_BIT = 10_000;

/** The running totals of a waterfall in bits, from zero. */
const totalsOf = ({ terms, rest }) => [...terms.map(([, step]) => step), rest].reduce((totals, step) => [...totals, totals.at(-1) + step / UNITS_PER_BIT], [0]);

/** The terms of the goal of a neuron as steps that add up to it. */
function waterfallCard(N, n, range = undefined) {
  if (!n.waterfall) return null;
  const { terms, others, rest, goal } = n.waterfall, weights = goalOfLayer(N)?.goal?.weights ?? {}, bits = atomsOf(N, n);
  const steps = others ? [...terms, [`${others} other terms`, rest]] : terms;
  const labels = steps.map(([label, step]) => `${label} ${signed(step / UNITS_PER_BIT, 4)}`), sum = `goal ${number(goal / UNITS_PER_BIT, 4)}`;
  const says = [...steps.map(([label]) => (label in weights ? `weight ${number(weights[label])} × ${number(bits[label], 4)} bits` : "the sum of their weight × bits")), "the sum of all terms"];
  return card("Its goal: weight × bits of every term", described(chart((c) => ({
    traces: [{ type: "waterfall", orientation: "h", measure: [...steps.map(() => "relative"), "total"], y: [...labels, sum], x: [...steps.map(([, step]) => step / UNITS_PER_BIT), goal / UNITS_PER_BIT], customdata: says,
      increasing: { marker: { color: POSITIVE } }, decreasing: { marker: { color: NEGATIVE } }, totals: { marker: { color: c.soft } }, connector: { line: { color: c.line, width: 1 } }, hovertemplate: "%{y}<br>%{customdata}<extra></extra>" }],
    layout: { xaxis: { title: { text: "bits" }, range, zeroline: true }, yaxis: { type: "category", autorange: "reversed", showgrid: false }, showlegend: false },
  }), "tall"), `${labels.join(", ")}; ${sum} bits`), el("p", { class: "note" }, `Blue terms raise the goal and red ones lower it; together they are the goal, ${number(goal / UNITS_PER_BIT, 4)} bits.`));
}

/** What other layers make of its output: the readout by class, hidden layers by neuron. */
function outgoingCards(N, n) {
  return Object.entries(n.outgoing ?? {}).map(([receiver, weights]) => {
    const isHidden = hiddenLayers.some((l) => l.layer === receiver), names = weights.map(([k]) => (isHidden ? `neuron ${k}` : N.classes[k] ?? String(k)));
    return card(isHidden ? `The neurons of ${receiver} that receive it with the largest weights` : "What the readout makes of it: its weight for each class", signedBars(names, weights.map((w) => w[1]), isHidden ? "" : "class", "weight", isHidden),
      isHidden ? null : el("p", { class: "note" }, "A positive weight means that its firing speaks for the class, a negative one that it speaks against it."));
  });
}

/** The classes whose images become wrong, or right, without the neuron. */
function lossCard(N, n) {
  if (!n.lost_by_class) return null;
  const [wrong, right] = n.lost_by_class;
  const bars = n.wrong + n.right ? described(chart(() => ({
    traces: [{ type: "bar", name: "become wrong", x: N.classes, y: wrong, marker: { color: NEGATIVE } }, { type: "bar", name: "become right", x: N.classes, y: right, marker: { color: POSITIVE, pattern: { shape: "/" } } }],
    layout: { barmode: "group", xaxis: { type: "category", title: { text: "class" } }, yaxis: { title: { text: "images" }, rangemode: "tozero" } },
  })), N.classes.map((name, k) => `${name}: ${wrong[k]} wrong, ${right[k]} right`).join("; ")) : null;
  return card("Which classes are lost without it", el("p", { class: "lost" }, n.lost_says), bars);
}

/** The weights of each source that is not an image. */
function incomingCards(N, n) {
  return Object.entries(n.weights ?? {}).map(([source, weights]) => {
    const origin = N.origins[source], isHidden = hiddenLayers.some((l) => l.layer === origin), own = origin === N.layer;
    const names = weights.map(([k]) => (isHidden ? `neuron ${k}` : N.classes[k] ?? String(k)));
    return card(own ? `Its largest ${source} weights: the most influential neighbors` : isHidden ? `Its largest ${source} weights: the most influential neurons of ${origin}` : `Its ${source} weights: ${origin === "label" ? "the label" : origin}`,
      signedBars(names, weights.map((w) => w[1]), isHidden ? "" : "class", "weight", isHidden));
  });
}

function imagesCard(N, n) {
  if (!n.driving) return null;
  const pictures = (ids) => el("div", { class: "images" }, ids.map((i) => el("figure", {}, el("img", { class: "shown", src: N.images[i].uri, alt: `image of class ${N.images[i].class}` }), N.images[i].class)));
  return card("Images that drive it most, and their class", pictures(n.driving), el("h3", { class: "second" }, "Images that silence it most"), pictures(n.silencing));
}
