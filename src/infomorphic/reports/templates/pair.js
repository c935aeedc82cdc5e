"use strict";
// Two neurons side by side.

/** Correlation and shared information in bits of two neurons of a layer; null if the page does not have them. */
function similarityOf(N, j, k) {
  const a = N.matrix.order.indexOf(j), b = N.matrix.order.indexOf(k);
  if (a >= 0 && b >= 0) return { correlation: N.matrix.percent[a][b] / 100, bits: N.matrix.millibits[a][b] / 1000 };
  const near = N.neurons[j].near.find(([other]) => other === k) ?? N.neurons[k].near.find(([other]) => other === j);
  return near ? { bits: near[1], correlation: near[2] } : null;
}

/** A choice of the neuron to compare neuron `j` with; the address says it. */
function comparisonChoice(position, j, other) {
  const { neurons } = hiddenLayers[position], option = (k, words) => el("option", { value: k, selected: k === other }, words);
  return el("label", { class: "soft" }, "compare with ", el("select", { id: "compare", onchange: (e) => { location.hash = neuronLink(position, j, e.target.value === "" ? null : +e.target.value); } },
    option("", "no other"), neurons.map((n, k) => (k === j ? null : option(k, `neuron ${k}${n.codes ? `: ${n.codes}` : ""}`)))));
}

/** A card with the number of its neuron: where the page is narrow, cards of both neurons are below each other. */
function numbered(part, k) {
  part?.querySelector("h3").append(" ", el("span", { class: "tag" }, `neuron ${k}`));
  for (const figure of part?.querySelectorAll("[data-title]") ?? []) figure.setAttribute("aria-label", `Neuron ${k}. ${figure.getAttribute("aria-label")}`);
  return part;
}

/** The page of two neurons: same scales on both sides. */
function pairPage(address) {
  const { position, j, other } = address, N = hiddenLayers[position], pair = [j, other], neurons = pair.map((k) => N.neurons[k]), similar = similarityOf(N, j, other);
  const totals = neurons.flatMap((n) => (n.waterfall ? totalsOf(n.waterfall) : [])), low = Math.min(0, ...totals), high = Math.max(0, ...totals), margin = 0.05 * (high - low);
  const limit = neurons[0].atoms ? limitOf(N, neurons) : 1;
  const tile = (value, label) => el("div", { class: "tile" }, el("b", {}, value), el("span", {}, label));
  const side = (n, k) => [
    el("div", { class: "card one-of-two" }, field(n), el("div", {}, el("h2", {}, el("a", { href: neuronLink(position, k) }, `Neuron ${k}`)), el("p", {}, n.says))),
    ...[responsesCard(N, n), waterfallCard(N, n, [low - margin, high + margin]), informationCard(N, n, limit)].map((part) => numbered(part, k)),
  ];
  const [left, right] = neurons.map((n, i) => side(n, pair[i]));
  // Row by row, so that the same cards stand side by side, or one below the other where the page is narrow.
  return [
    el("div", { class: "neuron-head" }, headingOf(address), el("div", { class: "turn" }, comparisonChoice(position, j, other), el("a", { href: neuronLink(position, j) }, `only ${j}`))),
    el("div", { class: "tiles" }, tile(similar ? number(similar.correlation, 2) : "–", "correlation r of their expected outputs"), tile(similar ? number(similar.bits) : "–", "bits of mutual information of their outputs"),
      ...neurons.map((n, i) => tile(number(n.label), `bits of neuron ${pair[i]} about the class`))),
    similar ? null : el("p", { class: "note" }, `The page has the similarity of the first ${N.matrix.order.length} neurons, and of each neuron with the five most similar ones.`),
    el("div", { class: "grid pair" }, left.flatMap((part, i) => [part, right[i]]).filter(Boolean)),
  ].filter(Boolean);
}
