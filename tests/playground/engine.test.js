// The engine and the CSV reader of the playground, by node's test runner: node --test tests/playground
"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const path = require("node:path");
const pages = path.join(__dirname, "../../src/infomorphic/playground/static");
const engine = require(path.join(pages, "engine.js"));
const csv = require(path.join(pages, "csv.js"));

const close = (a, b, tolerance = 1e-9) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);
const XOR = { sizes: [2, 2, 2], p: Float64Array.from([0.25, 0, 0, 0.25, 0, 0.25, 0.25, 0]) };

test("the lattice has 1, 4 and 18 antichains", () => {
  assert.deepEqual(engine.latticeOf(2).labels, ["{1}{2}", "{1}", "{2}", "{12}"]);
  assert.equal(engine.latticeOf(1).labels.length, 1);
  assert.equal(engine.latticeOf(3).labels.length, 18);
  assert.throws(() => engine.latticeOf(4), RangeError);
});

test("XOR by shared exclusions", () => {
  const d = engine.decompose(XOR);
  [Math.log2(2 / 3), Math.log2(3 / 2), Math.log2(3 / 2), Math.log2(4 / 3)].forEach((value, i) => close(d.atoms[i], value));
  close(d.residualEntropy, 0);
});

test("XOR by I_min and I_MMI is synergy alone", () => {
  for (const measure of ["min", "mmi"]) engine.decompose(XOR, measure).atoms.forEach((value, i) => close(value, i === 3 ? 1 : 0));
});

test("what is no distribution is refused", () => {
  assert.throws(() => engine.decompose({ sizes: [2, 2], p: Float64Array.from([0.5, 0.5, 0.5, 0]) }), /must sum to 1/);
  assert.throws(() => engine.decompose({ sizes: [2, 2], p: Float64Array.from([1.5, -0.5, 0, 0]) }), /must not be negative/);
});

test("the same seed gives the same sample, with the frequencies of the table", () => {
  const one = engine.sample(XOR, 4000, engine.random(3)), again = engine.sample(XOR, 4000, engine.random(3));
  assert.deepEqual(one, again);
  const found = engine.tableOf(one, XOR.sizes).p;
  XOR.p.forEach((value, i) => close(found[i], value, 0.03));
  assert.notDeepEqual(one, engine.sample(XOR, 4000, engine.random(4)));
});

test("permuting the target keeps its frequencies and removes the information", () => {
  const observed = engine.sample(XOR, 400, engine.random(0));
  const all = engine.permuted(observed, XOR.sizes, "sx", 50, engine.random(1));
  const entropy = engine.decompose(engine.tableOf(observed, XOR.sizes)).targetEntropy;
  for (const d of all) { close(d.targetEntropy, entropy); assert.ok(d.informations[2] < 0.1); }
});

test("p is never zero, and two-sided where asked", () => {
  const byChance = Array.from({ length: 99 }, (_, i) => i - 49);
  close(engine.pValue(1000, byChance, false), 1 / 100);
  close(engine.pValue(-1000, byChance, true), 2 / 100);
  close(engine.pValue(0, byChance, true), 1);
});

test("CSV: separators, quotation marks, comments, the byte-order mark and line ends", () => {
  assert.deepEqual(csv.readCsv('\ufeff# a comment\r\na;"b;c"\r\n1;"say ""no"""\r\n'), { names: ["a", "b;c"], rows: [["1", 'say "no"']] });
  assert.deepEqual(csv.readCsv("a\tb\n1\t2").rows, [["1", "2"]]);
  assert.deepEqual(csv.readCsv("a,b\n1,#5\n").rows, [["1", "#5"]]);
});

test("CSV that is damaged is refused with a sentence", () => {
  assert.throws(() => csv.readCsv("a,b\n1,2,3\n"), /row 1 has 3 fields, but there are 2 names/);
  assert.throws(() => csv.readCsv('a,b\n"1,2\n'), /a quotation mark is not closed/);
  assert.throws(() => csv.readCsv("a,a\n1,2\n"), /two columns are named "a"/);
  assert.throws(() => csv.readCsv("a,b\n"), /at least one row/);
});

test("columns: categories, bins, decimal commas and missing values", () => {
  assert.deepEqual(csv.codesOf(["b", "a", "b"], 4), { codes: [1, 0, 1], values: 2, described: "2 categories" });
  assert.deepEqual(csv.codesOf(["0", "10", "", "NA"], 4).codes, [0, 1, -1, -1]);
  assert.deepEqual(csv.codesOf(["0.5", "1.5", "2.4", "2.5"], 2).codes, [0, 1, 1, 1]);
  assert.deepEqual(csv.codesOf(["0,5", "2,5"], 2).codes, [0, 1]);
});

test("rows with missing values are left out, and values that never occur have no cells", () => {
  const found = csv.cellsOfRows([csv.codesOf(["0.5", "9.5", "0.6"], 4), csv.codesOf(["x", "y", ""], 4)]);
  assert.deepEqual(found, { cells: [0, 3], sizes: [2, 2], dropped: 1 });
});

test("unique information of AND, and of two sources only", () => {
  const and = { sizes: [2, 2, 2], p: Float64Array.from([0.25, 0, 0.25, 0, 0.25, 0, 0, 0.25]) };
  const { atoms, informations } = engine.decompose(and, "broja");
  // Both sources have the same pairs with the target, so nothing is unique.
  [informations[0], 0, 0, 0.5].forEach((expected, i) => close(atoms[i], expected, 1e-9));
  assert.throws(() => engine.decompose({ sizes: [2, 2, 2, 2], p: new Float64Array(16).fill(1 / 16) }, "broja"), /at most 2 sources; got 3/);
});
