// @ts-check
// A small network that trains in the browser, on bars or on handwritten digits, as the Python package's presets `bars` and `setup-1` do:
// the same activations, bins, goals, gradients, optimizers, presentations and readout; tests/playground compares one step to 1e-6.
// What differs: numbers are float64; bars are drawn anew in every step, not from 10 000 images; no digits are held out for validation, so
// training uses all training images; accuracy is that with expected outputs; random numbers are others than in Python.
"use strict";

/** @typedef {import("./objective.js").Goal} Goal */
/** @typedef {import("./objective.js").Batch} Batch */
/** @typedef {import("./objective.js").Evaluator} Evaluator */
/** @typedef {import("./layer.js").Layer} Layer */
/** @typedef {import("./layer.js").Pass} Pass */
/** @typedef {import("./layer.js").Gain} Gain */
/** @typedef {import("./layer.js").Binning} Binning */
/** @typedef {import("./layer.js").Optimizer} Optimizer */
/** @typedef {import("./layer.js").OptimizerSettings} OptimizerSettings */

/**
 * How neurons of a layer fire and learn.
 * @typedef {{ gain: Gain, binning: Binning, optimizer: OptimizerSettings, goal: Goal }} Neurons
 */

/**
 * A task. `names` says in words what each source carries; `classes` is null without labels, else there is a readout.
 * @typedef {Neurons & {
 *   title: string, sources: string[], names: Record<string, string>, side: number, neurons: number, classes: number | null, batch: number,
 *   readout: Neurons | null
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

/** @typedef {{ pass: Pass, outputs: Float64Array, before: Float64Array }} Presentation */

/** @typedef {{ pixels: string, labels: string }} PackedImages */
/** @typedef {{ train: PackedImages, test: PackedImages }} PackedDigits */
/** @typedef {{ task: string, goal?: Goal, neurons?: number, seed?: number, digits?: PackedDigits }} Options */

const learning = (() => {
  const { random } = typeof module === "undefined" ? engine : require("./engine.js");
  const { termsOf, evaluatorOf, informationOf, labelsOf, weightsOf } = typeof module === "undefined" ? objective : require("./objective.js");
  const { dense, oneToOne, newPass, receive, fire, output, bin, batchOf, adam, learn } =
    typeof module === "undefined" ? layers : require("./layer.js");
  const SHADES = 17;
  const PROBE = 1024;
  // A neuron codes a bar if it is right in 99 of 100 images: 2 · 0.99 − 1.
  const CODES = 0.98;

  /** @type {Record<string, Task>} */
  const tasks = {
    bars: {
      title: "bars",
      sources: ["F", "C"],
      names: { F: "the image", C: "the other neurons" },
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
    digits: {
      title: "handwritten digits",
      sources: ["F", "C", "L"],
      names: { F: "the image", C: "the label", L: "the other neurons" },
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

  /**
   * Memory for presenting batches of at most `most` samples to a layer: the outputs of the last presentation, and of the one before.
   * @param {Layer} layer
   * @param {number} most
   * @returns {Presentation}
   */
  function presentationOf(layer, most) {
    return { pass: newPass(layer, most), outputs: new Float64Array(most * layer.neurons), before: new Float64Array(most * layer.neurons) };
  }

  /**
   * Present images twice: the outputs of the first presentation are the lateral input of the second, whose outputs are computed too.
   * @param {Layer} layer
   * @param {Presentation} presentation
   * @param {Samples} samples
   * @param {boolean} labeled whether labels are presented, if there are any
   * @param {(() => number) | null} draw as in `output`
   * @returns {(Float64Array | null)[]} the input of each source in the second presentation
   */
  function present(layer, { pass, outputs, before }, samples, labeled, draw) {
    const lateral = layer.connections.length - 1;
    /** @type {(Float64Array | null)[]} */
    const inputs = layer.connections.map(() => null);
    inputs[0] = samples.images;
    if (lateral > 1 && labeled) inputs[1] = samples.labels;
    pass.size = samples.size;
    inputs.forEach((input, source) => receive(layer, pass, source, input));
    fire(layer, pass);
    output(layer, pass, draw, before);
    inputs[lateral] = before;
    receive(layer, pass, lateral, before);
    fire(layer, pass);
    output(layer, pass, draw, outputs);
    return inputs;
  }

  /**
   * Present outputs of neurons to a readout, with labels or without.
   * @param {Layer} layer
   * @param {Pass} pass
   * @param {number} size
   * @param {(Float64Array | null)[]} inputs
   */
  function read(layer, pass, size, inputs) {
    pass.size = size;
    inputs.forEach((input, source) => receive(layer, pass, source, input));
    fire(layer, pass);
  }

  /**
   * A layer that learns, with its memory.
   * @param {Layer} layer
   * @param {Neurons} settings
   * @param {string[]} sources
   * @param {number} most
   */
  function learner(layer, settings, sources, most) {
    return {
      layer,
      presentation: presentationOf(layer, most),
      optimizer: adam(layer, settings.optimizer),
      evaluate: evaluatorOf(termsOf(settings.goal, sources), binsOf(layer), most),
    };
  }

  /** @param {Layer} layer */
  function binsOf(layer) {
    return layer.connections.map(() => layer.binning.count);
  }

  /** A network in training. The same options give the same training. Looking at it does not change what it does next. */
  class Training {
    /** @param {Options} options */
    constructor({ task: name, goal, neurons, seed = 0, digits }) {
      const task = tasks[name];
      if (!task) throw new RangeError(`\`task\` must be one of ${Object.keys(tasks).join(", ")}; got ${name}.`);
      if (task.classes && !digits) throw new RangeError(`\`digits\` must be given for the task ${name}.`);
      const count = neurons ?? task.neurons;
      if (!(Number.isInteger(count) && count >= 1)) throw new RangeError(`\`neurons\` must be a whole number from 1; got ${count}.`);
      const draw = random(seed);
      const classes = task.classes ?? 0;
      const label = task.classes ? [dense(count, task.classes, draw)] : [];
      const layer = {
        neurons: count,
        connections: [dense(count, task.side ** 2, draw), ...label, dense(count, count, draw, true)],
        gain: task.gain,
        binning: task.binning,
      };
      /** How many steps were made. */
      this.steps = 0;
      this.task = task;
      this.goal = goal ?? task.goal;
      this.seed = seed;
      this.draw = draw;
      this.hidden = learner(layer, { ...task, goal: this.goal }, task.sources, task.batch);
      this.readout = task.readout && learner(readoutOf(task.readout, classes, count, draw), task.readout, ["F", "C"], task.batch);
      this.data = digits && task.classes ? digitsOf(task, digits, draw) : barsOf(task, draw);
      this.samples = newSamples(task, task.batch);
      this.probed = presentationOf(layer, this.data.probe.size);
      this.shown = presentationOf(layer, this.data.shown.size);
      this.reading = this.readout && newPass(this.readout.layer, this.data.shown.size);
      /** Which readout neurons are inverted: they learned "not my class". */
      this.inverted = new Array(classes).fill(false);
      /** Σ θ of readout neurons in this pass through the data, and the number of its images. */
      this.fired = new Float64Array(classes);
      this.presented = 0;
      /** @type {Map<string, unknown>} what was computed since the last step */
      this.looked = new Map();
    }

    /** Make one step of learning, on one batch. */
    step() {
      const { samples } = this;
      const ends = this.data.next(samples);
      const { layer, presentation, evaluate, optimizer } = this.hidden;
      const inputs = present(layer, presentation, samples, true, this.draw);
      learn(layer, presentation.pass, inputs, evaluate, optimizer);
      if (this.readout) this.learnReadout(this.readout, ends);
      this.steps++;
      this.looked.clear();
    }

    /**
     * @param {ReturnType<typeof learner>} readout
     * @param {boolean} ends
     */
    learnReadout({ layer, presentation: { pass }, evaluate, optimizer }, ends) {
      const { size, labels } = this.samples;
      const inputs = [this.hidden.presentation.outputs, labels];
      read(layer, pass, size, inputs);
      learn(layer, pass, inputs, evaluate, optimizer);
      for (let j = 0; j < layer.neurons; j++) for (let i = 0; i < size; i++) this.fired[j] += pass.firingProb[j * size + i];
      this.presented += size;
      if (!ends) return;
      // Information is blind to the sign of an output. A neuron that fires for more than half of all images learned "not my class".
      this.inverted = Array.from(this.fired, (sum) => sum > this.presented / 2);
      this.fired.fill(0);
      this.presented = 0;
    }

    /** The weights of the image: one array of pixels per neuron. */
    fields() {
      const { neurons, connections } = this.hidden.layer;
      const { inputs, weight } = connections[0];
      return Array.from({ length: neurons }, (_, j) => Float32Array.from(/** @type {Float64Array} */ (weight).subarray(j * inputs, (j + 1) * inputs)));
    }

    /** The mean firing probability of each neuron for each class or bar, with labels withheld and expected outputs. */
    responses() {
      return this.once("responses", () => {
        const { firingProb, size } = this.presentShown().pass;
        return Array.from({ length: this.hidden.layer.neurons }, (_, j) =>
          this.data.groups.map((group) => group.reduce((sum, i) => sum + firingProb[j * size + i], 0) / group.length),
        );
      });
    }

    /** Every atom and the residual entropy of each neuron in bits, from a fixed set of training images with newly drawn outputs. */
    atoms() {
      return this.once("atoms", () => {
        const { layer } = this.hidden;
        // Its own generator, so that looking does not change the training.
        present(layer, this.probed, this.data.probe, true, random(this.seed + PROBE * (this.steps + 1)));
        bin(layer, this.probed.pass);
        const { atoms, residualEntropy } = informationOf(batchOf(layer, this.probed.pass), binsOf(layer));
        return { labels: labelsOf(this.task.sources), ofNeurons: atoms, residualEntropy };
      });
    }

    /** The goal of each neuron in bits, from the same images as the atoms. */
    goalValues() {
      const { ofNeurons, residualEntropy } = this.atoms();
      const weights = weightsOf(this.goal, this.task.sources);
      return ofNeurons.map((own, j) =>
        own.reduce((sum, atom, i) => sum + weights[i] * atom, this.goal.residualEntropy * residualEntropy[j]),
      );
    }

    /** How much the network got right: images of digits whose label the readout finds, or bars that a neuron codes. */
    accuracy() {
      return this.once("accuracy", () => (this.readout && this.reading ? this.digitsRight(this.readout.layer, this.reading) : this.barsFound()));
    }

    /**
     * @param {Layer} layer
     * @param {Pass} pass
     */
    digitsRight(layer, pass) {
      const { size, labels } = this.data.shown;
      read(layer, pass, size, [this.presentShown().outputs, null]);
      let right = 0;
      for (let i = 0; i < size; i++) {
        let best = 0;
        let most = -1;
        for (let j = 0; j < layer.neurons; j++) {
          const theta = pass.firingProb[j * size + i];
          const score = this.inverted[j] ? 1 - theta : theta;
          if (score > most) [best, most] = [j, score];
        }
        right += labels[i * layer.neurons + best];
      }
      const value = right / size;
      return { value, text: `${(100 * value).toFixed(1)} % of ${size} held-out images` };
    }

    barsFound() {
      const { firingProb, size } = this.presentShown().pass;
      const found = this.data.groups.filter((group) => {
        const on = new Set(group);
        for (let j = 0; j < this.hidden.layer.neurons; j++) {
          let agreement = 0;
          for (let i = 0; i < size; i++) agreement += firingProb[j * size + i] >= 0.5 === on.has(i) ? 1 : -1;
          if (Math.abs(agreement) >= CODES * size) return true;
        }
        return false;
      }).length;
      return { value: found / this.data.groups.length, text: `${found} of ${this.data.groups.length} bars` };
    }

    presentShown() {
      return this.once("shown", () => {
        present(this.hidden.layer, this.shown, this.data.shown, false, null);
        return this.shown;
      });
    }

    /**
     * @template T
     * @param {string} what
     * @param {() => T} compute
     * @returns {T}
     */
    once(what, compute) {
      if (!this.looked.has(what)) this.looked.set(what, compute());
      return /** @type {T} */ (this.looked.get(what));
    }
  }

  /**
   * One neuron per class, with all neurons below as F and its own label as C.
   * @param {Neurons} settings
   * @param {number} classes
   * @param {number} inputs
   * @param {() => number} draw
   * @returns {Layer}
   */
  function readoutOf({ gain, binning }, classes, inputs, draw) {
    return { neurons: classes, connections: [dense(classes, inputs, draw), oneToOne(classes)], gain, binning };
  }

  return { tasks, create: (/** @type {Options} */ options) => new Training(options) };
})();
if (typeof module !== "undefined") module.exports = learning;
