// @ts-check
// Gates: choose or drag a distribution, and see what its sources provide about the target.
"use strict";
/** The title and the target of each gate from its sources. @type {Record<string, [string, (sources: number[]) => number]>} */
const GATES = {
  xor: ["XOR", (s) => s.reduce((a, b) => a ^ b, 0)],
  and: ["AND", (s) => Math.min(...s)],
  or: ["OR", (s) => Math.max(...s)],
  unique: ["unique: a copy of source 1", (s) => s[0]],
  sum: ["sum of the sources", (s) => s.reduce((a, b) => a + b, 0)],
  copy: ["copy of all sources", (s) => s.reduce((a, b) => 2 * a + b, 0)],
  redundant: ["redundant: all sources are the same bit", (s) => s[0]],
};
const CUSTOM = "custom";
const DEFAULTS = { gate: "xor", sources: 2, noise: 0, measure: /** @type {Measure} */ ("sx"), samples: 100, seed: 0, atom: "", p: "" };
const PERMUTATIONS = 200, REPEATS = 100;
let sampling = 0;
const state = readState(DEFAULTS);
if (!Object.hasOwn(GATES, state.gate) && state.gate !== CUSTOM) state.gate = DEFAULTS.gate;
state.sources = state.sources === 3 ? 3 : 2;
if (!Object.hasOwn(measuresOf(state.sources), state.measure)) state.measure = DEFAULTS.measure;
state.noise = Math.min(1, Math.max(0, state.noise));
state.samples = Math.round(Math.min(10000, Math.max(4, state.samples)));

/**
 * The distribution that the state describes.
 * @returns {Table}
 */
function tableOfState() {
  if (state.gate === CUSTOM) {
    const values = state.p.split(",").map(Number), sizes = [...new Array(state.sources).fill(2), 2];
    const valid = values.length === 2 ** (state.sources + 1) && values.every((v) => v >= 0 && Number.isFinite(v)) && values.some((v) => v > 0);
    const p = valid ? values : new Array(2 ** (state.sources + 1)).fill(1);
    const total = p.reduce((a, b) => a + b, 0);
    return { sizes, p: Float64Array.from(p, (v) => v / total) };
  }
  const output = GATES[state.gate][1];
  const inputs = engine.cellsOf(new Array(state.sources).fill(2)).filter((s) => state.gate !== "redundant" || s.every((v) => v === s[0]));
  const targets = 1 + Math.max(...inputs.map(output));
  const sizes = [...new Array(state.sources).fill(2), targets];
  const cells = engine.cellsOf(sizes);
  // Noise replaces the target by a random value.
  const p = cells.map((cell) => {
    const s = cell.slice(0, -1);
    const known = inputs.some((input) => input.every((v, i) => v === s[i]));
    if (!known) return 0;
    return ((1 - state.noise) * (output(s) === cell[state.sources] ? 1 : 0) + state.noise / targets) / inputs.length;
  });
  return { sizes, p: Float64Array.from(p) };
}

const names = () => Array.from({ length: state.sources }, (_, i) => `S${i + 1}`);

/** @param {Table} table */
function asPython(table) {
  const p = Array.from(table.p, (v) => Number(v.toPrecision(12)));
  return `import numpy as np\nfrom infomorphic.pid import decompose\n\npmf = np.array([${p.join(", ")}]).reshape(${table.sizes.join(", ")})\nd = decompose(pmf, measure="${state.measure}", normalize=True)\nprint(d.to_frame())`;
}

/** @param {Table} table */
function asCommand(table) {
  const cells = engine.cellsOf(table.sizes);
  const rows = cells.map((cell, i) => [...cell, Number(table.p[i].toPrecision(12))].join(",")).filter((_, i) => table.p[i] > 0);
  return `printf '%s\\n' ${[...names(), "T", "p"].join(",")} ${rows.join(" ")} > gate.csv\ninfomorphic pid gate.csv --target T --sources ${names().join(",")} --probability p --normalize --measure ${state.measure}`;
}

/** @param {Partial<typeof DEFAULTS>} next */
function change(next) {
  Object.assign(state, next);
  writeState(state, DEFAULTS);
  show();
}

/**
 * Change the state while a slider is dragged: its own card stays as it is, except for the number beside it.
 * @param {Partial<typeof DEFAULTS>} next
 * @param {HTMLElement} own
 */
function drag(next, own) {
  Object.assign(state, next);
  writeState(state, DEFAULTS);
  show(own);
}

const controls = el("div", { class: "controls" }), pictures = el("div", { class: "columns" }), chosen = el("div", { class: "card", "aria-live": "polite", id: "chosen" });
const probabilities = el("div", { class: "card", id: "probabilities" }), samples = el("div", { class: "card", id: "samples" });
byId("sections").append(controls, pictures, chosen, el("div", { class: "columns" }, el("div", {}, probabilities), el("div", {}, samples)));

/**
 * The atom that is looked at: the largest, unless one was chosen.
 * @param {Decomposition} d
 */
function atomOf(d) {
  const labels = engine.latticeOf(state.sources).labels;
  return labels.includes(state.atom) ? state.atom : labels[d.atoms.reduce((best, v, i) => (Math.abs(v) > Math.abs(d.atoms[best]) + 1e-12 ? i : best), 0)];
}

/** @param {string} label */
function choose(label) {
  if (label === "H_res") return;
  state.atom = label;
  writeState(state, DEFAULTS);
  const table = tableOfState(), d = engine.decompose(table, state.measure);
  showChosen(d);
  showSamples(table, d);
}

/** @param {HTMLElement | null} dragged */
function show(dragged = null) {
  const table = tableOfState(), d = engine.decompose(table, state.measure);
  if (dragged !== controls) showControls(table);
  if (dragged !== samples) {
    showPictures(d);
    showChosen(d);
    if (dragged === probabilities) updateProbabilities(table);
    else showProbabilities(table);
  }
  // Hundreds of decompositions: while dragging, they wait until the pictures are drawn.
  clearTimeout(sampling);
  if (dragged) sampling = setTimeout(() => showSamples(table, d, dragged === samples), 30);
  else showSamples(table, d);
}

/** @param {Table} table */
function showControls(table) {
  const titles = Object.fromEntries([...Object.entries(GATES).map(([k, [title]]) => [k, title]), [CUSTOM, "your own probabilities"]]);
  controls.replaceChildren(
    choice("gate", titles, state.gate, (gate) => change({ gate, atom: "", p: gate === CUSTOM ? Array.from(twoValued(table)).join(",") : "" })),
    choice("sources", { 2: "two", 3: "three" }, String(state.sources), (n) => change({ sources: Number(n), atom: "", p: "", measure: Object.hasOwn(measuresOf(Number(n)), state.measure) ? state.measure : DEFAULTS.measure })),
    choice("measure of redundancy", measuresOf(state.sources), state.measure, (measure) => change({ measure })),
    ...(state.gate === CUSTOM ? [] : [el("label", {}, "noise", el("input", { type: "range", min: 0, max: 1, step: 0.01, value: state.noise, "aria-label": "noise", oninput: (e) => {
      drag({ noise: Number(e.target.value) }, controls);
      e.target.nextSibling.textContent = `${Math.round(100 * state.noise)} %`;
    } }), el("span", {}, `${Math.round(100 * state.noise)} %`))]),
    ...copyButton("copy as Python", () => asPython(tableOfState())),
    ...copyButton("copy as command", () => asCommand(tableOfState())),
  );
}

/**
 * The distribution with a binary target, to begin dragging from: larger targets become their parity.
 * @param {Table} table
 */
function twoValued(table) {
  const targets = table.sizes[state.sources], p = new Float64Array(2 ** (state.sources + 1));
  table.p.forEach((v, i) => { p[2 * Math.floor(i / targets) + ((i % targets) % 2)] += v; });
  return p;
}

/** @param {Decomposition} d */
function showPictures(d) {
  const values = shownValues(d, state.sources), limit = largest(d.atoms);
  diagrams.length = 0;
  pictures.replaceChildren(
    el("div", {}, card("Information diagram", choosable(content.lattices[state.sources].diagram, values, limit, choose), legend(limit, "bits"))),
    el("div", {}, card("Redundancy lattice", choosable(latticeTemplate(state.sources), values, limit, choose))),
  );
}

/** @param {Decomposition} d */
function showChosen(d) {
  const lattice = engine.latticeOf(state.sources), label = atomOf(d), i = lattice.labels.indexOf(label);
  const parts = d.informative && d.misinformative ? `informative ${number(d.informative[i], 4)}, misinformative ${number(d.misinformative[i], 4)}, ` : "";
  chosen.replaceChildren(
    el("h3", {}, `${label}: ${number(d.atoms[i], 4)} bits`),
    el("p", { class: "sentence" }, sentenceOf(label, d.atoms[i], names(), "T")),
    el("p", { class: "note" }, `${formulaOf(label, state.sources)}; ${parts}redundancy I∩ ${number(d.redundancies[i], 4)}. ${engine.MEASURES[state.measure].title}: ${engine.MEASURES[state.measure].source}.`),
  );
}

/** @param {Table} pmf */
function showProbabilities(pmf) {
  const cells = engine.cellsOf(pmf.sizes), own = state.gate === CUSTOM;
  const bar = (/** @type {number} */ v) => el("span", { class: "share", style: `width:${(70 * v) / Math.max(...pmf.p)}px` });
  const slider = (/** @type {number} */ i) => el("input", { type: "range", min: 0, max: 1, step: 0.01, value: pmf.p[i], "aria-label": `p(${cells[i].join(", ")})`, oninput: (e) => {
    // The others keep their proportions.
    const now = tableOfState().p, value = Math.min(0.999, Number(e.target.value)), rest = 1 - now[i];
    const next = Array.from(now, (v, j) => (j === i ? value : rest > 1e-9 ? (v * (1 - value)) / rest : (1 - value) / (now.length - 1)));
    drag({ p: next.map((v) => Number(v.toPrecision(6))).join(",") }, probabilities);
  } });
  const rows = cells.map((cell, i) => [...cell, number(pmf.p[i]), own ? slider(i) : bar(pmf.p[i])]);
  probabilities.replaceChildren(
    el("h3", {}, "Probabilities"),
    table([...names(), "T", "p", ""], rows),
    el("p", { class: "note" }, own ? "Drag a probability; the others keep their proportions." : "Choose “your own probabilities” to drag them."),
  );
}

/**
 * Numbers and sliders of the probabilities, without replacing the slider that is dragged.
 * @param {Table} pmf
 */
function updateProbabilities(pmf) {
  /** @type {NodeListOf<HTMLTableRowElement>} */
  const rows = probabilities.querySelectorAll("tbody tr");
  rows.forEach((row, i) => {
    const slider = row.querySelector("input");
    row.cells[row.cells.length - 2].textContent = number(pmf.p[i]);
    if (slider && slider !== document.activeElement) slider.value = String(pmf.p[i]);
  });
}

/**
 * @param {Table} pmf
 * @param {Decomposition} d
 */
function showSamples(pmf, d, dragged = false) {
  const lattice = engine.latticeOf(state.sources), label = atomOf(d), i = lattice.labels.indexOf(label);
  const { fast, title } = engine.MEASURES[state.measure];
  if (!fast && state.sources > 2) {
    samples.replaceChildren(el("h3", {}, `${label} estimated from samples`), el("p", { id: "verdict" }, `Hundreds of decompositions of three sources take too long here with the measure ${title}. Choose two sources or another measure, or use infomorphic pid with --test.`));
    return;
  }
  const draw = engine.random(state.seed);
  const observed = engine.sample(pmf, state.samples, draw);
  const estimate = engine.decompose(engine.tableOf(observed, pmf.sizes), state.measure).atoms[i];
  const byChance = engine.permuted(observed, pmf.sizes, state.measure, PERMUTATIONS, draw).map((n) => n.atoms[i]);
  let sum = 0;
  for (let r = 0; r < REPEATS; r++) sum += engine.decompose(engine.tableOf(engine.sample(pmf, state.samples, draw), pmf.sizes), state.measure).atoms[i];
  const bias = sum / REPEATS - d.atoms[i], p = engine.pValue(estimate, byChance, true);
  const slider = (dragged && samples.querySelector(".slider")) || el("div", { class: "slider" },
    el("input", { type: "range", min: 0.6, max: 4, step: 0.1, value: Math.log10(state.samples), "aria-label": "number of samples", oninput: (e) => {
      drag({ samples: Math.round(10 ** Number(e.target.value)) }, samples);
      e.target.nextSibling.textContent = `${state.samples} samples`;
    } }), el("span", {}, `${state.samples} samples`));
  const parts = [
    histogram(byChance, [{ name: "estimate", value: estimate }, { name: "truth", value: d.atoms[i] }]),
    el("p", { id: "verdict" }, `The estimate is ${number(estimate)} bits, the truth ${number(d.atoms[i])}. By chance (${PERMUTATIONS} permutations of the target; bars) a value so extreme has p = ${number(p)}${p > 0.05 ? ": this sample cannot tell it from chance" : ""}. The mean of ${REPEATS} such samples is off by ${number(bias)} bits: the sampling bias.`),
    el("button", { type: "button", onclick: () => change({ seed: state.seed + 1 }) }, "draw another sample"),
  ];
  if (dragged) {
    while (slider.nextSibling) slider.nextSibling.remove();
    samples.append(...parts);
  } else samples.replaceChildren(el("h3", {}, `${label} estimated from samples`), slider, ...parts);
}

window.addEventListener("hashchange", () => location.reload());
show();
