"use strict";
// How a neuron developed: its receptive field, its responses and its atoms in the recorded epochs, moved by one slider.

const MILLISECONDS_PER_EPOCH = 250, FIELD_ZERO = 32, CERTAIN = 255;
const developments = new Map(); // layer → promise of its unpacked values

/** The recorded values of a neuron: for each epoch, the field (numbers from −1 to 1) and the firing probability of each class. */
async function developmentOf(N, j) {
  if (!developments.has(N)) developments.set(N, inflated(N.development.packed).arrayBuffer().then((buffer) => new Uint8Array(buffer)));
  const { epochs, pixels, classes } = N.development, size = pixels + classes, all = await developments.get(N);
  const now = new Uint8Array(size); // differences are modulo 256, as its numbers are
  return epochs.map((_, i) => {
    for (let k = 0; k < size; k++) now[k] += all[(j * epochs.length + i) * size + k];
    return { field: Float32Array.from(now.subarray(0, pixels), (v) => (v - FIELD_ZERO) / FIELD_ZERO), responses: Array.from(now.subarray(pixels), (v) => v / CERTAIN) };
  });
}

/** Draw a receptive field; three channels are red, green and blue around gray. */
function drawField(canvas, values, shape) {
  const [height, width, channels] = shape, image = new ImageData(width, height), ramp = content.colors.diverging.map((hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)));
  for (let p = 0; p < width * height; p++) {
    // The colors of the light page; a style inverts the canvas in the dark, as it does with pictures.
    const rgb = channels === 3 ? [0, 1, 2].map((k) => 127.5 * (values[3 * p + k] + 1)) : ramp[Math.round(((values[p] + 1) / 2) * (ramp.length - 1))];
    image.data.set([...rgb, 255], 4 * p);
  }
  Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** The terms of a neuron worth a curve: those of the largest bits at the end, and of the largest weights. */
function termsToDraw(N, j) {
  const { millibits } = N.history, weight = goalOfLayer(N)?.goal?.weights ?? {}, atoms = Object.keys(millibits).filter((l) => l !== "goal");
  const end = (l) => Math.abs(millibits[l][j].at(-1));
  const strongest = [...atoms].sort((a, b) => end(b) - end(a)), heaviest = [...atoms].sort((a, b) => Math.abs(weight[b] ?? 0) - Math.abs(weight[a] ?? 0));
  return [...new Set(["goal", ...strongest.slice(0, 4), ...heaviest.slice(0, 3)])];
}

/** One line about what the run did not record; null if everything is there. */
function notRecorded(N) {
  const lacking = [N.history || !N.labels.length ? null : "its atoms", N.shape && !N.development?.pixels ? "its receptive field" : null, N.development?.classes ? null : "its responses"].filter(Boolean);
  return lacking.length ? el("p", { class: "note lacking" }, `Not recorded in this training: ${lacking.join(", ")}. Train again to see them; fields of layers with more than 1.3 million weights are never recorded.`) : null;
}

/** The card with the slider; only the note if nothing was recorded. */
function developmentCard(N, j) {
  const D = N.development, H = N.history, epochs = D?.epochs ?? H?.epochs;
  if (!epochs) return card("", notRecorded(N));
  let shown = epochs.length - 1, recorded = null;
  const atomsAt = (epoch) => Math.max(0, H.epochs.findLastIndex((e) => e <= epoch));
  const bits = (label, i) => H.millibits[label][j][i] / 1000;
  const parts = [], charts = [];

  const canvas = D?.pixels && N.shape ? el("canvas", { class: "field", role: "img", "aria-label": "receptive field" }) : null;
  if (canvas) parts.push(el("div", {}, el("h3", {}, "Receptive field"), canvas));
  if (D?.classes) {
    const responses = chart((c) => ({
      traces: [{ type: "bar", x: N.classes, y: recorded ? recorded[shown].responses : [], marker: { color: c.accent }, hovertemplate: "%{x}: %{y:.2f}<extra></extra>" }],
      layout: { xaxis: { type: "category", title: { text: "class" } }, yaxis: { range: [0, 1], title: { text: "probability of firing" } } },
    }));
    charts.push(responses);
    parts.push(el("div", {}, el("h3", {}, "Firing probability by class"), responses));
  }
  let view = null;
  if (H) {
    const drawn = content.diagrams[goalOfLayer(N)?.sources], atoms = Object.keys(H.millibits).filter((l) => l !== "goal"), terms = termsToDraw(N, j);
    if (drawn) {
      const limit = largest(atoms.filter((l) => l !== "H_res").flatMap((l) => H.millibits[l][j].map((v) => v / 1000)));
      view = diagram(drawn, {}, limit);
      view.show = (i) => view.paint(Object.fromEntries(atoms.map((l) => [l, bits(l, i)])));
      parts.push(el("div", {}, el("h3", {}, "Its information in bits"), view, legend(limit, "bits")));
    }
    const curves = chart((c) => ({
      traces: terms.map((l) => ({ x: H.epochs, y: H.epochs.map((_, i) => bits(l, i)), name: l, mode: H.epochs.length > 1 ? "lines" : "markers", hovertemplate: "%{y:.3f}" })),
      layout: { xaxis: { title: { text: "epoch" } }, yaxis: { title: { text: "bits" } }, hovermode: "x unified", showlegend: true,
        shapes: [{ type: "line", x0: epochs[shown], x1: epochs[shown], yref: "paper", y0: 0, y1: 1, line: { color: c.soft, width: 1, dash: "dot" } }] },
    }), "tall");
    charts.push(curves);
    parts.push(el("div", {}, el("h3", {}, "Its atoms over training"), curves));
  }

  const output = el("output", {}), play = el("button", { class: "play", onclick: () => (playing ? stop() : start()) }, "▶ Play");
  const slider = el("input", { type: "range", class: "epoch", min: 0, max: epochs.length - 1, value: shown, "aria-label": "epoch of the neuron", oninput: () => { stop(); show(+slider.value); } });

  /** Show an epoch, by its position; resolves when everything is drawn. */
  function show(i) {
    shown = i;
    slider.value = i;
    output.textContent = `epoch ${epochs[i]}`;
    slider.setAttribute("aria-valuetext", output.textContent);
    if (view) view.show(atomsAt(epochs[i]));
    if (canvas && recorded) drawField(canvas, recorded[i].field, N.shape);
    return Promise.all(charts.filter((node) => node.dataset.drawn).map(draw));
  }

  let playing = false;
  const stop = () => { playing = false; play.textContent = "▶ Play"; };
  async function start() {
    playing = true;
    play.textContent = "⏸ Pause";
    if (shown === epochs.length - 1) await show(0);
    while (playing && play.isConnected) {
      await new Promise((done) => setTimeout(done, MILLISECONDS_PER_EPOCH));
      if (playing) await show(shown + 1);
      if (shown === epochs.length - 1) stop();
    }
  }

  show(shown);
  if (D) developmentOf(N, j).then((values) => { recorded = values; return show(shown); });
  return el("div", { class: "card development" }, el("div", { class: "slider" }, play, slider, output), el("div", { class: "moving" }, parts), notRecorded(N),
    el("p", { class: "note" }, D?.classes ? `Recorded during training: responses on ${N.overview ? N.part : "held-out"} images with the label withheld, atoms on a batch of training images with their labels.` : "Recorded during training, on a batch of training images."));
}
