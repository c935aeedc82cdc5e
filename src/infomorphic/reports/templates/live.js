"use strict";
// A training while it runs: asks the server for what is new, and draws it.

const MILLISECONDS_BETWEEN_QUESTIONS = 1000, RECORDED_ZERO = 128, RECORDED_STRONGEST = 127;
let record = { version: "" };
let updates = []; // functions that draw the parts of the page again, from `record`
let built = ""; // what the parts were built for

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const epochOf = () => `epoch ${record.epoch}${record.epochs ? ` of ${record.epochs}` : ""}`;

/** What the training does at present, in words. */
function stateInWords() {
  if (record.state === "waiting") return `Waiting for a training to begin in ${record.path}.`;
  if (record.state === "finished") return `Finished: ${epochOf()}.`;
  if (record.state === "interrupted") return `Interrupted at ${epochOf()}. Continue with: ${record.resume}`;
  if (!record.epoch) return "Running: the first epoch is not recorded yet.";
  return `Running: ${epochOf()}${record.seconds_left ? `, about ${clock(record.seconds_left)} left` : ""}.`;
}

/** A chart of curves that grow; `extra` as for `lines`. */
function growing(title, curves, y, extra) {
  const made = card(title, linesOf(curves, y, extra)), node = made.querySelector(".chart");
  updates.push(() => {
    node.setAttribute("aria-label", `${title}. ${chartInWords(charts.get(node)(chartColors()))}`);
    if (node.dataset.drawn) draw(node);
  });
  return made;
}

const layerCalled = (name) => record.layers.find((l) => l.name === name);
const lastOf = (layer) => Object.fromEntries(layer.labels.map((label) => [label, layer.atoms[label].at(-1)]));

/** The mean atoms of a layer: the diagram as of the last epoch, and curves. */
function informationOf(name) {
  const cards = [], { sources, goal } = layerCalled(name);
  if (record.diagrams[sources]) {
    const limitNow = () => { const l = layerCalled(name); return largest(l.labels.filter((k) => k !== "H_res").flatMap((k) => l.atoms[k])); };
    let limit = limitNow();
    const view = diagram(record.diagrams[sources], lastOf(layerCalled(name)), limit), scale = el("div", {}, legend(limit, "bits"));
    updates.push(() => {
      if (limitNow() !== limit) { limit = limitNow(); scale.replaceChildren(legend(limit, "bits")); }
      view.paint(lastOf(layerCalled(name)), limit);
    });
    cards.push(card("Information in bits, mean over the neurons", view, scale));
  }
  const curves = () => {
    const layer = layerCalled(name), end = (l) => Math.abs(layer.atoms[l].at(-1));
    const heavy = (goal?.terms ?? []).map((t) => t.label).filter((l) => layer.labels.includes(l)).slice(0, 5);
    const shown = [...new Set([...heavy, ...[...layer.labels].sort((a, b) => end(b) - end(a))])].slice(0, 7);
    return { epochs: layer.epochs, series: { goal: layer.goal_value, ...Object.fromEntries(shown.map((l) => [l, layer.atoms[l]])) } };
  };
  cards.push(growing("Over training", curves, "bits"));
  section(`layer-${name}`, `Information of the ${name} layer`, goal?.sentence ?? null, goal ? formula(goal) : null, el("div", { class: "grid" }, cards));
}

/** The receptive fields of a layer, as of the last epoch that recorded them. */
function fieldsOf(name) {
  const { shown, neurons, shape } = record.fields[name], canvases = Array.from({ length: shown }, (_, j) => el("canvas", { class: "field", role: "img", "aria-label": `receptive field of neuron ${j}` }));
  const text = el("p", { class: "soft" }), pixels = shape.reduce((a, b) => a * b);
  updates.push(() => {
    const now = record.fields[name], values = Float32Array.from(atob(now.bytes), (c) => Math.max(-1, (c.charCodeAt(0) - RECORDED_ZERO) / RECORDED_STRONGEST));
    text.textContent = `Weights of the input as of epoch ${now.epoch}: blue drives a neuron to fire, red to be silent.${shown < neurons ? ` The first ${shown} of ${neurons} neurons.` : ""}`;
    canvases.forEach((canvas, j) => drawField(canvas, values.subarray(j * pixels, (j + 1) * pixels), shape));
  });
  section(`fields-${name}`, `Receptive fields of the ${name} layer`, null, text, el("div", { class: "gallery" }, canvases.map((canvas, j) => el("figure", {}, canvas, el("figcaption", {}, String(j))))));
}

/** What parts the page has: they are built again if this changes. */
const partsOf = () => JSON.stringify([record.epoch > 0, Object.keys(record.curves?.results ?? {}), (record.layers ?? []).map((l) => [l.name, l.labels]), Object.entries(record.fields ?? {}).map(([name, f]) => [name, f.shown, f.shape])]);

function build() {
  for (const node of charts.keys()) if (node.dataset.drawn) Plotly.purge(node);
  charts.clear();
  diagrams.length = recolor.length = updates.length = 0;
  document.getElementById("nav").replaceChildren();
  document.getElementById("sections").replaceChildren();
  if (!record.epoch) return;
  if (Object.keys(record.curves.results).length) {
    const { title, percent: fractions } = record.curves.axis;
    section("curves", "Learning curves", null, growing(`${title.slice(0, 1).toUpperCase()}${title.slice(1)} by epoch`, () => ({ epochs: record.curves.epochs, series: record.curves.results }), title, fractions ? { format: ":.2%", tickformat: ".2~%", settle: true } : {}));
  }
  const [first, ...others] = record.layers.filter((l) => l.labels.length);
  if (first) informationOf(first.name);
  for (const name of Object.keys(record.fields)) fieldsOf(name);
  for (const layer of others) informationOf(layer.name);
}

function show() {
  document.title = `${record.state === "waiting" ? "waiting" : `${record.epoch}/${record.epochs ?? "?"} ${record.state}`} – ${record.name}`;
  document.getElementById("state").textContent = stateInWords();
  document.getElementById("summary").textContent = record.summary ?? "";
  const progress = document.getElementById("progress");
  progress.classList.toggle("hidden", !record.epochs);
  Object.assign(progress, { max: record.epochs || 1, value: record.epoch ?? 0 });
  document.getElementById("problems").replaceChildren(...[warnings(record.problems ?? [], "About this run:")].filter(Boolean));
  document.getElementById("tiles").replaceChildren(...(record.tiles ?? []).map((t) => el("div", { class: "tile" }, el("b", {}, t.value), el("span", {}, t.label))));
  if (partsOf() !== built) { built = partsOf(); build(); }
  for (const update of updates) update();
}

/** Ask for what is new, now and a second after each answer. */
async function watch() {
  try {
    const answer = await fetch(`record?version=${record.version}`);
    if (answer.status === 200) { record = await answer.json(); show(); }
    else if (answer.status === 204) document.getElementById("state").textContent = stateInWords();
    else throw new Error(answer.statusText);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    document.getElementById("state").textContent = "The command that serves this page does not answer. What is shown is the last that it read.";
  } finally {
    setTimeout(watch, MILLISECONDS_BETWEEN_QUESTIONS);
  }
}

watch();
