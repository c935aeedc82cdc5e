"use strict";
// The page of one neuron: what it responds to, why, what would be lost without it, and how it developed.

/** The names of elements and addresses of the hidden layer at `position`: plain for the first layer, with a number for further ones. */
const idAt = (position, name) => (position ? `${name}-${position}` : name);
const neuronLink = (position, j, other = null) => `#${idAt(position, "neuron")}-${j}${other === null ? "" : `-with-${other}`}`;

/** The neuron that an address names, its layer, and the neuron to compare it with; what is wrong if there is none; null for another address. */
function neuronAt(hash) {
  const found = /^#neuron-(?:(\d+)-)?(\d+)(?:-with-(\d+))?$/.exec(hash);
  if (!found) return null;
  const position = Number(found[1] ?? 0), j = Number(found[2]), other = found[3] === undefined ? null : Number(found[3]), N = hiddenLayers[position];
  const all = { problem: "", back: `#${idAt(position, "neurons")}`, backTo: "all neurons" }, one = { ...all, back: neuronLink(position, j), backTo: `neuron ${j}` };
  const has = N ? `The layer ${N.layer} has ${N.neurons.length} neurons, numbered from 0.` : "";
  if (!hiddenLayers.length) return { ...all, problem: "This report shows no single neurons.", back: "#", backTo: "the report" };
  if (!N) return { ...all, problem: `The network has ${hiddenLayers.length === 1 ? "one hidden layer" : `${hiddenLayers.length} hidden layers`}; the address asks for number ${position}, counted from 0.`, back: "#neurons" };
  if (!N.neurons[j]) return { ...all, problem: `${has} There is no neuron ${j}.` };
  if (other === null || other === j) return { position, j, other: null };
  if (!N.neurons[other]) return { ...one, problem: `${has} There is no neuron ${other} to compare neuron ${j} with.` };
  return N.neurons[j].says ? { position, j, other } : { ...one, problem: "This report cannot compare neurons: nothing was measured, because the data set is missing." };
}

const ofLayer = (position) => (hiddenLayers.length > 1 ? ` of ${hiddenLayers[position].layer}` : "");
const nameOf = ({ position, j, other, problem }) => (problem ? "No such neuron" : other === null ? `Neuron ${j}${ofLayer(position)}` : `Neurons ${j} and ${other}${ofLayer(position)}`);
/** The heading of the page of neurons. It gets the focus when the page opens. */
const headingOf = (address) => el("h1", { tabindex: -1 }, nameOf(address));

/** The page of an address that names no neuron. */
const unknownPage = (address) => [headingOf(address), el("p", {}, address.problem), el("p", {}, "Go to ", el("a", { href: address.back }, address.backTo), ".")];

function similarCard(N, n, position) {
  if (!n.near?.length) return null;
  return card("Most similar neurons, by mutual information of the outputs", el("div", { class: "near" }, n.near.map(([k, bits, r]) => el("a", { href: neuronLink(position, k) }, field(N.neurons[k]), el("b", {}, `neuron ${k}`), el("br"), `${number(bits)} bits`, el("br"), `r = ${number(r, 2)}`))));
}

const neighbor = ({ position, j }, step) => neuronLink(position, (j + step + hiddenLayers[position].neurons.length) % hiddenLayers[position].neurons.length);

function headOf(address) {
  const { position, j } = address, n = hiddenLayers[position].neurons[j];
  const turn = (step, text, key) => el("a", { href: neighbor(address, step), "aria-keyshortcuts": key, title: `key ${step < 0 ? "←" : "→"}` }, text);
  return el("div", { class: "neuron-head" }, field(n), el("div", {}, headingOf(address), n.codes ? el("p", { id: "codes" }, n.codes) : null,
    n.twin !== null && n.twin !== undefined ? el("span", { class: "tag" }, `redundant with neuron ${n.twin}`) : null, n.state ? el("span", { class: "tag" }, n.state) : null),
  el("div", { class: "turn" }, turn(-1, "← previous", "ArrowLeft"), el("a", { href: `#${idAt(position, "neurons")}` }, "all"), turn(1, "next →", "ArrowRight")));
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
    headOf({ position, j, other: null }),
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

/** Show the page of a neuron, of two, or of none, in place of the one before. */
function showNeuron(address) {
  const page = document.getElementById("neuron");
  for (const node of page.querySelectorAll(".chart")) { if (node.dataset.drawn) Plotly.purge(node); charts.delete(node); }
  page.replaceChildren(...(address.problem ? unknownPage(address) : address.other === null ? neuronParts(address) : pairPage(address)));
}

// The arrow keys turn to the next neuron, except where they have a meaning of their own.
addEventListener("keydown", (e) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key], address = neuronAt(location.hash);
  if (!step || !address || address.problem || address.other !== null || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey || e.target.closest("input, select, textarea")) return;
  e.preventDefault();
  location.hash = neighbor(address, step);
});
