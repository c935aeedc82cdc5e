// @ts-check
// Common change in surprisal: the redundancy of Ince 2017, from the distribution of maximum entropy with some known marginals. The package
// finds that distribution by iterative proportional fitting; here it is found by Newton's method. Tests compare the two.
"use strict";

const commonChange = (() => {
  const { solved } = typeof module === "undefined" ? linear : require("./linear.js");
  // The marginals of the distribution that is found are the known ones up to this.
  const TOLERANCE = 1e-13;
  const MOST_STEPS = 200;
  const FITTINGS = 3;
  // A smaller change in surprisal counts as zero: its sign is due to rounding.
  const ZERO = 1e-8;
  // Smaller probabilities are those of combinations that the marginals exclude.
  const EXCLUDED = 1e-11;

  /**
   * I = Σ q c over the realizations where c and the pointwise informations of every member and of all sources have the same sign. c is the
   * co-information of the members, Σ (−1)^(size + 1) i(union; t) over families of members.
   *
   * @param {number[][]} cells the codes of the sources and, last, of the target
   * @param {Float64Array} p
   * @param {number[]} members sets of sources, as bit masks
   * @returns {number} in bits
   */
  function redundancyOf(cells, p, members) {
    const target = cells[0].length - 1;
    const all = members.reduce((union, member) => union | member, 0);
    const used = variablesOf(all);
    const kept = groupsOf(cells, [...used, target]);
    const pmf = totals(kept.of, p, kept.count);
    const reduced = kept.first.map((i) => cells[i]);
    const q = members.length > 1 ? mostEntropy(pmf, [used, ...members.map((m) => [...variablesOf(m), target])].map((v) => groupsOf(reduced, v))) : pmf;
    const ofTarget = at(groupsOf(reduced, [target]), q);
    /** @type {Map<number, Float64Array>} */
    const known = new Map();
    /** i(sources; t) at every realization. @type {(set: number) => Float64Array} */
    const informationOf = (set) => {
      const found = known.get(set) ?? pointwise(q, at(groupsOf(reduced, [...variablesOf(set), target]), q), at(groupsOf(reduced, variablesOf(set)), q), ofTarget);
      known.set(set, found);
      return found;
    };
    const common = new Float64Array(q.length);
    for (let family = 1; family < 2 ** members.length; family++) {
      const chosen = members.filter((_, i) => (family >> i) & 1);
      const sign = chosen.length % 2 ? 1 : -1;
      informationOf(chosen.reduce((union, m) => union | m, 0)).forEach((value, i) => (common[i] += sign * value));
    }
    const changes = [...members, all].map(informationOf);
    return q.reduce((sum, own, i) => {
      const sign = signOf(common[i]);
      return changes.every((change) => signOf(change[i]) === sign) && sign ? sum + own * common[i] : sum;
    }, 0);
  }

  /** @param {number} value */
  const signOf = (value) => (Math.abs(value) < ZERO ? 0 : Math.sign(value));

  /** @param {number} set */
  const variablesOf = (set) => [0, 1, 2].filter((i) => (set >> i) & 1);

  /**
   * log2 [ q(sources, t) / (q(sources) q(t)) ], and 0 where q is 0 or the value is rounding.
   * @param {Float64Array} q
   * @param {Float64Array} together
   * @param {Float64Array} alone
   * @param {Float64Array} ofTarget
   */
  function pointwise(q, together, alone, ofTarget) {
    return q.map((own, i) => {
      const value = own > 0 ? Math.log2(together[i] / (alone[i] * ofTarget[i])) : 0;
      return signOf(value) && value;
    });
  }

  /**
   * Cells that agree in some variables: the group of each cell, and the first cell of each group.
   * @typedef {{ of: number[], first: number[], count: number }} Groups
   */

  /**
   * @param {number[][]} cells
   * @param {number[]} variables
   * @returns {Groups}
   */
  function groupsOf(cells, variables) {
    /** @type {Map<number, number>} */
    const numbers = new Map();
    /** @type {number[]} */
    const first = [];
    const of = cells.map((cell, i) => {
      const key = variables.reduce((sum, v) => sum * 64 + cell[v], 0);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, first.length);
      return first.push(i) - 1;
    });
    return { of, first, count: first.length };
  }

  /**
   * @param {number[]} of the group of each cell
   * @param {Float64Array} q
   * @param {number} count of groups
   */
  function totals(of, q, count) {
    const sums = new Float64Array(count);
    of.forEach((group, i) => (sums[group] += q[i]));
    return sums;
  }

  /**
   * The probability of each cell's group.
   * @param {Groups} groups
   * @param {Float64Array} q
   */
  function at({ of, count }, q) {
    const sums = totals(of, q, count);
    return Float64Array.from(of, (group) => sums[group]);
  }

  /**
   * The distribution of maximum entropy whose marginals are those of the pmf. It is q = exp(Σ multipliers of the groups that a cell is in),
   * and the multipliers minimize the convex function Σ q − Σ multiplier · marginal, whose gradient is the difference of the marginals: a
   * distribution of this form with these marginals is the one. Where the marginals exclude a cell, its q falls by 1/e or more in each step.
   *
   * @param {Float64Array} pmf
   * @param {Groups[]} marginals
   * @returns {Float64Array}
   */
  function mostEntropy(pmf, marginals) {
    const wanted = marginals.map(({ of, count }) => totals(of, pmf, count));
    const possible = Array.from(pmf, (_, i) => i).filter((i) => marginals.every(({ of }, m) => wanted[m][of[i]] > 0));
    /** @type {Float64Array} */
    let q = new Float64Array(pmf.length);
    for (const i of possible) q[i] = 1 / possible.length;
    for (let round = 0; round < FITTINGS; round++) {
      marginals.forEach(({ of, count }, m) => {
        const found = totals(of, q, count);
        for (const i of possible) q[i] *= wanted[m][of[i]] / found[of[i]];
      });
    }
    const rows = independentRows(possible, marginals);
    const right = rows.map((row) => possible.reduce((sum, i, c) => (row[c] ? sum + pmf[i] : sum), 0));
    // The rows of each possible cell.
    const rowsOf = possible.map((_, c) => rows.flatMap((row, r) => (row[c] ? [r] : [])));
    for (let step = 0; step < MOST_STEPS; step++) {
      const rest = right.map((value, r) => value - possible.reduce((sum, i, c) => (rows[r][c] ? sum + q[i] : sum), 0));
      if (Math.max(0, ...rest.map(Math.abs)) < TOLERANCE) return q.map((value) => (value < EXCLUDED ? 0 : value));
      const hessian = rows.map(() => new Float64Array(rows.length + 1));
      possible.forEach((i, c) => {
        for (const a of rowsOf[c]) for (const b of rowsOf[c]) hessian[a][b] += q[i];
      });
      rest.forEach((value, r) => (hessian[r][rows.length] = value));
      const change = solved(hessian);
      const exponents = rowsOf.map((own) => own.reduce((sum, r) => sum + change[r], 0));
      const slope = change.reduce((sum, value, r) => sum + value * right[r], 0);
      const before = possible.reduce((sum, i) => sum + q[i], 0);
      const fall = change.reduce((sum, value, r) => sum + value * rest[r], 0);
      let size = 1;
      /** @type {Float64Array} */
      let next;
      do {
        next = q.slice();
        possible.forEach((i, c) => (next[i] *= Math.exp(size * exponents[c])));
        const rise = possible.reduce((sum, i) => sum + next[i], 0) - before - size * slope;
        if (rise <= -0.1 * size * fall + 1e-14) break;
        size /= 2;
      } while (size > 1e-6);
      q = next;
    }
    throw new RangeError("the distribution of maximum entropy was not found: some of its probabilities are nearly zero. Choose another measure.");
  }

  /**
   * Which possible cells are in each group, without groups that the others imply.
   * @param {number[]} possible
   * @param {Groups[]} marginals
   * @returns {number[][]}
   */
  function independentRows(possible, marginals) {
    const all = marginals.flatMap(({ of, count }) => Array.from({ length: count }, (_, group) => possible.map((i) => Number(of[i] === group))));
    /** @type {{ row: number[], pivot: number }[]} */
    const reduced = [];
    return all.filter((own) => {
      const row = [...own];
      for (const { row: other, pivot } of reduced) {
        const factor = row[pivot] / other[pivot];
        if (factor) other.forEach((value, c) => (row[c] -= factor * value));
      }
      const pivot = row.reduce((best, value, c) => (Math.abs(value) > Math.abs(row[best] ?? 0) ? c : best), 0);
      if (!(Math.abs(row[pivot] ?? 0) > 1e-9)) return false;
      reduced.push({ row, pivot });
      return true;
    });
  }

  return { redundancyOf };
})();
if (typeof module !== "undefined") module.exports = commonChange;
