// @ts-check
// Tables from CSV text, and columns as codes.
"use strict";

/** @typedef {{ names: string[], rows: string[][] }} TextTable */
/** @typedef {{ codes: number[], values: number, described: string }} Codes  `codes` are −1 where the value is missing. */

const MISSING = new Set(["", "na", "n/a", "nan", "null", "none"]);

/**
 * Read CSV: comma, semicolon or tab, quotation marks, a byte-order mark, lines that begin with #.
 * @param {string} text
 * @returns {TextTable}
 */
function readCsv(text) {
  const clean = text.replace(/^\ufeff/, "");
  const first = clean.split(/\r?\n/).find((line) => line.trim() && !line.startsWith("#")) ?? "";
  const separator = [",", ";", "\t"].reduce((best, s) => (first.split(s).length > first.split(best).length ? s : best), ",");
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  let field = "", quoted = false, begun = false;
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || row[0].trim()) rows.push(row);
    row = [];
    field = "";
    begun = false;
  };
  for (let i = 0; i < clean.length; i++) {
    const c = clean[i];
    if (quoted) {
      if (c === '"' && clean[i + 1] === '"') { field += '"'; i++; }
      else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"' && !field) quoted = begun = true;
    else if (c === separator) { row.push(field); field = ""; begun = true; }
    else if (c === "\n") endRow();
    else if (c === "#" && !begun && !field) { while (i + 1 < clean.length && clean[i + 1] !== "\n") i++; if (i + 1 < clean.length) i++; }
    else if (c !== "\r") field += c;
  }
  if (field || row.length) endRow();
  if (quoted) throw new Error("a quotation mark is not closed.");
  if (rows.length < 2) throw new Error("the table needs a line of names and at least one row.");
  const names = rows[0].map((name) => name.trim());
  const wrong = rows.findIndex((r) => r.length !== names.length);
  if (wrong > 0) throw new Error(`row ${wrong} has ${rows[wrong].length} fields, but there are ${names.length} names.`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two columns are named ${JSON.stringify(twice)}.`);
  return { names, rows: rows.slice(1) };
}

/**
 * A column as codes. Whole numbers and text are categories; real numbers fall into bins of equal width.
 * @param {string[]} column
 * @param {number} bins
 * @returns {Codes}
 */
function codesOf(column, bins) {
  const entries = column.map((v) => (MISSING.has(v.trim().toLowerCase()) ? null : v.trim()));
  const present = /** @type {string[]} */ (entries.filter((v) => v !== null));
  // A decimal comma is read where no entry has a point.
  const comma = present.some((v) => v.includes(",")) && !present.some((v) => v.includes("."));
  const numbers = present.map((v) => Number(comma ? v.replace(",", ".") : v));
  const real = present.length > 0 && numbers.every(Number.isFinite) && !numbers.every(Number.isInteger);
  if (!real) {
    const categories = [...new Set(present)].sort();
    const at = new Map(categories.map((value, i) => [value, i]));
    return { codes: entries.map((v) => (v === null ? -1 : /** @type {number} */ (at.get(v)))), values: categories.length, described: `${categories.length} categories` };
  }
  const low = numbers.reduce((a, b) => Math.min(a, b)), high = numbers.reduce((a, b) => Math.max(a, b));
  let next = 0;
  const codes = entries.map((v) => {
    if (v === null) return -1;
    const x = numbers[next++];
    return Math.min(bins - 1, Math.floor((bins * (x - low)) / (high - low)));
  });
  return { codes, values: bins, described: `${bins} bins of equal width from ${low} to ${high}` };
}

/**
 * The cell of each row without missing values, and the sizes of the table. Values that never occur have no cells.
 * @param {Codes[]} columns
 * @returns {{ cells: number[], sizes: number[], dropped: number }}
 */
function cellsOfRows(columns) {
  const rows = columns[0].codes.map((_, r) => r).filter((r) => columns.every((c) => c.codes[r] >= 0));
  const compact = columns.map((c) => {
    const used = [...new Set(rows.map((r) => c.codes[r]))].sort((a, b) => a - b);
    const at = new Map(used.map((code, i) => [code, i]));
    return { at, size: used.length, codes: c.codes };
  });
  const cells = rows.map((r) => compact.reduce((cell, c) => cell * c.size + /** @type {number} */ (c.at.get(c.codes[r])), 0));
  return { cells, sizes: compact.map((c) => c.size), dropped: columns[0].codes.length - rows.length };
}

/** The functions of this script, for other scripts of the page and for tests. */
const csv = { readCsv, codesOf, cellsOfRows };
if (typeof module !== "undefined") module.exports = csv;
