// @ts-check
// The least information that two sources and a target can share if only the pairs (source, target) are known: what unique information (BROJA)
// needs. A barrier method whose end is certified by a dual bound. The package solves the same program with Clarabel; tests compare the two.
"use strict";

const uniqueInformation = (() => {
  const { solved } = typeof module === "undefined" ? linear : require("./linear.js");
  // In nats. The value that is found is at most this much above the minimum.
  const GAP = 1e-11;
  const MOST_STEPS = 300;
  const FIRST_BARRIER = 0.01;
  const LESS = 0.1;
  // How far a step may go towards the boundary.
  const STAY_INSIDE = 0.9;

  /**
   * Minimize f(q) = Σ q ln [ q(s1, s2, t) / q(s1, s2) ] = −H(T | S1, S2) over q with q(s1, t) = first and q(s2, t) = second, which have one
   * column per value of t. It returns the largest H(T | S1, S2) that was found, in bits, and a bound on its error.
   *
   * A step is one of Newton's for f(q) − ε Σ ln q with the sums held, and ε shrinks. The multipliers λ(s1, t), μ(s2, t) of the sums bound the
   * minimum from below, whatever they are: f(q) ≥ Σ λ first + Σ μ second − max over (s1, s2) of ln Σ_t exp(λ + μ), because q ln(q / q(s1, s2))
   * summed over t is at least q(s1, s2) [ Σ_t (q / q(s1, s2)) (λ + μ) − ln Σ_t exp(λ + μ) ].
   *
   * @param {number[][]} first
   * @param {number[][]} second
   * @returns {{ bits: number, gap: number }}
   */
  function largestConditionalEntropy(first, second) {
    const { triples, pairs, sums } = programOf(first, second);
    const count = triples.length;
    let q = triples.map((triple) => triple.start);
    let barrier = FIRST_BARRIER / count;
    for (let step = 0; step < MOST_STEPS; step++) {
      const ofPair = totals(pairs, q);
      const { change, multipliers } = newton(q, ofPair, barrier, { triples, pairs, sums });
      const value = q.reduce((sum, own, i) => sum + own * Math.log(own / ofPair[triples[i].pair]), 0);
      const gap = value - boundOf(multipliers, { triples, pairs, sums });
      if (gap <= GAP) return { bits: -value / Math.LN2, gap: gap / Math.LN2 };
      const fall = Math.max(0, ...change.map((d) => -d));
      const size = Math.min(1, STAY_INSIDE / Math.max(fall, 1e-300));
      q = q.map((own, i) => own * (1 + size * change[i]));
      if (size === 1) barrier *= LESS;
    }
    throw new RangeError("the unique information of these probabilities was not found; choose another measure.");
  }

  /**
   * One possible combination of s1, s2 and t: its pair (s1, s2), the sums that it belongs to, and an inner point that has the given sums.
   * @typedef {{ pair: number, sums: number[], start: number }} Triple
   */

  /** The triples of each pair, and the values that are held. @typedef {{ triples: Triple[], pairs: number[][], sums: number[] }} Program */

  /**
   * @param {number[][]} first
   * @param {number[][]} second
   * @returns {Program}
   */
  function programOf(first, second) {
    const ofTarget = first[0].map((_, t) => first.reduce((sum, row) => sum + row[t], 0));
    /** @type {Triple[]} */
    const triples = [];
    /** @type {number[]} */
    const sums = [];
    // Both sums over the values of a source give p(t), so one of the second source's is implied by the others.
    const isImplied = ofTarget.map((_, t) => second.findIndex((row) => row[t] > 0));
    const numberOf = [first, second].map((table, source) =>
      table.map((row, s) => row.map((p, t) => (p > 0 && !(source && isImplied[t] === s) ? sums.push(p) - 1 : -1))),
    );
    first.forEach((row1, a) =>
      second.forEach((row2, b) =>
        row1.forEach((p1, t) => {
          if (!(p1 > 0 && row2[t] > 0)) return;
          const own = [numberOf[0][a][t], numberOf[1][b][t]].filter((n) => n >= 0);
          triples.push({ pair: a * second.length + b, sums: own, start: (p1 * row2[t]) / ofTarget[t] });
        }),
      ),
    );
    const pairs = Array.from({ length: first.length * second.length }, () => /** @type {number[]} */ ([]));
    triples.forEach(({ pair }, i) => pairs[pair].push(i));
    return { triples, pairs, sums };
  }

  /**
   * @param {number[][]} pairs
   * @param {number[]} q
   */
  function totals(pairs, q) {
    return pairs.map((own) => own.reduce((sum, i) => sum + q[i], 0));
  }

  /**
   * Newton's step, relative to q, and the multipliers of the sums. In units of q the equations are well scaled up to the boundary.
   * @param {number[]} q
   * @param {number[]} ofPair
   * @param {number} barrier
   * @param {Program} program
   */
  function newton(q, ofPair, barrier, { triples, pairs, sums }) {
    const count = q.length;
    const size = count + sums.length;
    const rows = Array.from({ length: size }, () => new Float64Array(size + 1));
    for (const own of pairs) {
      for (const i of own) for (const j of own) rows[i][j] = (-q[i] * q[j]) / ofPair[triples[i].pair];
    }
    triples.forEach(({ pair, sums: held }, i) => {
      rows[i][i] += q[i] + barrier;
      rows[i][size] = barrier - q[i] * Math.log(q[i] / ofPair[pair]);
      for (const n of held) {
        rows[i][count + n] = rows[count + n][i] = -q[i];
        rows[count + n][size] += q[i];
      }
    });
    // Rounding moves q away from the sums; the step brings it back.
    sums.forEach((p, n) => (rows[count + n][size] -= p));
    const solution = solved(rows);
    return { change: solution.slice(0, count), multipliers: solution.slice(count) };
  }

  /**
   * The lower bound of the minimum that multipliers give.
   * @param {number[]} multipliers
   * @param {Program} program
   */
  function boundOf(multipliers, { triples, pairs, sums }) {
    const exponents = triples.map(({ sums: held }) => held.reduce((sum, n) => sum + multipliers[n], 0));
    const excess = pairs.map((own) => {
      const most = Math.max(...own.map((i) => exponents[i]));
      return own.length ? most + Math.log(own.reduce((sum, i) => sum + Math.exp(exponents[i] - most), 0)) : -Infinity;
    });
    return sums.reduce((total, p, n) => total + p * multipliers[n], 0) - Math.max(...excess);
  }

  return { largestConditionalEntropy };
})();
if (typeof module !== "undefined") module.exports = uniqueInformation;
