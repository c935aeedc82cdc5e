"use strict";
// The page of one neuron, and what the gallery of its layer shares with it.

const hiddenLayers = content.neurons ? [content.neurons, ...content.further_layers] : [];

/** The names of elements and addresses of the hidden layer at `position`: plain for the first layer, with a number for further ones. */
const idAt = (position, name) => (position ? `${name}-${position}` : name);
const neuronLink = (position, j) => `#${idAt(position, "neuron")}-${j}`;

/** The layer and the number of the neuron that an address names; null if it names none. */
function neuronAt(hash) {
  const found = /^#neuron-(?:(\d+)-)?(\d+)$/.exec(hash), position = Number(found?.[1] ?? 0), j = Number(found?.[2]);
  return hiddenLayers[position]?.neurons[j] ? { position, j } : null;
}

/** The images that a layer was measured on, in words; empty if nothing was measured. */
const measuredOn = (N) => (N.overview ? `${N.samples} ${N.part} images` : "");

const field = (n, cls = "field") => (n.field ? el("img", { class: cls, src: n.field, alt: "receptive field" }) : null);

/** Replace the page of a neuron by that of neuron `j` of the hidden layer at `position`. */
function showNeuron({ position, j }) {
  const N = hiddenLayers[position], n = N.neurons[j], page = document.getElementById("neuron");
  const turn = (to, text) => el("a", { href: neuronLink(position, (to + N.neurons.length) % N.neurons.length), role: "button" }, text);
  const head = el("div", { class: "neuron-head" }, field(n), el("div", {}, el("h1", {}, hiddenLayers.length > 1 ? `Neuron ${j} of ${N.layer}` : `Neuron ${j}`), n.codes ? el("p", { id: "codes" }, n.codes) : null,
    n.twin !== null && n.twin !== undefined ? el("span", { class: "tag" }, `redundant with neuron ${n.twin}`) : null, n.state ? el("span", { class: "tag" }, n.state) : null),
  el("div", { class: "turn" }, turn(j - 1, "← previous"), el("a", { href: `#${idAt(position, "neurons")}` }, "all"), turn(j + 1, "next →")));
  const tile = (value, label) => el("div", { class: "tile" }, el("b", {}, value), el("span", {}, label));
  const tiles = N.overview ? el("div", { class: "tiles" }, tile(number(n.label), "bits about the class, I(Y : label)"), tile(number(n.entropy), "bits of output entropy, H(Y)"), tile(number(n.noise), "bits of noise, H(Y | image)"),
    n.lost !== undefined ? tile(`${number(n.lost, 2)} points`, `accuracy lost without it: ${n.wrong} of ${N.loss_images} images become wrong, ${n.right} right`) : null,
    n.goal !== undefined ? tile(number(n.goal), "bits, value of its goal") : null) : null;
  const left = [], right = [];
  if (n.firing) left.push(card("Firing probability by class, label withheld", chart((c) => ({
    traces: [{ type: "bar", x: N.classes, y: n.firing, marker: { color: N.classes.map((_, k) => (n.preferred.includes(k) ? "#4393c3" : n.avoided.includes(k) ? "#d6604d" : c.soft)) }, hovertemplate: "%{x}: %{y:.3f}<extra></extra>" }],
    layout: { xaxis: { type: "category", title: { text: "class" } }, yaxis: { range: [0, 1], title: { text: "probability of firing" } } },
  }))));
  const layer = content.layers.find((l) => l.name === N.layer);
  if (n.atoms && layer && content.diagrams[layer.sources]) {
    const values = Object.fromEntries(N.labels.map((l, k) => [l, n.atoms[k]]));
    const limit = largest(N.labels.filter((l) => l !== "H_res").map((l) => values[l]));
    right.push(card(`Its information in bits, on ${measuredOn(N)} with their labels`, diagram(content.diagrams[layer.sources], values, limit), legend(limit, "bits")));
  }
  if (n.driving) {
    const pictures = (ids) => el("div", { class: "images" }, ids.map((i) => el("figure", {}, el("img", { class: "shown", src: N.images[i].uri, alt: `image of class ${N.images[i].class}` }), N.images[i].class)));
    right.push(card("Images that drive it most, and their class", pictures(n.driving), el("h3", { class: "second" }, "Images that silence it most"), pictures(n.silencing)));
  }
  if (N.history) {
    const names = Object.keys(N.history.millibits), weight = layer && layer.goal ? layer.goal.weights : {};
    const end = (l) => Math.abs(N.history.millibits[l][j].at(-1));
    const atoms = names.filter((l) => l !== "goal"), strongest = [...atoms].sort((a, b) => end(b) - end(a)), heaviest = [...atoms].sort((a, b) => Math.abs(weight[b] ?? 0) - Math.abs(weight[a] ?? 0));
    const shown = [...new Set(["goal", ...strongest.slice(0, 4), ...heaviest.slice(0, 3)])];
    left.push(card("Its atoms over training, on a batch of training images", lines(N.history.epochs, Object.fromEntries(shown.map((l) => [l, N.history.millibits[l][j].map((v) => v / 1000)])), "bits")));
  } else left.push(card("Its atoms over training", el("p", { class: "note" }, N.labels.length ? "This run has no history of single neurons; it was made by a version that did not record it." : "There is no history of single neurons.")));
  for (const [source, weights] of Object.entries(n.weights ?? {})) {
    const origin = N.origins[source], neighbors = hiddenLayers.some((l) => l.layer === origin), own = origin === N.layer;
    const names = weights.map(([k]) => (neighbors ? `neuron ${k}` : N.classes[k] ?? String(k)));
    left.push(card(own ? `Its largest ${source} weights: the most influential neighbors` : neighbors ? `Its largest ${source} weights: the most influential neurons of ${origin}` : `Its ${source} weights: ${origin === "label" ? "the label" : origin}`, chart(() => ({
      traces: [{ type: "bar", x: names, y: weights.map((w) => w[1]), marker: { color: weights.map((w) => (w[1] < 0 ? "#d6604d" : "#4393c3")) }, hovertemplate: "%{x}: %{y:.3f}<extra></extra>" }],
      layout: { xaxis: { type: "category", title: { text: neighbors ? "" : "class" }, tickangle: neighbors ? -60 : 0 }, yaxis: { title: { text: "weight" } } },
    }))));
  }
  if (n.near && n.near.length) right.push(card("Most similar neurons, by mutual information of the outputs", el("div", { class: "near" }, n.near.map(([k, bits, r]) => el("a", { href: neuronLink(position, k) }, field(N.neurons[k]), el("b", {}, `neuron ${k}`), el("br"), `${number(bits)} bits`, el("br"), `r = ${number(r, 2)}`)))));
  for (const node of page.querySelectorAll(".chart")) { if (node.dataset.drawn) Plotly.purge(node); charts.delete(node); }
  page.replaceChildren(head, tiles ?? "", columns(left, right));
}
