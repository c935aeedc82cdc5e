// @ts-check
// A goal as text: reading and writing expressions such as "{F}{C} - 0.5 {F}{L}", and the goal in words. The rules are those of the Python
// package's `infomorphic.goals` (`Goal.__str__`, `describe_terms`); tests/playground compares the two.
"use strict";

/** @typedef {import("./objective.js").Goal} Goal */

const goalText = (() => {
  const { spelled } = typeof module === "undefined" ? objective : require("./objective.js");
  const RESIDUAL_ENTROPY = "H_res";
  const TERM = /\s*([+\-−])?\s*(?:(\d+(?:\.\d*)?|\.\d+)\s*\*?\s*)?(H_res|(?:\{[A-Z]*\}\s*)+)\s*/y;
  // A page trains with weights that a slider could have; the package allows more.
  const LARGEST = 10;

  /**
   * Every term of a goal with its weight, in the order of the labels; the residual entropy comes last.
   * @param {Goal} goal
   * @param {string[]} labels
   * @returns {{ label: string, weight: number }[]}
   */
  function termsOf(goal, labels) {
    const atoms = labels.map((label) => ({ label, weight: goal.weights[label] ?? 0 }));
    return [...atoms, { label: RESIDUAL_ENTROPY, weight: goal.residualEntropy }];
  }

  /**
   * The goal of an expression; null if it is none for these atoms.
   * @param {string} text
   * @param {string[]} labels
   * @returns {Goal | null}
   */
  function read(text, labels) {
    const known = new Map(labels.map((label) => [spelled(label), label]));
    /** @type {Goal} */
    const goal = { weights: {}, residualEntropy: 0 };
    const seen = new Set();
    TERM.lastIndex = 0;
    while (TERM.lastIndex < text.length) {
      const found = TERM.exec(text);
      if (!found || (seen.size && !found[1])) return null;
      const label = found[3] === RESIDUAL_ENTROPY ? RESIDUAL_ENTROPY : known.get(spelled(found[3].replace(/\s/g, "")));
      const size = Number(found[2] ?? 1);
      if (!label || seen.has(label) || size > LARGEST) return null;
      seen.add(label);
      const weight = found[1] && found[1] !== "+" ? 0 - size : size;
      if (label === RESIDUAL_ENTROPY) goal.residualEntropy = weight;
      else goal.weights[label] = weight;
    }
    return seen.size ? goal : null;
  }

  /**
   * The goal as an expression that names every source.
   * @param {Goal} goal
   * @param {string[]} labels
   * @param {string[]} sources
   */
  function write(goal, labels, sources) {
    const all = termsOf(goal, labels);
    const terms = all.slice(0, -1).filter((term) => term.weight);
    const unnamed = sources.filter((source) => !terms.some((term) => term.label.includes(source)));
    // A source without a weight must appear too: the atoms of two and of three sources differ.
    if (unnamed.length) terms.push({ label: `{${unnamed.join("")}}`, weight: 0 });
    if (goal.residualEntropy) terms.push(all[all.length - 1]);
    return terms
      .map(({ label, weight }, i) => {
        const sign = i ? (weight < 0 ? " - " : " + ") : weight < 0 ? "-" : "";
        return `${sign}${Math.abs(weight) === 1 ? "" : `${Math.abs(weight)} `}${label}`;
      })
      .join("");
  }

  /**
   * The weight with two significant digits.
   * @param {number} weight
   */
  const rounded = (weight) => String(Number(weight.toPrecision(2)));

  /**
   * What the goal rewards, then what it punishes, each with its weight, then the size of the other weights.
   * @param {Goal} goal
   * @param {string[]} labels
   * @param {Record<string, string>} phrases each term as a part of a sentence, by label
   * @param {number} [most] the number of terms to name; a single term beyond them is named too
   */
  function describe(goal, labels, phrases, most = 4) {
    const terms = termsOf(goal, labels)
      .filter((term) => term.weight)
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
    if (!terms.length) return "The goal rewards nothing: all weights are 0.";
    const named = terms.length <= most + 1 ? terms : terms.slice(0, most);
    const numbered = new Set(terms.map((term) => Math.abs(term.weight))).size > 1;
    /** @type {string[]} */
    const sentences = [];
    for (const [verb, sign] of /** @type {[string, number][]} */ ([["rewards", 1], ["punishes", -1]])) {
      const own = named.filter((term) => term.weight * sign > 0);
      if (!own.length) continue;
      const listed = own.map(({ label, weight }, i) => {
        const word = sentences.length || i ? "" : "weight ";
        return numbered ? `${phrases[label]} (${word}${rounded(weight)})` : phrases[label];
      });
      const last = listed[listed.length - 1];
      const text = listed.length > 1 ? `${listed.slice(0, -1).join(", ")}, and ${last}` : last;
      sentences.push(`${sentences.length ? "It" : "The goal"} ${verb} ${text}.`);
    }
    const rest = terms.slice(named.length);
    if (rest.length) sentences.push(`The other ${rest.length} weights are at most ${rounded(Math.abs(rest[0].weight))} in size.`);
    return sentences.join(" ");
  }

  return { RESIDUAL_ENTROPY, read, write, describe };
})();
if (typeof module !== "undefined") module.exports = goalText;
