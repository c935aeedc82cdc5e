// The learning of the playground, by node's test runner: node --test tests/playground
"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const path = require("node:path");
const pages = path.join(__dirname, "../../src/infomorphic/playground/static");
const engine = require(path.join(pages, "engine.js"));
const objective = require(path.join(pages, "objective.js"));
const layers = require(path.join(pages, "layer.js"));
const learning = require(path.join(pages, "learning.js"));

const close = (a, b, tolerance = 1e-9) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);
const sum = (values) => values.reduce((total, value) => total + value, 0);
const FCL = ["F", "C", "L"];

/** A batch of random bins and firing probabilities of two neurons. */
function randomBatch(sources, bins, size, draw) {
  const room = 2 * size;
  return {
    neurons: 2,
    size,
    bins: Array.from({ length: sources }, () => Int32Array.from({ length: room }, () => Math.floor(draw() * bins))),
    firingProb: Float64Array.from({ length: room }, () => 0.05 + 0.9 * draw()),
  };
}

/** The values of a goal for a batch, from atoms. */
function valuesOf(goal, sources, batch, numBins) {
  const { atoms, residualEntropy } = objective.informationOf(batch, numBins);
  const weights = objective.weightsOf(goal, sources);
  return atoms.map((own, j) => sum(own.map((atom, i) => weights[i] * atom)) + goal.residualEntropy * residualEntropy[j]);
}

/** Images of ten classes: every tenth pixel is bright, beginning at the class; the others are noise. */
function toyDigits(count, seed) {
  const draw = engine.random(seed);
  const labels = Array.from({ length: count }, (_, i) => i % 10);
  const shade = (label, pixel) => (pixel % 10 === label ? 12 : Math.floor(5 * draw())).toString(17);
  return { labels: labels.join(""), pixels: labels.map((label) => Array.from({ length: 64 }, (_, pixel) => shade(label, pixel)).join("")).join("") };
}
const DIGITS = { train: toyDigits(300, 1), test: toyDigits(100, 2) };

test("atoms of a batch are those of its joint distribution, and sum to the mutual information", () => {
  const batch = randomBatch(3, 3, 40, engine.random(0));
  const found = objective.informationOf(batch, [3, 3, 3]);
  for (let j = 0; j < 2; j++) {
    const p = new Float64Array(54);
    for (let i = j * 40; i < (j + 1) * 40; i++) {
      const cell = 2 * batch.bins.reduce((key, own) => 3 * key + own[i], 0);
      p[cell] += (1 - batch.firingProb[i]) / 40;
      p[cell + 1] += batch.firingProb[i] / 40;
    }
    const expected = engine.decompose({ sizes: [3, 3, 3, 2], p });
    expected.atoms.forEach((atom, i) => close(found.atoms[j][i], atom));
    close(sum(found.atoms[j]), expected.informations[6]);
    close(found.residualEntropy[j], expected.residualEntropy);
  }
});

test("gradients are finite differences", () => {
  const goals = [
    { weights: { "{F}{C}": 1, "{F}{L}": -1, "{FC}{FL}": 0.5, "{FCL}": 0.3 }, residualEntropy: -0.2 },
    { weights: { "{L}": 1 }, residualEntropy: 0 },
    { weights: {}, residualEntropy: 1 },
  ];
  for (const goal of goals) {
    const batch = randomBatch(3, 4, 30, engine.random(5));
    const gradient = new Float64Array(60);
    objective.evaluatorOf(objective.termsOf(goal, FCL), [4, 4, 4], 50)(batch, gradient, null);
    for (const i of [0, 7, 29, 30, 59]) {
      const theta = batch.firingProb[i], step = 1e-5, j = Math.floor(i / 30);
      const [up, down] = [step, -step].map((by) => { batch.firingProb[i] = theta + by; return valuesOf(goal, FCL, batch, [4, 4, 4])[j]; });
      batch.firingProb[i] = theta;
      close(gradient[i], (up - down) / (2 * step), 1e-7);
    }
  }
});

test("weights ascend: a small step adds the squared gradient to the goals, with bins held", () => {
  const draw = engine.random(3), size = 100, sources = ["F", "C"];
  const layer = { neurons: 3, connections: [layers.dense(3, 6, draw), layers.dense(3, 3, draw, true)], gain: { base: 0.5, alpha: 1, beta: 2 }, binning: { count: 5, range: null } };
  const inputs = [6, 3].map((count) => Float64Array.from({ length: size * count }, () => (draw() < 0.5 ? 1 : -1)));
  const goal = { weights: { "{F}": 1, "{F}{C}": -0.5 }, residualEntropy: 0.1 };
  const pass = layers.newPass(layer, size), optimizer = layers.adam(layer, { learningRate: 0, weightDecay: 0 });
  const present = () => { pass.size = size; inputs.forEach((input, s) => layers.receive(layer, pass, s, input)); layers.fire(layer, pass); };
  const total = () => sum(valuesOf(goal, sources, layers.batchOf(layer, pass), [5, 5]));
  present();
  layers.learn(layer, pass, inputs, objective.evaluatorOf(objective.termsOf(goal, sources), [5, 5], size), optimizer);
  const before = total(), step = 1e-4;
  optimizer.parameters.forEach((parameter, n) => parameter.forEach((_, i) => (parameter[i] += step * optimizer.gradients[n][i])));
  present(); // the bins stay those of before
  const squared = sum(optimizer.gradients.map((gradient) => sum([...gradient].map((g) => g * g))));
  close((total() - before) / step, squared, 1e-3 * squared);
  for (let j = 0; j < 3; j++) close(layer.connections[1].weight[j * 3 + j], 0, 0);
});

test("labels of goals: any spelling, and only those of the sources", () => {
  assert.deepEqual(objective.labelsOf(["F", "C"]), ["{F}{C}", "{F}", "{C}", "{FC}"]);
  assert.deepEqual(objective.weightsOf({ weights: { "{CF}": 2, "{C}{F}": 1 }, residualEntropy: 0 }, ["F", "C"]), [1, 0, 0, 2]);
  assert.throws(() => learning.create({ task: "bars", goal: { weights: { "{L}": 1 }, residualEntropy: 0 } }), /sources F, C; got \{L\}/);
  assert.throws(() => objective.weightsOf({ weights: { "{F}": NaN }, residualEntropy: 0 }, FCL), /finite number; got NaN/);
});

test("what cannot be trained is refused with a sentence", () => {
  assert.throws(() => learning.create({ task: "faces" }), /one of bars, digits, context, lateral; got faces/);
  assert.throws(() => learning.create({ task: "digits" }), /`digits` must be given/);
  assert.throws(() => learning.create({ task: "bars", neurons: 0 }), /whole number from 1; got 0/);
});

test("the same seed gives the same training, whether it is looked at or not", () => {
  for (const task of Object.keys(learning.tasks)) {
    const [one, again, other] = [4, 4, 5].map((seed) => learning.create({ task, seed, digits: DIGITS, neurons: 5 }));
    for (let i = 0; i < 12; i++) {
      for (const training of [one, again, other]) training.step();
      one.atoms(); one.accuracy(); one.responses(); one.goalValues();
    }
    assert.deepEqual(one.fields(), again.fields());
    assert.deepEqual(one.atoms(), again.atoms());
    assert.notDeepEqual(one.fields(), other.fields());
    assert.equal(one.steps, 12);
  }
});

test("what is shown has the shape of the task, and the goals are made of the atoms", () => {
  const goal = { weights: { "{F}{C}": 1, "{F}{L}": -0.5 }, residualEntropy: 0.25 };
  const training = learning.create({ task: "digits", seed: 0, digits: DIGITS, goal, neurons: 6 });
  training.step();
  const { labels, ofNeurons, residualEntropy } = training.atoms();
  assert.deepEqual([training.fields().length, training.fields()[0].length], [6, 64]);
  assert.deepEqual([training.responses().length, training.responses()[0].length], [6, 10]);
  assert.deepEqual([labels.length, ofNeurons.length, ofNeurons[0].length], [18, 6, 18]);
  training.goalValues().forEach((value, j) =>
    close(value, ofNeurons[j][labels.indexOf("{F}{C}")] - 0.5 * ofNeurons[j][labels.indexOf("{F}{L}")] + 0.25 * residualEntropy[j]));
});

test("neurons receive what their task says, and a goal of other sources is refused", () => {
  const inputs = { bars: ["image", "others"], digits: ["image", "label", "others"], context: ["image", "label"], lateral: ["image", "others"] };
  for (const [task, { sources, names }] of Object.entries(learning.tasks)) {
    const training = learning.create({ task, digits: DIGITS, neurons: 6 });
    assert.deepEqual(learning.tasks[task].inputs, inputs[task]);
    const sizes = inputs[task].map((input) => ({ image: 64, label: 10, others: 6 })[input]);
    assert.deepEqual(training.hidden.layer.connections.map((c) => c.inputs), sizes);
    assert.deepEqual(training.hidden.layer.connections.map((c) => c.withoutSelf), inputs[task].map((input) => input === "others"));
    assert.equal(names[sources.at(-1)], task === "context" ? "the label" : "the other neurons");
    const other = { weights: { "{X}": 1 }, residualEntropy: 0 };
    assert.throws(() => learning.create({ task, digits: DIGITS, goal: other }), new RegExp(`sources ${sources.join(", ")}; got`));
  }
});

test("every pass through the digits presents each image once", () => {
  const training = learning.create({ task: "digits", digits: DIGITS });
  const seen = [], { data, samples } = training;
  for (let ends = false; !ends; ) {
    ends = data.next(samples);
    for (let i = 0; i < samples.size; i++) seen.push(samples.images.slice(i * 64, (i + 1) * 64).join());
  }
  assert.equal(seen.length, 300);
  assert.equal(new Set(seen).size, 300);
});

test("unique information finds the bars, and synergy does not", () => {
  const found = (label) => {
    const training = learning.create({ task: "bars", seed: 1, goal: { weights: { [label]: 1 }, residualEntropy: 0 } });
    for (let i = 0; i < 200; i++) training.step();
    return training.accuracy();
  };
  assert.deepEqual(found("{F}"), { value: 1, text: "8 of 8 bars" });
  assert.ok(found("{FC}").value < 0.5);
});

test("redundancy with the label finds the classes, whether others are received or not", () => {
  for (const task of ["digits", "context"]) {
    const training = learning.create({ task, seed: 0, digits: DIGITS });
    for (let i = 0; i < 400; i++) training.step();
    assert.ok(training.accuracy().value > 0.9, training.accuracy().text);
  }
});
