// @ts-check
// Linear equations, for the measures that are found by Newton's method.
"use strict";

const linear = (() => {
  /**
   * Linear equations by elimination; the right-hand sides are the last column.
   * @param {Float64Array[]} rows
   */
  function solved(rows) {
    const size = rows.length;
    for (let k = 0; k < size; k++) {
      let pivot = k;
      for (let i = k + 1; i < size; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
      [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
      for (let i = k + 1; i < size; i++) {
        const factor = rows[i][k] / rows[k][k];
        if (factor) for (let j = k; j <= size; j++) rows[i][j] -= factor * rows[k][j];
      }
    }
    /** @type {number[]} */
    const solution = new Array(size).fill(0);
    for (let k = size - 1; k >= 0; k--) {
      let rest = rows[k][size];
      for (let j = k + 1; j < size; j++) rest -= rows[k][j] * solution[j];
      solution[k] = rest / rows[k][k];
    }
    return solution;
  }

  return { solved };
})();
if (typeof module !== "undefined") module.exports = linear;
