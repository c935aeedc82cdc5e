"use strict";
// What the symbols of the page mean. Terms link here.

const atomId = (sources, label) => `atom-${sources}-${label}`;

/** The label of a term, as a link to its meaning where the page explains it. */
const termLink = (sources, label, text = label) => (content.notation[sources]?.some(([known]) => known === label) ? el("a", { class: "term-link", href: `#${atomId(sources, label)}` }, text) : text);
const symbolLink = (symbol, text) => el("a", { class: "term-link", href: `#symbol-${symbol}` }, text);

const SYMBOLS = [
  ["atom", "{F}{C}, {FC}", "An atom: a part of the information of the output about the inputs. Inputs in separate braces provide it redundantly, each of them alone. Inputs in the same braces provide it only together, in synergy. {F} alone is unique to F. Together, all atoms are the information of all inputs, and no two overlap."],
  ["pi", "Π{F}{C}", "The value of an atom in bits. It may be negative: then the inputs misinform about the output on average."],
  ["goal", "G", "The goal of a neuron: the sum of weight × value of its terms, in bits."],
  ["entropy", "H(Y)", "The entropy of the output Y in bits: how much it varies. All atoms and H_res add up to it."],
  ["residual", "H_res", "The residual entropy: the part of H(Y) that no input explains, because neurons are random."],
  ["noise", "H(Y | image)", "The entropy that is left once the image is known, with the label withheld."],
  ["label", "I(Y : label)", "The mutual information of the output and the class of the image, in bits."],
  ["shared", "I∩(F; L)", "The redundancy of F and L: the sum of all atoms that both of them provide."],
  ["diagram", "the diagram", "One oval for each input: an atom within several ovals is redundant, and one outside the ovals is synergy. The gray ring is H_res."],
];

function notation() {
  const symbols = el("table", { class: "notation" }, el("tbody", {}, SYMBOLS.map(([id, symbol, meaning]) => el("tr", { id: `symbol-${id}` }, el("th", { scope: "row" }, symbol), el("td", {}, meaning)))));
  const atoms = Object.entries(content.notation).map(([sources, terms]) => card(`Atoms of ${[...sources].join(", ")}`,
    el("table", { class: "notation" }, el("tbody", {}, terms.map(([label, meaning]) => el("tr", { id: atomId(sources, label) }, el("th", { scope: "row" }, label), el("td", {}, meaning)))))));
  section("notation", "Notation", "What the symbols mean. Underlined terms of the page lead here.", columns([card("Symbols", symbols)], atoms));
}
