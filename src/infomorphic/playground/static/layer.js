// @ts-check
// A layer of neurons: currents, firing probabilities, and one step of learning from given inputs. It follows the Python package's
// `infomorphic.layers` and Adam as in `torch.optim.Adam`, in float64. Nothing here is random except initial weights and drawn outputs.
"use strict";

/**
 * The weights of a source, neuron by neuron, and its biases. Both are null for the label of a readout neuron, which receives its own input
 * with weight 1.
 * @typedef {{ inputs: number, weight: Float64Array | null, bias: Float64Array | null, withoutSelf: boolean }} Connection
 */

/**
 * The activation A = F [base + Σ alpha σ(beta F X)] over the other currents X.
 * @typedef {{ base: number, alpha: number, beta: number }} Gain
 */

/**
 * How many bins of equal width each current has, and their range; null for ± the largest magnitude of the neuron in the batch.
 * @typedef {{ count: number, range: [number, number] | null }} Binning
 */

/** @typedef {import("./objective.js").Batch} Batch */
/** @typedef {import("./objective.js").Evaluator} Evaluator */

/** @typedef {{ neurons: number, connections: Connection[], gain: Gain, binning: Binning }} Layer */

/**
 * What a layer computes from a batch, neuron by neuron (see Batch in objective.js), with room for `most` samples. `gradient` is that of the
 * goals with respect to firing probabilities, `ofCurrents` with respect to each current.
 * @typedef {{
 *   most: number, size: number, currents: Float64Array[], firingProb: Float64Array, bins: Int32Array[], gradient: Float64Array,
 *   ofCurrents: Float64Array[]
 * }} Pass
 */

/** @typedef {{ learningRate: number, weightDecay: number }} OptimizerSettings */

/**
 * Adam: the parameters of a layer, the gradient of the goals with respect to each, and the moments.
 * @typedef {{
 *   settings: OptimizerSettings, steps: number, parameters: Float64Array[], gradients: Float64Array[], first: Float64Array[],
 *   second: Float64Array[]
 * }} Optimizer
 */

const layers = (() => {
  const MARGIN = 1e-6;
  const DECAY_OF_FIRST = 0.9;
  const DECAY_OF_SECOND = 0.999;
  const EPSILON = 1e-8;

  /** @param {number} x */
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));

  /**
   * Weights and biases uniform in ±1/√inputs, as in torch.nn.Linear.
   * @param {number} neurons
   * @param {number} inputs
   * @param {() => number} draw
   * @param {boolean} [withoutSelf] whether the inputs are the neurons themselves, which do not receive their own output
   * @returns {Connection}
   */
  function dense(neurons, inputs, draw, withoutSelf = false) {
    const bound = 1 / Math.sqrt(Math.max(withoutSelf ? inputs - 1 : inputs, 1));
    const weight = Float64Array.from({ length: neurons * inputs }, () => (2 * draw() - 1) * bound);
    const bias = Float64Array.from({ length: neurons }, () => (2 * draw() - 1) * bound);
    if (withoutSelf) for (let j = 0; j < neurons; j++) weight[j * inputs + j] = 0;
    return { inputs, weight, bias, withoutSelf };
  }

  /**
   * Neuron j receives input j with weight 1.
   * @param {number} neurons
   * @returns {Connection}
   */
  function oneToOne(neurons) {
    return { inputs: neurons, weight: null, bias: null, withoutSelf: false };
  }

  /**
   * @param {Layer} layer
   * @param {number} most
   * @returns {Pass}
   */
  function newPass(layer, most) {
    const room = layer.neurons * most;
    return {
      most,
      size: 0,
      currents: layer.connections.map(() => new Float64Array(room)),
      firingProb: new Float64Array(room),
      bins: layer.connections.map(() => new Int32Array(room)),
      gradient: new Float64Array(room),
      ofCurrents: layer.connections.map(() => new Float64Array(room)),
    };
  }

  /**
   * Compute the current of one source from its inputs, sample by sample; null withholds them: the current is the bias.
   * @param {Layer} layer
   * @param {Pass} pass
   * @param {number} source
   * @param {Float64Array | null} input
   */
  function receive(layer, pass, source, input) {
    const { inputs, weight, bias } = layer.connections[source];
    const { size } = pass;
    const current = pass.currents[source];
    for (let j = 0; j < layer.neurons; j++) {
      const constant = bias ? bias[j] : 0;
      const first = j * size;
      if (!input) {
        current.fill(constant, first, first + size);
      } else if (!weight) {
        for (let i = 0; i < size; i++) current[first + i] = input[i * inputs + j];
      } else {
        multiply(current, first, size, input, weight, j * inputs, inputs, constant);
      }
    }
  }

  /**
   * One neuron's currents: its weights times the inputs of each sample, plus a constant. Four samples at a time, so that each weight is read
   * once for them.
   * @param {Float64Array} current
   * @param {number} first
   * @param {number} size
   * @param {Float64Array} input
   * @param {Float64Array} weight
   * @param {number} own where the weights of the neuron begin
   * @param {number} count of inputs
   * @param {number} constant
   */
  function multiply(current, first, size, input, weight, own, count, constant) {
    const whole = size - (size % 4);
    for (let i = 0; i < whole; i += 4) {
      let a = constant;
      let b = constant;
      let c = constant;
      let d = constant;
      for (let n = own, x = i * count; n < own + count; n++, x++) {
        const w = weight[n];
        a += w * input[x];
        b += w * input[x + count];
        c += w * input[x + 2 * count];
        d += w * input[x + 3 * count];
      }
      current[first + i] = a;
      current[first + i + 1] = b;
      current[first + i + 2] = c;
      current[first + i + 3] = d;
    }
    for (let i = whole; i < size; i++) {
      let sum = constant;
      for (let n = own, x = i * count; n < own + count; n++, x++) sum += weight[n] * input[x];
      current[first + i] = sum;
    }
  }

  /**
   * θ = σ(A), clipped to [1e-6, 1 − 1e-6].
   * @param {Layer} layer
   * @param {Pass} pass
   */
  function fire(layer, pass) {
    const { base, alpha, beta } = layer.gain;
    const [driving, ...others] = pass.currents;
    for (let i = 0; i < layer.neurons * pass.size; i++) {
      let gain = base;
      for (let s = 0; s < others.length; s++) gain += alpha * sigmoid(beta * driving[i] * others[s][i]);
      pass.firingProb[i] = Math.min(Math.max(sigmoid(driving[i] * gain), MARGIN), 1 - MARGIN);
    }
  }

  /**
   * Outputs, sample by sample: +1 with probability θ, else −1; without `draw`, their means 2θ − 1.
   * @param {Layer} layer
   * @param {Pass} pass
   * @param {(() => number) | null} draw
   * @param {Float64Array} outputs
   */
  function output(layer, pass, draw, outputs) {
    for (let i = 0, at = 0; i < pass.size; i++) {
      for (let j = 0; j < layer.neurons; j++, at++) {
        const theta = pass.firingProb[j * pass.size + i];
        outputs[at] = draw ? (draw() < theta ? 1 : -1) : 2 * theta - 1;
      }
    }
  }

  /**
   * The bins of all currents.
   * @param {Layer} layer
   * @param {Pass} pass
   */
  function bin(layer, pass) {
    const { count, range } = layer.binning;
    const { size } = pass;
    pass.currents.forEach((current, s) => {
      const bins = pass.bins[s];
      for (let j = 0; j < layer.neurons; j++) {
        const first = j * size;
        let low = range ? range[0] : 0;
        let high = range ? range[1] : 0;
        if (!range) {
          for (let i = first; i < first + size; i++) high = Math.max(high, Math.abs(current[i]));
          low = -high;
        }
        // If all currents are 0, they share the first bin.
        const perUnit = high > low ? count / (high - low) : 0;
        for (let i = first; i < first + size; i++) bins[i] = Math.min(Math.max((current[i] - low) * perUnit, 0), count - 1);
      }
    });
  }

  /**
   * @param {Layer} layer
   * @param {Pass} pass
   * @returns {Batch}
   */
  function batchOf(layer, pass) {
    return { neurons: layer.neurons, size: pass.size, bins: pass.bins, firingProb: pass.firingProb };
  }

  /**
   * The gradient of the goals with respect to all currents, from that with respect to θ. Where θ is clipped it is zero.
   * @param {Layer} layer
   * @param {Pass} pass
   */
  function toCurrents(layer, pass) {
    const { base, alpha, beta } = layer.gain;
    const [driving, ...others] = pass.currents;
    const [ofDriving, ...ofOthers] = pass.ofCurrents;
    for (let i = 0; i < layer.neurons * pass.size; i++) {
      const theta = pass.firingProb[i];
      const inside = theta > MARGIN && theta < 1 - MARGIN;
      const ofArgument = inside ? pass.gradient[i] * theta * (1 - theta) : 0;
      let gain = base;
      let more = 0;
      for (let s = 0; s < others.length; s++) {
        const share = sigmoid(beta * driving[i] * others[s][i]);
        // The derivative of F α σ(β F X) with respect to F X.
        const common = ofArgument * driving[i] * alpha * beta * share * (1 - share);
        gain += alpha * share;
        more += common * others[s][i];
        ofOthers[s][i] = common * driving[i];
      }
      ofDriving[i] = ofArgument * gain + more;
    }
  }

  /**
   * @param {Layer} layer
   * @param {OptimizerSettings} settings
   * @returns {Optimizer}
   */
  function adam(layer, settings) {
    const parameters = layer.connections.flatMap(({ weight, bias }) => [weight, bias].filter((parameter) => parameter !== null));
    const [gradients, first, second] = [0, 1, 2].map(() => parameters.map((parameter) => new Float64Array(parameter.length)));
    return { settings, steps: 0, parameters, gradients, first, second };
  }

  /**
   * The gradient of the goals with respect to all parameters, from that with respect to the currents.
   * @param {Layer} layer
   * @param {Pass} pass
   * @param {(Float64Array | null)[]} inputs by source
   * @param {Optimizer} optimizer
   */
  function toParameters(layer, pass, inputs, optimizer) {
    const { size } = pass;
    let next = 0;
    layer.connections.forEach(({ inputs: count, weight, bias, withoutSelf }, s) => {
      if (!weight || !bias) return;
      const ofWeight = optimizer.gradients[next++].fill(0);
      const ofBias = optimizer.gradients[next++].fill(0);
      const ofCurrent = pass.ofCurrents[s];
      const input = inputs[s];
      for (let j = 0; j < layer.neurons; j++) {
        for (let i = 0; i < size; i++) ofBias[j] += ofCurrent[j * size + i];
        if (input) accumulate(ofWeight, j * count, count, input, ofCurrent, j * size, size);
        if (withoutSelf) ofWeight[j * count + j] = 0;
      }
    });
  }

  /**
   * Add to the gradient of one neuron's weights the inputs of each sample times the gradient of its current; see `multiply`.
   * @param {Float64Array} ofWeight
   * @param {number} own where the weights of the neuron begin
   * @param {number} count of inputs
   * @param {Float64Array} input
   * @param {Float64Array} ofCurrent
   * @param {number} first
   * @param {number} size
   */
  function accumulate(ofWeight, own, count, input, ofCurrent, first, size) {
    const whole = size - (size % 4);
    for (let i = 0; i < whole; i += 4) {
      const a = ofCurrent[first + i];
      const b = ofCurrent[first + i + 1];
      const c = ofCurrent[first + i + 2];
      const d = ofCurrent[first + i + 3];
      for (let n = 0, x = i * count; n < count; n++, x++) {
        ofWeight[own + n] += a * input[x] + b * input[x + count] + c * input[x + 2 * count] + d * input[x + 3 * count];
      }
    }
    for (let i = whole; i < size; i++) {
      const g = ofCurrent[first + i];
      for (let n = 0, x = i * count; n < count; n++, x++) ofWeight[own + n] += g * input[x];
    }
  }

  /**
   * One step of Adam that ascends the goals. Weight decay is an L2 term in the gradient.
   * @param {Optimizer} optimizer
   */
  function ascend(optimizer) {
    const { learningRate, weightDecay } = optimizer.settings;
    const steps = ++optimizer.steps;
    const rate = learningRate / (1 - DECAY_OF_FIRST ** steps);
    const scale = 1 / Math.sqrt(1 - DECAY_OF_SECOND ** steps);
    optimizer.parameters.forEach((parameter, n) => {
      const gradient = optimizer.gradients[n];
      const first = optimizer.first[n];
      const second = optimizer.second[n];
      for (let i = 0; i < parameter.length; i++) {
        const g = weightDecay * parameter[i] - gradient[i];
        first[i] += (1 - DECAY_OF_FIRST) * (g - first[i]);
        second[i] = DECAY_OF_SECOND * second[i] + (1 - DECAY_OF_SECOND) * g * g;
        parameter[i] -= (rate * first[i]) / (Math.sqrt(second[i]) * scale + EPSILON);
      }
    });
  }

  /**
   * One step of learning, after `fire`: from currents, firing probabilities and inputs to new weights. It draws nothing.
   * @param {Layer} layer
   * @param {Pass} pass
   * @param {(Float64Array | null)[]} inputs by source, as they were received
   * @param {Evaluator} evaluate
   * @param {Optimizer} optimizer
   */
  function learn(layer, pass, inputs, evaluate, optimizer) {
    bin(layer, pass);
    evaluate(batchOf(layer, pass), pass.gradient, null);
    toCurrents(layer, pass);
    toParameters(layer, pass, inputs, optimizer);
    ascend(optimizer);
  }

  return { dense, oneToOne, newPass, receive, fire, output, bin, batchOf, adam, learn };
})();
if (typeof module !== "undefined") module.exports = layers;
