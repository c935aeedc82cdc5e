// @ts-check
// Partial information decomposition in the browser: the lattice, six measures of redundancy, samples and permutations.
// It agrees with the Python package to 1e-6; tests/playground compares the two. One script without imports, because
// browsers load no modules from files.
"use strict";

/**
 * A joint distribution of sources and a target. The target varies fastest, the first source slowest, as in a C array.
 * @typedef {{ sizes: number[], p: Float64Array }} Table
 */

/**
 * The antichains of some sources, from the redundancy of all to the synergy of all.
 * @typedef {{
 *   sources: number, labels: string[], members: number[][], upsets: number[], mobius: [number, number][][], unions: number[][]
 * }} Lattice
 */

/**
 * Values in bits. `informative` and `misinformative` are null if the measure has no such parts. `informations` has one entry
 * per set of sources; set S (a bit mask) stands at index S − 1.
 * @typedef {{
 *   atoms: number[], redundancies: number[], informative: number[] | null, misinformative: number[] | null,
 *   informations: number[], targetEntropy: number, residualEntropy: number
 * }} Decomposition
 */

/** @typedef {"sx" | "mmi" | "min" | "pm" | "ccs" | "broja"} Measure */

/**
 * The title of each measure, its publication, the largest number of sources, and whether it is fast for many cells.
 * @type {Record<Measure, { title: string, source: string, sources: number, fast: boolean }>}
 */
const MEASURES = {
  sx: { title: "shared exclusions", source: "Makkeh, Gutknecht and Wibral 2021", sources: 3, fast: true },
  mmi: { title: "minimum mutual information", source: "Bertschinger et al. 2013; Barrett 2015", sources: 3, fast: true },
  min: { title: "minimum specific information", source: "Williams and Beer 2010", sources: 3, fast: true },
  pm: { title: "pointwise minimum", source: "Finn and Lizier 2018", sources: 3, fast: true },
  ccs: { title: "common change in surprisal", source: "Ince 2017", sources: 3, fast: false },
  broja: { title: "unique information (BROJA)", source: "Bertschinger et al. 2014; Griffith and Koch 2014", sources: 2, fast: false },
};

/** @type {Map<number, Lattice>} */
const lattices = new Map();

/**
 * The redundancy lattice of 1 to 3 sources, in the order of the Python package.
 * @param {number} sources
 * @returns {Lattice}
 */
function latticeOf(sources) {
  const known = lattices.get(sources);
  if (known) return known;
  if (!(Number.isInteger(sources) && sources >= 1 && sources <= 3)) {
    throw new RangeError(`there must be 1 to 3 sources; got ${sources}.`);
  }
  const sets = Array.from({ length: 2 ** sources - 1 }, (_, i) => i + 1);
  /** @type {{ members: number[], upset: number }[]} */
  const found = [];
  for (let family = 1; family < 2 ** sets.length; family++) {
    const members = sets.filter((_, i) => (family >> i) & 1);
    const isAntichain = members.every((a) => members.every((b) => a === b || (a & b) !== a));
    if (!isAntichain) continue;
    const upset = sets.reduce((mask, s) => (members.some((m) => (m & s) === m) ? mask | (1 << s) : mask), 0);
    found.push({ members: members.sort(compareSets), upset });
  }
  found.sort((a, b) => bitCount(b.upset) - bitCount(a.upset) || compareFamilies(a.members, b.members));
  const upsets = found.map((f) => f.upset);
  const at = new Map(upsets.map((upset, i) => [upset, i]));
  const mobius = upsets.map((upset) => {
    // Over the children: add to the up-set one set that is maximal among those not in it (see pid/lattice.py).
    const outside = sets.filter((s) => !((upset >> s) & 1));
    const maximal = outside.filter((s) => bitCount(upset) > 0 && outside.every((o) => o === s || (o & s) !== s));
    /** @type {[number, number][]} */
    let meets = [[upset, 1]];
    for (const s of maximal) meets = meets.concat(meets.map(([u, sign]) => [u | (1 << s), -sign]));
    return meets.map(([u, sign]) => /** @type {[number, number]} */ ([/** @type {number} */ (at.get(u)), sign]));
  });
  const lattice = {
    sources,
    labels: found.map((f) => f.members.map(labelOfSet).join("")),
    members: found.map((f) => f.members),
    upsets,
    mobius,
    unions: found.map((f) => unionCoefficients(f.members, sets.length)),
  };
  lattices.set(sources, lattice);
  return lattice;
}

/**
 * P(∪ ∩ …) = Σ_S a_S P(∩_{j∈S} …) by inclusion and exclusion. Set S stands at index S − 1.
 * @param {number[]} members
 * @param {number} sets
 */
function unionCoefficients(members, sets) {
  const coefficients = new Array(sets).fill(0);
  for (let family = 1; family < 2 ** members.length; family++) {
    const chosen = members.filter((_, i) => (family >> i) & 1);
    coefficients[chosen.reduce((union, m) => union | m, 0) - 1] += chosen.length % 2 ? 1 : -1;
  }
  return coefficients;
}

/** @param {number} mask */
function labelOfSet(mask) {
  return `{${sourcesOf(mask)
    .map((i) => i + 1)
    .join("")}}`;
}

/** @param {number} mask */
function sourcesOf(mask) {
  return [0, 1, 2].filter((i) => (mask >> i) & 1);
}

/** @param {number} n */
function bitCount(n) {
  let count = 0;
  for (let rest = n; rest; rest &= rest - 1) count++;
  return count;
}

/**
 * Smaller sets first, then by their sources.
 * @param {number} a
 * @param {number} b
 */
function compareSets(a, b) {
  return bitCount(a) - bitCount(b) || compareNumbers(sourcesOf(a), sourcesOf(b));
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function compareNumbers(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function compareFamilies(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareSets(a[i], b[i]);
    if (order) return order;
  }
  return a.length - b.length;
}

/**
 * The codes of sources and target at each cell.
 * @param {number[]} sizes
 * @returns {number[][]}
 */
function cellsOf(sizes) {
  let cells = [/** @type {number[]} */ ([])];
  for (const size of sizes) cells = cells.flatMap((cell) => Array.from({ length: size }, (_, code) => [...cell, code]));
  return cells;
}

/**
 * The marginal probability of some variables, at every cell.
 * @param {Table} table
 * @param {number[][]} cells
 * @param {number[]} variables
 */
function marginalAt(table, cells, variables) {
  /** @type {Map<number, number>} */
  const sums = new Map();
  const keys = cells.map((cell) => variables.reduce((key, v) => key * table.sizes[v] + cell[v], 0));
  keys.forEach((key, i) => sums.set(key, (sums.get(key) ?? 0) + table.p[i]));
  return Float64Array.from(keys, (key) => /** @type {number} */ (sums.get(key)));
}

/**
 * @param {Float64Array} p
 * @param {Float64Array} ofGroup
 */
function entropyOf(p, ofGroup) {
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (p[i] > 0) sum -= p[i] * Math.log2(ofGroup[i]);
  return sum;
}

/**
 * Decompose the information of the sources about the target (the last variable).
 * @param {Table} table
 * @param {Measure} [measure]
 * @returns {Decomposition}
 */
function decompose(table, measure = "sx") {
  const lattice = latticeOf(table.sizes.length - 1);
  const most = MEASURES[measure].sources;
  if (lattice.sources > most) throw new RangeError(`the measure ${measure} takes at most ${most} sources; got ${lattice.sources}.`);
  const { p } = table;
  const total = p.reduce((sum, value) => sum + value, 0);
  if (!(Math.abs(total - 1) < 1e-9)) throw new RangeError(`probabilities must sum to 1; they sum to ${total}.`);
  if (p.some((value) => value < 0)) throw new RangeError("probabilities must not be negative.");
  const cells = cellsOf(table.sizes);
  const target = table.sizes.length - 1;
  const ofTarget = marginalAt(table, cells, [target]);
  const sets = Array.from({ length: 2 ** lattice.sources - 1 }, (_, i) => sourcesOf(i + 1));
  const joint = sets.map((s) => marginalAt(table, cells, [...s, target]));
  const alone = sets.map((s) => marginalAt(table, cells, s));
  const informations = sets.map((_, s) => sumOver(p, (i) => Math.log2(joint[s][i] / (alone[s][i] * ofTarget[i]))));
  /** @type {number[] | null} */ let plus = null;
  /** @type {number[] | null} */ let minus = null;
  /** @type {number[]} */ let redundancies;
  const targetEntropy = entropyOf(p, ofTarget);
  if (measure === "broja") {
    redundancies = lattice.sources === 1 ? informations : redundanciesOfUnique(table, informations, targetEntropy);
  } else if (measure === "ccs") {
    const { redundancyOf } = typeof module === "undefined" ? commonChange : require("./surprisal.js");
    redundancies = lattice.members.map((members) => redundancyOf(cells, p, members));
  } else if (measure === "mmi") {
    redundancies = lattice.members.map((members) => Math.min(...members.map((m) => informations[m - 1])));
  } else if (measure === "min") {
    const specific = sets.map((_, s) => {
      const byTarget = new Array(table.sizes[target]).fill(0);
      cells.forEach((cell, i) => {
        if (p[i] > 0) byTarget[cell[target]] += p[i] * Math.log2(joint[s][i] / (alone[s][i] * ofTarget[i]));
      });
      return byTarget;
    });
    redundancies = lattice.members.map((members) =>
      specific[0].reduce((sum, _, t) => sum + Math.min(...members.map((m) => specific[m - 1][t])), 0),
    );
  } else {
    /** @type {(of: Float64Array[], position: number, cell: number) => number} */
    const event =
      measure === "sx"
        ? (of, position, i) => lattice.unions[position].reduce((sum, a, s) => (a ? sum + a * of[s][i] : sum), 0)
        : (of, position, i) => Math.max(...lattice.members[position].map((m) => of[m - 1][i]));
    plus = lattice.labels.map((_, position) => -sumOver(p, (i) => Math.log2(event(alone, position, i))));
    minus = lattice.labels.map((_, position) => -sumOver(p, (i) => Math.log2(event(joint, position, i) / ofTarget[i])));
    redundancies = plus.map((value, i) => value - /** @type {number[]} */ (minus)[i]);
  }
  return {
    atoms: inverted(redundancies, lattice),
    redundancies,
    informative: plus && inverted(plus, lattice),
    misinformative: minus && inverted(minus, lattice),
    informations,
    targetEntropy,
    residualEntropy: targetEntropy - informations[informations.length - 1],
  };
}

/**
 * The redundancies of two sources by unique information: I({1}{2}) = I(T : S1) + I(T : S2) − the least I(T : S1, S2) that the pairs of each
 * source with the target allow.
 * @param {Table} table
 * @param {number[]} informations of source 1, of source 2 and of both
 * @param {number} targetEntropy
 */
function redundanciesOfUnique({ sizes, p }, [first, second, both], targetEntropy) {
  const { largestConditionalEntropy } = typeof module === "undefined" ? uniqueInformation : require("./unique.js");
  const [pairs1, pairs2] = [sizes[0], sizes[1]].map((size) => Array.from({ length: size }, () => new Array(sizes[2]).fill(0)));
  cellsOf(sizes).forEach(([s1, s2, t], i) => {
    pairs1[s1][t] += p[i];
    pairs2[s2][t] += p[i];
  });
  const union = targetEntropy - largestConditionalEntropy(pairs1, pairs2).bits;
  // The error of the solver must not make an atom negative.
  const redundancy = Math.min(Math.max(first + second - union, first + second - both, 0), first, second);
  return [redundancy, first, second, both];
}

/**
 * Σ p f over the cells with positive probability.
 * @param {Float64Array} p
 * @param {(cell: number) => number} f
 */
function sumOver(p, f) {
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (p[i] > 0) sum += p[i] * f(i);
  return sum;
}

/**
 * Möbius inversion: the atoms of redundancies.
 * @param {number[]} redundancies
 * @param {Lattice} lattice
 */
function inverted(redundancies, lattice) {
  return lattice.mobius.map((row) => row.reduce((sum, [column, sign]) => sum + sign * redundancies[column], 0));
}

/**
 * Random numbers in [0, 1) that depend on the seed alone (mulberry32).
 * @param {number} seed
 * @returns {() => number}
 */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Draw observations: the cell of each.
 * @param {Table} table
 * @param {number} count
 * @param {() => number} draw
 * @returns {number[]}
 */
function sample(table, count, draw) {
  /** @type {number[]} */
  const upTo = [];
  let sum = 0;
  for (const value of table.p) upTo.push((sum += value));
  const last = table.p.reduce((found, value, i) => (value > 0 ? i : found), 0);
  return Array.from({ length: count }, () => {
    const u = draw() * sum;
    const cell = upTo.findIndex((end) => u < end);
    return cell < 0 ? last : cell;
  });
}

/**
 * The table of relative frequencies of observed cells.
 * @param {number[]} observed
 * @param {number[]} sizes
 * @returns {Table}
 */
function tableOf(observed, sizes) {
  const p = new Float64Array(sizes.reduce((product, size) => product * size, 1));
  for (const cell of observed) p[cell] += 1 / observed.length;
  const total = p.reduce((sum, value) => sum + value, 0);
  return { sizes, p: p.map((value) => value / total) };
}

/**
 * Decompositions of observations whose target was permuted.
 * @param {number[]} observed
 * @param {number[]} sizes
 * @param {Measure} measure
 * @param {number} permutations
 * @param {() => number} draw
 * @returns {Decomposition[]}
 */
function permuted(observed, sizes, measure, permutations, draw) {
  const values = sizes[sizes.length - 1];
  const targets = observed.map((cell) => cell % values);
  return Array.from({ length: permutations }, () => {
    for (let i = targets.length - 1; i > 0; i--) {
      const j = Math.floor(draw() * (i + 1));
      [targets[i], targets[j]] = [targets[j], targets[i]];
    }
    return decompose(tableOf(observed.map((cell, i) => cell - (cell % values) + targets[i]), sizes), measure);
  });
}

/**
 * The probability of a value at least as extreme by chance; never zero. Twice the smaller tail if `twoSided`.
 * @param {number} observed
 * @param {number[]} byChance
 * @param {boolean} twoSided
 */
function pValue(observed, byChance, twoSided) {
  const upper = (1 + byChance.filter((value) => value >= observed - 1e-10).length) / (1 + byChance.length);
  const lower = (1 + byChance.filter((value) => value <= observed + 1e-10).length) / (1 + byChance.length);
  return twoSided ? Math.min(1, 2 * Math.min(upper, lower)) : upper;
}

/** The functions of this script, for other scripts of the page and for tests. */
const engine = { MEASURES, latticeOf, decompose, cellsOf, random, sample, tableOf, permuted, pValue, labelOfSet };
if (typeof module !== "undefined") module.exports = engine;
