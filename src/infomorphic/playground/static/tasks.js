// @ts-check
// What the networks of the playground learn: bars, and handwritten digits, with the settings of the Python package's presets `bars`,
// `setup-1`, `context` and `lateral`. What differs: bars are drawn anew in every step, not from 10 000 images, and no digits are held out for validation, so training
// uses all training images.
"use strict";

/** @typedef {import("./objective.js").Goal} Goal */
/** @typedef {import("./layer.js").Gain} Gain */
/** @typedef {import("./layer.js").Binning} Binning */
/** @typedef {import("./layer.js").OptimizerSettings} OptimizerSettings */

/**
 * How neurons of a layer fire and learn.
 * @typedef {{ gain: Gain, binning: Binning, optimizer: OptimizerSettings, goal: Goal }} Neurons
 */

/** What a source carries: the image, the label of the image, or the outputs of the other neurons. @typedef {"image" | "label" | "others"} Input */

/**
 * A task. `inputs` is what each source carries, and `names` says it in words; `classes` is null without labels, else there is a readout.
 * `preset` is the preset of the package.
 * @typedef {Neurons & {
 *   preset: string, title: string, sources: string[], inputs: Input[], names: Record<string, string>, side: number, neurons: number,
 *   classes: number | null, batch: number, readout: Neurons | null
 * }} Task
 */

/**
 * Images, one after the other, and for each the inputs of its label (1 for its class, else 0), which are empty without labels.
 * @typedef {{ size: number, images: Float64Array, labels: Float64Array }} Samples
 */

/**
 * The data of a task. `next` fills the samples with a batch, and returns whether it was the last of a pass through the data. `groups` are
 * those of `shown`, images that are not trained on as such: the images of each class, or with each bar.
 * @typedef {{ next: (into: Samples) => boolean, probe: Samples, shown: Samples, groups: number[][] }} Data
 */

/** @typedef {{ pixels: string, labels: string }} PackedImages */
/** @typedef {{ train: PackedImages, test: PackedImages }} PackedDigits */

const learningTasks = (() => {
  // Pixels are written with one digit each, from 0 to g.
  const SHADES = 17;
  // The number of images from which atoms are estimated, as in Python's runs.
  const PROBE = 1024;

  /** @type {Record<Input, string>} */
  const WORDS = { image: "the image", label: "the label", others: "the other neurons" };

  /**
   * The sources of a task, from what each carries by its letter.
   * @param {Record<string, Input>} carried
   */
  const sourcesOf = (carried) => ({
    sources: Object.keys(carried),
    inputs: Object.values(carried),
    names: Object.fromEntries(Object.entries(carried).map(([source, input]) => [source, WORDS[input]])),
  });

  /** @type {Task} */
  const digits = {
    preset: "setup-1",
    title: "digits",
    ...sourcesOf({ F: "image", C: "label", L: "others" }),
    side: 8,
    neurons: 16,
    classes: 10,
    batch: 64,
    gain: { base: 0.8, alpha: 0.1, beta: 2 },
    binning: { count: 20, range: [-20, 20] },
    optimizer: { learningRate: 0.002, weightDecay: 0.00035 },
    goal: { weights: { "{F}{C}": 1, "{F}{L}": -1 }, residualEntropy: 0 },
    readout: {
      gain: { base: 1, alpha: 0, beta: 2 },
      binning: { count: 20, range: null },
      optimizer: { learningRate: 0.003, weightDecay: 0.00015 },
      goal: { weights: { "{F}{C}": 1, "{F}": -0.2, "{C}": 0.1, "{FC}": 0.1 }, residualEntropy: 0 },
    },
  };

  /** @type {Record<string, Task>} */
  const tasks = {
    bars: {
      preset: "bars",
      title: "bars",
      ...sourcesOf({ F: "image", C: "others" }),
      side: 8,
      neurons: 8,
      classes: null,
      batch: 1000,
      gain: { base: 0.5, alpha: 1, beta: 2 },
      binning: { count: 5, range: null },
      optimizer: { learningRate: 0.01, weightDecay: 0.15 },
      goal: { weights: { "{F}": 1 }, residualEntropy: 0 },
      readout: null,
    },
    digits,
    context: {
      ...digits,
      preset: "context",
      ...sourcesOf({ F: "image", C: "label" }),
      gain: { base: 0.9, alpha: 0.2, beta: 2 },
      goal: { weights: { "{F}{C}": 1 }, residualEntropy: 0 },
    },
    lateral: {
      ...digits,
      preset: "lateral",
      ...sourcesOf({ F: "image", L: "others" }),
      gain: { base: 0.9, alpha: 0.2, beta: 2 },
      goal: { weights: { "{F}": 1 }, residualEntropy: 0 },
    },
  };

  /**
   * Bars: horizontal lines, each on (+1) or off (−1) with probability 1/2.
   * @param {Task} task
   * @param {() => number} draw
   * @returns {Data}
   */
  function barsOf(task, draw) {
    const { side } = task;
    const patterns = 2 ** side;
    /** @type {(into: Samples, patternOf: (image: number) => number) => Samples} */
    const drawn = (into, patternOf) => {
      for (let i = 0, at = 0; i < into.size; i++) {
        const pattern = patternOf(i);
        for (let bar = 0; bar < side; bar++, at += side) into.images.fill(isOn(pattern, bar) ? 1 : -1, at, at + side);
      }
      return into;
    };
    const every = Array.from({ length: patterns }, (_, pattern) => pattern);
    return {
      next: (into) => {
        into.size = task.batch;
        drawn(into, () => Math.floor(draw() * patterns));
        return true;
      },
      probe: drawn(newSamples(task, PROBE), (i) => i % patterns),
      shown: drawn(newSamples(task, patterns), (i) => i),
      groups: Array.from({ length: side }, (_, bar) => every.filter((pattern) => isOn(pattern, bar))),
    };
  }

  /**
   * @param {number} pattern
   * @param {number} bar
   */
  function isOn(pattern, bar) {
    return ((pattern >> bar) & 1) === 1;
  }

  /**
   * Digits: images standardized by the training images, presented in a new random order in every pass.
   * @param {Task} task
   * @param {PackedDigits} digits
   * @param {() => number} draw
   * @returns {Data}
   */
  function digitsOf(task, digits, draw) {
    const pixels = task.side ** 2;
    const classes = Number(task.classes);
    const raw = unpacked(digits.train);
    const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length;
    const deviation = Math.sqrt(raw.reduce((sum, value) => sum + (value - mean) ** 2, 0) / raw.length);
    const [train, test] = [digits.train, digits.test].map((part) => {
      const labels = new Float64Array(part.labels.length * classes);
      [...part.labels].forEach((label, i) => (labels[i * classes + Number(label)] = 1));
      return { size: part.labels.length, images: unpacked(part).map((value) => (value - mean) / deviation), labels };
    });
    const order = Int32Array.from({ length: train.size }, (_, i) => i);
    let at = 0;
    /** @type {(into: Samples, of: Samples, image: number, place: number) => void} */
    const copy = (into, of, image, place) => {
      into.images.set(of.images.subarray(image * pixels, (image + 1) * pixels), place * pixels);
      into.labels.set(of.labels.subarray(image * classes, (image + 1) * classes), place * classes);
    };
    const probe = newSamples(task, Math.min(PROBE, train.size));
    for (let i = 0; i < probe.size; i++) copy(probe, train, i, i);
    return {
      next: (into) => {
        if (!at) shuffle(order, draw);
        into.size = Math.min(task.batch, train.size - at);
        for (let i = 0; i < into.size; i++) copy(into, train, order[at + i], i);
        at = (at + into.size) % train.size;
        return !at;
      },
      probe,
      shown: test,
      groups: Array.from({ length: classes }, (_, c) => [...digits.test.labels].flatMap((label, i) => (Number(label) === c ? [i] : []))),
    };
  }

  /** @param {PackedImages} part */
  function unpacked(part) {
    return Float64Array.from(part.pixels, (shade) => parseInt(shade, SHADES));
  }

  /**
   * @param {Int32Array} order
   * @param {() => number} draw
   */
  function shuffle(order, draw) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(draw() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
  }

  /**
   * @param {Task} task
   * @param {number} size
   * @returns {Samples}
   */
  function newSamples(task, size) {
    return { size, images: new Float64Array(size * task.side ** 2), labels: new Float64Array(size * Number(task.classes)) };
  }

  return { tasks, barsOf, digitsOf, newSamples };
})();
if (typeof module !== "undefined") module.exports = learningTasks;
