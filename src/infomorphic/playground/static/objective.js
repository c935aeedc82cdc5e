// @ts-check
// The goal of a neuron and its gradient with respect to the firing probability, in closed form, from the occupied bins of a batch.
// It is the closed form of the Python package's `infomorphic.objective`: shared exclusions, binary outputs, sharp bins. Numbers are
// float64 here and float32 in training with the package.
"use strict";

/**
 * What a neuron maximizes: weights of atoms, by labels of letters such as "{F}{C}". Atoms that are left out weigh 0.
 * @typedef {{ weights: Record<string, number>, residualEntropy: number }} Goal
 */

/**
 * Σ c I of some antichains, each I a sum over marginals: entry e of antichain i, from `start[i]` to `start[i + 1]`, adds `sign[e]` times the
 * marginal of the set of sources `set[e]` (a bit mask).
 * @typedef {{ sources: number, coefficient: Float64Array, start: Int32Array, set: Int32Array, sign: Float64Array, residual: number }} Terms
 */

/**
 * One batch of a layer, neuron by neuron: sample i of neuron j stands at index j · size + i. `bins` has one array per source.
 * @typedef {{ neurons: number, size: number, bins: Int32Array[], firingProb: Float64Array }} Batch
 */

/**
 * Writes the gradient of each neuron's value with respect to each of its firing probabilities (laid out as the batch), and its redundancies
 * (neuron by neuron) in bits. What is null is not computed. Returns nothing.
 * @typedef {(batch: Batch, gradient: Float64Array | null, redundancies: Float64Array | null) => void} Evaluator
 */

const objective = (() => {
  const { latticeOf } = typeof module === "undefined" ? engine : require("./engine.js");
  const BITS_PER_NAT = 1 / Math.LN2;
  // Lower bound of a mass: only firing probabilities of almost exactly 0 or 1 come below it.
  const SMALLEST = 1e-15;
  // Coefficients below this are sums that cancel up to rounding.
  const NEGLIGIBLE = 1e-12;

  /**
   * The labels of the atoms in letters, in the order of the lattice.
   * @param {string[]} sources
   */
  function labelsOf(sources) {
    return latticeOf(sources.length).labels.map((label) => label.replace(/\d/g, (digit) => sources[Number(digit) - 1]));
  }

  /**
   * The weight of every atom, in the order of the lattice.
   * @param {Goal} goal
   * @param {string[]} sources
   * @returns {number[]}
   */
  function weightsOf(goal, sources) {
    const spelling = new Map(labelsOf(sources).map((label, position) => [spelled(label), position]));
    const weights = new Array(spelling.size).fill(0);
    for (const [label, weight] of Object.entries(goal.weights)) {
      const position = spelling.get(spelled(label));
      if (position === undefined) throw new RangeError(`a goal must have atoms of the sources ${sources.join(", ")}; got ${label}.`);
      if (!Number.isFinite(weight)) throw new RangeError(`the weight of ${label} must be a finite number; got ${weight}.`);
      weights[position] += weight;
    }
    return weights;
  }

  /**
   * One spelling for {L}{CF} and {FC}{L}.
   * @param {string} label
   */
  function spelled(label) {
    const sets = label.slice(1, -1).split("}{");
    return sets.map((set) => [...set].sort().join("")).sort().join(" ");
  }

  /**
   * The goal as Σ c I + γ_res H(Y): c from the Möbius inversion, and from H_res = H(Y) − I of all sources jointly.
   * @param {Goal} goal
   * @param {string[]} sources
   * @returns {Terms}
   */
  function termsOf(goal, sources) {
    const { mobius } = latticeOf(sources.length);
    const coefficients = new Array(mobius.length).fill(0);
    weightsOf(goal, sources).forEach((weight, row) => {
      for (const [column, sign] of mobius[row]) coefficients[column] += sign * weight;
    });
    coefficients[mobius.length - 1] -= goal.residualEntropy;
    return termsWith(coefficients, sources.length, goal.residualEntropy);
  }

  /**
   * The terms of all redundancies, each with coefficient one.
   * @param {number} sources
   */
  function allTerms(sources) {
    return termsWith(new Array(latticeOf(sources).labels.length).fill(1), sources, 0);
  }

  /**
   * @param {number[]} coefficients
   * @param {number} sources
   * @param {number} residual
   * @returns {Terms}
   */
  function termsWith(coefficients, sources, residual) {
    const { unions } = latticeOf(sources);
    const active = coefficients.map((_, i) => i).filter((i) => Math.abs(coefficients[i]) > NEGLIGIBLE);
    const entries = active.map((i) => unions[i].flatMap((sign, s) => (sign ? [{ set: s + 1, sign }] : [])));
    const start = [0];
    for (const own of entries) start.push(start[start.length - 1] + own.length);
    return {
      sources,
      coefficient: Float64Array.from(active, (i) => coefficients[i]),
      start: Int32Array.from(start),
      set: Int32Array.from(entries.flat(), (entry) => entry.set),
      sign: Float64Array.from(entries.flat(), (entry) => entry.sign),
      residual,
    };
  }

  /**
   * The function that evaluates terms for batches of at most `most` samples, with its working memory: it allocates nothing when called.
   *
   * For a cell k of the joint histogram, let w1 and w0 be its own Σ θ and Σ (1 − θ), and a and b those of the union of an antichain. Then
   *
   *     I = (1/B) Σ_k w1 log2(a / ((a + b) p1)) + w0 log2(b / ((a + b) p0))
   *     ∂(c I)/∂θ = (c/B) [ log2(a p0 / (b p1)) + Σ over the marginals of the union, over their cells, of sign (w1/a − w0/b) / ln 2 ]
   *
   * @param {Terms} terms
   * @param {number[]} numBins by source
   * @param {number} most
   * @returns {Evaluator}
   */
  function evaluatorOf(terms, numBins, most) {
    const { sources, coefficient, start, set, sign, residual } = terms;
    const joint = 2 ** sources - 1;
    const count = coefficient.length;
    const keys = numBins.reduce((product, bins) => product * bins, 1);
    const cells = Math.min(most, keys);
    // The marginals that the terms need, besides the joint, whose cells are the occupied cells themselves.
    const marginals = [...new Set(set)].filter((s) => s !== joint);
    const stride = marginals.map((s) => stridesOf(s, numBins));
    const tables = marginals.map((s) => numBins.reduce((size, bins, j) => ((s >> j) & 1 ? size * bins : size), 1));
    const fired = tables.map((size) => new Float64Array(size));
    const silent = tables.map((size) => new Float64Array(size));
    const pull = tables.map((size) => new Float64Array(size));
    const place = marginals.map(() => new Int32Array(cells));
    const numberOf = new Int32Array(keys);
    const keyOf = new Int32Array(cells);
    const cellOf = new Int32Array(most);
    const slope = new Float64Array(cells);
    // By set of sources: the masses of each cell's marginal, and the gradient with respect to them.
    const mass1 = Array.from({ length: joint + 1 }, () => new Float64Array(cells));
    const mass0 = Array.from({ length: joint + 1 }, () => new Float64Array(cells));
    const inner = Array.from({ length: joint + 1 }, () => new Float64Array(cells));
    const own1 = mass1[joint];
    const own0 = mass0[joint];

    /**
     * Number the occupied cells of a neuron and sum their masses.
     * @param {Batch} batch
     * @param {number} first
     * @returns {number} how many cells are occupied
     */
    function group(batch, first) {
      const { bins, firingProb, size } = batch;
      let occupied = 0;
      for (let i = 0; i < size; i++) {
        let key = 0;
        for (let j = 0; j < sources; j++) key = key * numBins[j] + bins[j][first + i];
        let cell = numberOf[key] - 1;
        if (cell < 0) {
          cell = occupied++;
          numberOf[key] = occupied;
          keyOf[cell] = key;
          own1[cell] = own0[cell] = 0;
        }
        cellOf[i] = cell;
        own1[cell] += firingProb[first + i];
        own0[cell] += 1 - firingProb[first + i];
      }
      for (let k = 0; k < occupied; k++) numberOf[keyOf[k]] = 0;
      return occupied;
    }

    /**
     * The masses of every marginal at every cell.
     * @param {number} occupied
     */
    function marginalize(occupied) {
      for (let m = 0; m < marginals.length; m++) {
        const of = place[m];
        const table1 = fired[m];
        const table0 = silent[m];
        const at1 = mass1[marginals[m]];
        const at0 = mass0[marginals[m]];
        for (let k = 0; k < occupied; k++) {
          let rest = keyOf[k];
          let entry = 0;
          for (let j = sources - 1; j >= 0; j--) {
            entry += (rest % numBins[j]) * stride[m][j];
            rest = Math.floor(rest / numBins[j]);
          }
          of[k] = entry;
          table1[entry] += own1[k];
          table0[entry] += own0[k];
        }
        for (let k = 0; k < occupied; k++) {
          at1[k] = table1[of[k]];
          at0[k] = table0[of[k]];
        }
        for (let k = 0; k < occupied; k++) table1[of[k]] = table0[of[k]] = 0;
      }
    }

    return (batch, gradient, redundancies) => {
      const { neurons, size, firingProb } = batch;
      if (size > most) throw new RangeError(`a batch must have at most ${most} samples; got ${size}.`);
      for (let neuron = 0; neuron < neurons; neuron++) {
        const first = neuron * size;
        const occupied = group(batch, first);
        marginalize(occupied);
        let total = 0;
        for (let i = 0; i < size; i++) total += firingProb[first + i];
        const p1 = Math.max(total / size, SMALLEST);
        const p0 = Math.max(1 - total / size, SMALLEST);
        slope.fill(residual * Math.log2(p0 / p1), 0, occupied);
        if (gradient) for (let s = 1; s <= joint; s++) inner[s].fill(0, 0, occupied);
        for (let i = 0; i < count; i++) {
          const c = coefficient[i];
          const low = start[i];
          const high = start[i + 1];
          let information = 0;
          for (let k = 0; k < occupied; k++) {
            let a = 0;
            let b = 0;
            for (let e = low; e < high; e++) {
              a += sign[e] * mass1[set[e]][k];
              b += sign[e] * mass0[set[e]][k];
            }
            // A union contains the cell. The bound makes rounding in the sums harmless.
            const w1 = Math.max(own1[k], SMALLEST);
            const w0 = Math.max(own0[k], SMALLEST);
            a = Math.max(a, w1);
            b = Math.max(b, w0);
            if (redundancies) information += w1 * Math.log(a / ((a + b) * p1)) + w0 * Math.log(b / ((a + b) * p0));
            if (gradient) {
              slope[k] += c * BITS_PER_NAT * Math.log((a * p0) / (b * p1));
              const g = c * BITS_PER_NAT * (w1 / a - w0 / b);
              for (let e = low; e < high; e++) inner[set[e]][k] += sign[e] * g;
            }
          }
          if (redundancies) redundancies[neuron * count + i] = (information * BITS_PER_NAT) / size;
        }
        if (gradient) {
          for (let k = 0; k < occupied; k++) slope[k] += inner[joint][k];
          for (let m = 0; m < marginals.length; m++) {
            const of = place[m];
            const from = inner[marginals[m]];
            for (let k = 0; k < occupied; k++) pull[m][of[k]] += from[k];
            for (let k = 0; k < occupied; k++) slope[k] += pull[m][of[k]];
            for (let k = 0; k < occupied; k++) pull[m][of[k]] = 0;
          }
          for (let i = 0; i < size; i++) gradient[first + i] = slope[cellOf[i]] / size;
        }
      }
    };
  }

  /**
   * How many entries of a marginal's table one bin of each source is; 0 for sources outside the set.
   * @param {number} set
   * @param {number[]} numBins
   */
  function stridesOf(set, numBins) {
    const strides = new Array(numBins.length).fill(0);
    let size = 1;
    for (let j = numBins.length - 1; j >= 0; j--) {
      if (!((set >> j) & 1)) continue;
      strides[j] = size;
      size *= numBins[j];
    }
    return strides;
  }

  /**
   * Every atom and the residual entropy of each neuron of a batch, in bits.
   * @param {Batch} batch
   * @param {number[]} numBins
   * @returns {{ atoms: number[][], residualEntropy: number[] }}
   */
  function informationOf(batch, numBins) {
    const { mobius } = latticeOf(numBins.length);
    const redundancies = new Float64Array(batch.neurons * mobius.length);
    evaluatorOf(allTerms(numBins.length), numBins, batch.size)(batch, null, redundancies);
    const ofNeuron = Array.from({ length: batch.neurons }, (_, j) => redundancies.subarray(j * mobius.length, (j + 1) * mobius.length));
    return {
      atoms: ofNeuron.map((own) => mobius.map((row) => row.reduce((sum, [column, sign]) => sum + sign * own[column], 0))),
      residualEntropy: ofNeuron.map((own, j) => entropyOfOutput(batch, j) - own[own.length - 1]),
    };
  }

  /**
   * H(Y) in bits.
   * @param {Batch} batch
   * @param {number} neuron
   */
  function entropyOfOutput(batch, neuron) {
    const own = batch.firingProb.subarray(neuron * batch.size, (neuron + 1) * batch.size);
    const p = own.reduce((sum, value) => sum + value, 0) / batch.size;
    return [p, 1 - p].reduce((sum, q) => (q > 0 ? sum - q * Math.log2(q) : sum), 0);
  }

  return { labelsOf, spelled, weightsOf, termsOf, evaluatorOf, informationOf };
})();
if (typeof module !== "undefined") module.exports = objective;
