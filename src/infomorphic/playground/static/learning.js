// @ts-check
// A small network that trains in the browser, as those of the Python package's presets `bars`, `setup-1`, `context` and `lateral` do: the same
// activations, bins, goals, gradients, optimizers, presentations and readout. tests/agreement compares steps and trained networks with the package.
// What differs: numbers are float64, random numbers are others than in Python, and accuracy is that with expected outputs. See also tasks.js.
"use strict";

/** @typedef {import("./objective.js").Goal} Goal */
/** @typedef {import("./layer.js").Layer} Layer */
/** @typedef {import("./layer.js").Pass} Pass */
/** @typedef {import("./tasks.js").Neurons} Neurons */
/** @typedef {import("./tasks.js").Samples} Samples */
/** @typedef {import("./tasks.js").Input} Input */
/** @typedef {import("./tasks.js").PackedDigits} PackedDigits */

/**
 * What a layer gives in the last presentation, its outputs, and those of the presentation before, if there was one.
 * @typedef {{ pass: Pass, outputs: Float64Array, before: Float64Array }} Presentation
 */

/** @typedef {{ task: string, goal?: Goal, neurons?: number, seed?: number, digits?: PackedDigits }} Options */

const learning = (() => {
  const { random } = typeof module === "undefined" ? engine : require("./engine.js");
  const { termsOf, evaluatorOf, informationOf, labelsOf, weightsOf } = typeof module === "undefined" ? objective : require("./objective.js");
  const { dense, oneToOne, newPass, receive, fire, output, bin, batchOf, adam, learn } =
    typeof module === "undefined" ? layers : require("./layer.js");
  const { tasks, barsOf, digitsOf, newSamples } = typeof module === "undefined" ? learningTasks : require("./tasks.js");
  // A neuron codes a bar if it is right in 99 of 100 images: 2 · 0.99 − 1.
  const CODES = 0.98;
  // The first seed of draws for what is shown. Training has another generator, so that looking does not change it.
  const LOOKING = 2 ** 31;

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
   * Currents and firing probabilities from the inputs of each source.
   * @param {Layer} layer
   * @param {Pass} pass
   * @param {number} size
   * @param {(Float64Array | null)[]} inputs
   */
  function respond(layer, pass, size, inputs) {
    pass.size = size;
    inputs.forEach((input, source) => receive(layer, pass, source, input));
    fire(layer, pass);
  }

  /**
   * Present images: once, or twice if neurons receive each other. Then the outputs of the first presentation are an input of the second.
   * @param {Layer} layer
   * @param {Input[]} carried by source
   * @param {Presentation} presentation
   * @param {Samples} samples
   * @param {boolean} labeled whether labels are presented, if there are any
   * @param {(() => number) | null} draw as in `output`
   * @returns {(Float64Array | null)[]} the input of each source in the last presentation
   */
  function present(layer, carried, { pass, outputs, before }, samples, labeled, draw) {
    const given = { image: samples.images, label: labeled ? samples.labels : null, others: null };
    const inputs = carried.map((input) => given[input]);
    const others = carried.indexOf("others");
    respond(layer, pass, samples.size, inputs);
    if (others >= 0) {
      output(layer, pass, draw, before);
      inputs[others] = before;
      receive(layer, pass, others, before);
      fire(layer, pass);
    }
    output(layer, pass, draw, outputs);
    return inputs;
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
      const sizes = { image: task.side ** 2, label: classes, others: count };
      const layer = {
        neurons: count,
        connections: task.inputs.map((input) => dense(count, sizes[input], draw, input === "others")),
        gain: task.gain,
        binning: task.binning,
      };
      /** How many steps were made. */
      this.steps = 0;
      this.task = task;
      this.goal = goal ?? task.goal;
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
      const inputs = present(layer, this.task.inputs, presentation, samples, true, this.draw);
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
      respond(layer, pass, size, inputs);
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
      const all = Float32Array.from(weight ?? []);
      return Array.from({ length: neurons }, (_, j) => all.slice(j * inputs, (j + 1) * inputs));
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
        present(layer, this.task.inputs, this.probed, this.data.probe, true, random(LOOKING + this.steps));
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
      respond(layer, pass, size, [this.presentShown().outputs, null]);
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
        present(this.hidden.layer, this.task.inputs, this.shown, this.data.shown, false, null);
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
