// @ts-check
// Your table: a CSV file, decomposed in the browser.
"use strict";
const DEFAULTS = { target: "", sources: "", bins: 4, measure: /** @type {Measure} */ ("sx"), permutations: 200, seed: 0, atom: "" };
const measures = measuresOf(3, true);
const MOST_CELLS = 20000, MOST_BYTES = 50e6;
const state = readState(DEFAULTS);
if (!Object.hasOwn(measures, state.measure)) state.measure = DEFAULTS.measure;
state.bins = Math.round(Math.min(20, Math.max(2, state.bins)));
/** @type {import("./csv.js").TextTable | null} */
let read = null;
let file = "table.csv";

const message = el("p", { class: "warning hidden", role: "alert" });
const input = el("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", id: "file", "aria-label": "a CSV file" });
const drop = el("div", { class: "drop" }, el("p", {}, "Drop a CSV file here, or choose one: ", input), el("button", { type: "button", onclick: () => open_(EXAMPLE, "example.csv") }, "use an example"));
const controls = el("div", { class: "controls" }), results = el("div");
byId("sections").append(drop, message, controls, results);

/** A noisy AND of a tone and a light, with the last response. */
const EXAMPLE = (() => {
  const draw = engine.random(4), lines = ["tone,light,last,spike"];
  let last = 0;
  for (let i = 0; i < 400; i++) {
    const tone = Number(draw() < 0.5), light = Number(draw() < 0.5);
    const spike = Number(draw() < (tone && light ? 0.9 : 0.1) * (last ? 0.6 : 1));
    lines.push([tone, light, last, spike].join(","));
    last = spike;
  }
  return lines.join("\n");
})();

/** @param {string} text */
function say(text) {
  message.textContent = text;
  message.classList.toggle("hidden", !text);
}

/**
 * @param {string} text
 * @param {string} name
 */
function open_(text, name) {
  try {
    read = csv.readCsv(text);
  } catch (error) {
    read = null;
    controls.replaceChildren();
    results.replaceChildren();
    say(`${name}: ${error instanceof Error ? error.message : error}`);
    return;
  }
  file = name;
  if (!read.names.includes(state.target)) state.target = read.names[read.names.length - 1];
  const others = read.names.filter((n) => n !== state.target);
  const known = state.sources.split("\n").filter((s) => others.includes(s));
  state.sources = (known.length ? known : others.slice(0, 2)).join("\n");
  change({});
}

/** @param {FileList | null | undefined} files */
async function take(files) {
  const one = files?.[0];
  if (!one) return;
  if (one.size > MOST_BYTES) return say(`${one.name} has ${Math.round(one.size / 1e6)} MB; this page takes up to ${MOST_BYTES / 1e6}. Use infomorphic pid.`);
  open_(await one.text(), one.name);
}
input.addEventListener("change", () => take(input.files));
for (const event of /** @type {("dragover" | "dragleave" | "drop")[]} */ (["dragover", "dragleave", "drop"])) {
  drop.addEventListener(event, (e) => {
    e.preventDefault();
    drop.classList.toggle("over", event === "dragover");
    if (event === "drop") take(e.dataTransfer?.files);
  });
}

/** @param {Partial<typeof DEFAULTS>} next */
function change(next) {
  Object.assign(state, next);
  writeState(state, DEFAULTS);
  show();
}

/**
 * Rows of atom, bits, p and a sentence.
 * @param {string[][]} rows
 */
function atomTable(rows) {
  const made = table(["atom", "bits", "p", "meaning"], rows);
  for (const cell of made.querySelectorAll("tr > :last-child")) cell.className = "words";
  return made;
}

const chosenSources = () => state.sources.split("\n").filter(Boolean);
/** @param {string} name */
const quotedName = (name) => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

function show() {
  if (!read) return;
  say("");
  const sources = chosenSources(), { names, rows } = read;
  const toggle = (/** @type {string} */ name) => change({ atom: "", sources: (sources.includes(name) ? sources.filter((s) => s !== name) : [...sources, name]).join("\n") });
  controls.replaceChildren(
    choice("target", Object.fromEntries(names.map((n) => [n, n])), state.target, (target) => change({ target, atom: "", sources: sources.filter((s) => s !== target).join("\n") })),
    el("span", { class: "soft" }, "sources"),
    ...names.filter((n) => n !== state.target).map((n) => el("button", { type: "button", class: "source", "aria-pressed": String(sources.includes(n)), onclick: () => toggle(n) }, n)),
    el("label", {}, "bins", el("input", { type: "range", min: 2, max: 20, value: state.bins, "aria-label": "bins", onchange: (e) => change({ bins: Number(e.target.value) }) }), String(state.bins)),
    choice("measure of redundancy", measures, state.measure, (measure) => change({ measure })),
    ...copyButton("copy as command", () => `infomorphic pid ${file} --target '${quotedName(state.target)}' --sources '${sources.map(quotedName).join(",")}' --bins ${state.bins} --drop-missing --measure ${state.measure} --test ${state.permutations}`),
    ...copyButton("copy as Python", () => `from infomorphic.estimation import read_table\nfrom infomorphic.statistics import assess_table\n\nfound = assess_table(read_table(${JSON.stringify(file)}), ${JSON.stringify(state.target)}, ${JSON.stringify(sources)}, bins=${state.bins}, measure="${state.measure}", missing="drop", test=${state.permutations})\nprint("\\n".join(found.describe()))`),
  );
  results.replaceChildren();
  if (sources.length < 1 || sources.length > 3) return say(`Choose one to three sources; ${sources.length} are chosen.`);
  const column = (/** @type {string} */ name) => csv.codesOf(rows.map((row) => row[names.indexOf(name)]), state.bins);
  const columns = [...sources, state.target].map(column);
  const { cells, sizes, dropped } = csv.cellsOfRows(columns);
  if (!cells.length) return say("Every row has a missing value in one of these columns.");
  const count = sizes.reduce((a, b) => a * b, 1);
  if (count > MOST_CELLS) return say(`These columns have ${count.toLocaleString("en")} combinations of values; this page takes up to ${MOST_CELLS.toLocaleString("en")}. Use fewer bins, or infomorphic pid.`);
  const d = engine.decompose(engine.tableOf(cells, sizes), state.measure);
  const byChance = engine.permuted(cells, sizes, state.measure, state.permutations, engine.random(state.seed));
  const lattice = engine.latticeOf(sources.length), values = shownValues(d, sources.length);
  const p = d.atoms.map((v, i) => engine.pValue(v, byChance.map((n) => n.atoms[i]), true));
  const all = d.informations.length - 1, total = d.informations[all], pOfAll = engine.pValue(total, byChance.map((n) => n.informations[all]), false);
  const chosen = el("div", { class: "card", "aria-live": "polite", id: "chosen" });
  const choose = (/** @type {string} */ label) => {
    const i = lattice.labels.indexOf(label);
    if (i < 0) return;
    chosen.replaceChildren(
      el("h3", {}, `${label}: ${number(d.atoms[i], 4)} bits, p = ${number(p[i])}`),
      el("p", { class: "sentence" }, sentenceOf(label, d.atoms[i], sources, state.target)),
      histogram(byChance.map((n) => n.atoms[i]), [{ name: "estimate", value: d.atoms[i] }]),
    );
  };
  diagrams.length = 0;
  const limit = largest(d.atoms), key = sources.map((s, i) => `${i + 1} = ${s}`).join(", ");
  results.replaceChildren(
    el("p", { id: "verdict" }, `${sources.join(", ")} ${sources.length > 1 ? "provide" : "provides"} ${number(total, 4)} of the ${number(d.targetEntropy, 4)} bits of ${state.target}; p = ${number(pOfAll)}.`,
      pOfAll > 0.05 ? el("span", { class: "warning" }, " This cannot be told from chance: do not interpret the atoms.") : null),
    el("div", { class: "columns" },
      el("div", {}, card(key, choosable(content.lattices[sources.length].diagram, values, limit, choose), legend(limit, "bits"))),
      el("div", {}, chosen, card("Atoms", atomTable(lattice.labels.map((label, i) => [label, number(d.atoms[i], 4), number(p[i]), sentenceOf(label, d.atoms[i], sources, state.target)]))))),
    el("p", { class: "note" }, `${cells.length} rows${dropped ? `, ${dropped} left out because of missing values` : ""}; ${new Set(cells).size} occupied of ${count} cells. ${[...sources, state.target].map((n, i) => `${n}: ${columns[i].described}`).join("; ")}. p: ${state.permutations} permutations of the target; two-sided for atoms. Rows must be independent: for time series use infomorphic pid --null shift.`),
  );
  choose(lattice.labels.includes(state.atom) ? state.atom : lattice.labels[d.atoms.reduce((best, v, i) => (Math.abs(v) > Math.abs(d.atoms[best]) ? i : best), 0)]);
}

if (state.target) say("This link names columns of a table. Choose the file.");
