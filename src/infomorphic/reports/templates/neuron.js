"use strict";
// The page of one neuron: what it responds to, why, what would be lost without it, and how it developed.

/** The names of elements and addresses of the hidden layer at `position`: plain for the first layer, with a number for further ones. */
const idAt = (position, name) => (position ? `${name}-${position}` : name);
const neuronLink = (position, j, other = null) => `#${idAt(position, "neuron")}-${j}${other === null ? "" : `-with-${other}`}`;

/** The layer and the number of the neuron that an address names, and of the one to compare it with; null if it names none. */
function neuronAt(hash) {
  const found = /^#neuron-(?:(\d+)-)?(\d+)(?:-with-(\d+))?$/.exec(hash), position = Number(found?.[1] ?? 0), j = Number(found?.[2]), other = Number(found?.[3]);
  const neurons = hiddenLayers[position]?.neurons ?? [];
  return neurons[j] ? { position, j, other: neurons[other]?.says && other !== j ? other : null } : null;
}

function similarCard(N, n, position) {
  if (!n.near?.length) return null;
  return card("Most similar neurons, by mutual information of the outputs", el("div", { class: "near" }, n.near.map(([k, bits, r]) => el("a", { href: neuronLink(position, k) }, field(N.neurons[k]), el("b", {}, `neuron ${k}`), el("br"), `${number(bits)} bits`, el("br"), `r = ${number(r, 2)}`))));
}

function headOf({ position, j }) {
  const N = hiddenLayers[position], n = N.neurons[j], turn = (to, text) => el("a", { href: neuronLink(position, (to + N.neurons.length) % N.neurons.length), role: "button" }, text);
  return el("div", { class: "neuron-head" }, field(n), el("div", {}, el("h1", {}, hiddenLayers.length > 1 ? `Neuron ${j} of ${N.layer}` : `Neuron ${j}`), n.codes ? el("p", { id: "codes" }, n.codes) : null,
    n.twin !== null && n.twin !== undefined ? el("span", { class: "tag" }, `redundant with neuron ${n.twin}`) : null, n.state ? el("span", { class: "tag" }, n.state) : null),
  el("div", { class: "turn" }, turn(j - 1, "← previous"), el("a", { href: `#${idAt(position, "neurons")}` }, "all"), turn(j + 1, "next →")));
}

function tilesOf(N, n) {
  const tile = (value, label) => el("div", { class: "tile" }, el("b", {}, value), el("span", {}, label));
  return el("div", { class: "tiles" }, tile(number(n.label), "bits about the class, I(Y : label)"), tile(number(n.entropy), "bits of output entropy, H(Y)"), tile(number(n.noise), "bits of noise, H(Y | image)"),
    n.lost !== undefined ? tile(`${number(n.lost, 2)} points`, `accuracy lost without it: ${n.wrong} of ${N.loss_images} images become wrong, ${n.right} right`) : null,
    n.goal !== undefined ? tile(number(n.goal), "bits, value of its goal") : null);
}

/** The parts of the page of neuron `j`. */
function neuronParts({ position, j }) {
  const N = hiddenLayers[position], n = N.neurons[j];
  const part = (id, title, left, right) => {
    const cards = [left, right].map((side) => side.filter(Boolean));
    return cards.some((side) => side.length) ? el("section", { id }, el("h2", {}, title), columns(...cards)) : null;
  };
  return [
    headOf({ position, j }),
    n.says ? el("p", { id: "says" }, n.says) : null,
    n.says && N.neurons.length > 1 ? el("div", { class: "controls" }, comparisonChoice(position, j, null)) : null,
    N.overview ? tilesOf(N, n) : null,
    part("responds", "What it responds to", [n.firing ? responsesCard(N, n) : null], [imagesCard(N, n)]),
    part("why", "Why", [waterfallCard(N, n)], [informationCard(N, n)]),
    part("without", "What it is used for, and what is lost without it", outgoingCards(N, n), [lossCard(N, n), similarCard(N, n, position)]),
    el("section", { id: "developed" }, el("h2", {}, "How it developed"), developmentCards(N, j)),
    part("receives", "What it receives", ...halves(incomingCards(N, n))),
  ].filter(Boolean);
}

/** Cards in two columns of about equal length. */
const halves = (cards) => [cards.filter((_, i) => i % 2 === 0), cards.filter((_, i) => i % 2)];

/** Show the page of a neuron, or of two, in place of the one before. */
function showNeuron(address) {
  const page = document.getElementById("neuron");
  for (const node of page.querySelectorAll(".chart")) { if (node.dataset.drawn) Plotly.purge(node); charts.delete(node); }
  page.replaceChildren(...(address.other === null ? neuronParts(address) : pairPage(address)));
}
