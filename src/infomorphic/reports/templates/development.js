"use strict";
// How a neuron developed: its receptive field, its responses and its atoms in the recorded epochs, moved by one player.

const FIELD_ZERO = 32, CERTAIN = 255;
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

/** A receptive field in words: where its extreme weights are. */
function fieldInWords(values, [height, width, channels = 1]) {
  const place = (v) => { const p = Math.floor(values.indexOf(v) / channels); return `row ${Math.floor(p / width) + 1}, column ${(p % width) + 1}`; };
  return `${height} × ${width} pixels, the largest weight in ${place(Math.max(...values))}, the smallest in ${place(Math.min(...values))}`;
}

/** One sentence about what the run did not record; null if everything is there. */
function notRecorded(N) {
  const lacking = [N.history || !N.labels.length ? null : "atoms", N.shape && !N.development?.pixels ? "receptive field" : null, N.development?.classes ? null : "responses"].filter(Boolean);
  const again = "Train it again to see them; fields of layers with more than 1.3 million weights are never recorded.";
  if (!lacking.length) return null;
  return el("p", { class: "note lacking" }, N.development || N.history ? `This run did not record, epoch by epoch, its ${lacking.join(", ")}. ${again}` : `This run has no record of how its neurons developed, so there is nothing to show here. ${again}`);
}

/** The player and the cards that it moves; only a sentence if nothing was recorded. */
function developmentCards(N, j) {
  const D = N.development, H = N.history, epochs = D?.epochs ?? H?.epochs;
  if (!epochs) return [notRecorded(N)];
  let shown = epochs.length - 1, recorded = null;
  const momentOf = (epoch) => Math.max(0, H.epochs.findLastIndex((e) => e <= epoch)), bits = (label, i) => H.millibits[label][j][i] / 1000;
  const cards = [], moved = [];

  const canvas = D?.pixels && N.shape ? el("canvas", { class: "field", role: "img", "aria-label": "not unpacked yet" }) : null;
  if (canvas) cards.push(card("Receptive field", canvas));
  if (D?.classes) {
    const responses = chart((c) => ({
      traces: [{ type: "bar", x: N.classes, y: recorded ? recorded[shown].responses : [], marker: { color: c.accent }, hovertemplate: "%{x}: %{y:.2f}<extra></extra>" }],
      layout: { xaxis: { type: "category", title: { text: "class" } }, yaxis: { range: [0, 1], title: { text: "probability of firing" } } },
    }));
    moved.push(responses);
    cards.push(card("Firing probability by class, over the epochs", responses));
  }
  let view = null;
  if (H) {
    const drawn = content.diagrams[goalOfLayer(N)?.sources], atoms = Object.keys(H.millibits).filter((l) => l !== "goal"), terms = termsToDraw(N, j);
    if (drawn) {
      const limit = largest(atoms.filter((l) => l !== "H_res").flatMap((l) => H.millibits[l][j].map((v) => v / 1000)));
      view = diagram(drawn, {}, limit);
      view.show = (i) => view.paint(Object.fromEntries(atoms.map((l) => [l, bits(l, i)])));
      cards.push(card("Its information in bits, over the epochs", view, legend(limit, "bits")));
    }
    const curves = linesOf(() => ({ epochs: H.epochs, series: Object.fromEntries(terms.map((l) => [l, H.epochs.map((_, i) => bits(l, i))])) }), "bits", { at: () => epochs[shown] });
    moved.push(curves);
    cards.push(card("Its atoms over training", curves));
  }

  const label = (figure, words) => figure.setAttribute("aria-label", [figure.dataset.title, words].filter(Boolean).join(". "));
  const moving = player({
    label: `epoch of neuron ${j}`,
    show(i) {
      shown = i;
      view?.show(momentOf(epochs[i]));
      if (canvas && recorded) {
        drawField(canvas, recorded[i].field, N.shape);
        label(canvas, `Epoch ${epochs[i]}: ${fieldInWords(recorded[i].field, N.shape)}`);
      }
      for (const node of moved) label(node, `Epoch ${epochs[i]}. ${chartInWords(charts.get(node)(chartColors()))}`);
      return Promise.all(moved.filter((node) => node.dataset.drawn).map(draw));
    },
    inWords(i) {
      const goal = H && "goal" in H.millibits ? `goal ${number(bits("goal", momentOf(epochs[i])))} bits` : null, most = recorded && D.classes ? Math.max(...recorded[i].responses) : null;
      return listed([goal, most === null ? null : `fires most for ${N.classes[recorded[i].responses.indexOf(most)]} (${number(most, 2)})`].filter(Boolean));
    },
  });
  moving.load(epochs.map((e) => `epoch ${e}`), shown);
  if (D) developmentOf(N, j).then((values) => { recorded = values; return moving.again(); });
  return [el("div", { class: "card moves" }, moving.node), el("div", { class: "grid development" }, cards), notRecorded(N),
    el("p", { class: "note" }, D?.classes ? `Recorded during training: responses on ${N.overview ? N.part : "held-out"} images with the label withheld, atoms on a batch of training images with their labels.` : "Recorded during training, on a batch of training images.")].filter(Boolean);
}
