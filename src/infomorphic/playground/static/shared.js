// @ts-check
// What the pages of the playground share: pictures of a decomposition, sentences, the state in the address, copying.
"use strict";

/** @typedef {import("./engine.js").Decomposition} Decomposition */
/** @typedef {import("./engine.js").Table} Table */
/** @typedef {import("./engine.js").Measure} Measure */
/** The state of a page, in its address. @typedef {Record<string, string | number>} State */
/** A value that a histogram marks. @typedef {{ name: "estimate" | "truth", value: number }} Mark */

/**
 * Fill in a sentence that the package wrote with placeholders.
 * @param {string} label
 * @param {number} value in bits
 * @param {string[]} names of the sources
 * @param {string} target
 */
function sentenceOf(label, value, names, target) {
  const of = content.lattices[names.length];
  const kind = value >= 5e-5 ? "positive" : value > -5e-5 ? "zero" : "negative";
  const filled = of.sentences[label][kind].replaceAll("{bits}", number(value, 4));
  return names.reduce((text, name, i) => text.replaceAll(`{source ${i + 1}}`, name), filled).replaceAll("{target}", target);
}

/**
 * Π_α as a sum of redundancies.
 * @param {string} label
 * @param {number} sources
 */
function formulaOf(label, sources) {
  const lattice = engine.latticeOf(sources);
  const row = lattice.mobius[lattice.labels.indexOf(label)];
  const terms = row.map(([column, sign], i) => `${sign < 0 ? ` ${MINUS} ` : i ? " + " : ""}I∩${lattice.labels[column]}`);
  return `Π${label} = ${terms.join("")}`;
}

/**
 * The lattice as an SVG whose nodes are filled by `paint`, as those of the diagram.
 * @param {number} sources
 */
function latticeTemplate(sources) {
  /** @type {{ positions: [number, number][], edges: [number, number][] }} */
  const { positions, edges } = content.lattices[sources];
  const labels = engine.latticeOf(sources).labels;
  const width = sources === 3 ? 1.5 : 1.2, levels = Math.max(...positions.map((p) => p[1])), half = Math.max(...positions.map((p) => Math.abs(p[0])));
  const at = (/** @type {number} */ i) => [positions[i][0] * width, (levels - positions[i][1]) * 0.9];
  const lines = edges.map(([low, high]) => `<line x1="${at(low)[0]}" y1="${at(low)[1]}" x2="${at(high)[0]}" y2="${at(high)[1]}"/>`);
  const nodes = labels.map((label, i) => {
    const [x, y] = at(i);
    return `<rect class="region" data-atom="${label}" x="${x - 0.56}" y="${y - 0.27}" width="1.12" height=".54" rx=".14"/>`
      + `<text data-of="${label}" x="${x}" y="${y - 0.03}" font-size=".17">${label}</text><text data-of="${label}" data-value="${label}" x="${x}" y="${y + 0.18}" font-size=".17"></text>`;
  });
  const box = [-(half * width) - 0.7, -0.4, 2 * (half * width + 0.7), levels * 0.9 + 0.8];
  return `<svg class="diagram lattice" viewBox="${box.join(" ")}" role="img" aria-label="redundancy lattice">${lines.join("")}${nodes.join("")}</svg>`;
}

/**
 * A diagram or a lattice whose regions can be looked at and pressed, by pointer and keyboard.
 * @param {string} template
 * @param {AtomValues} values
 * @param {number} limit
 * @param {(label: string) => void} look
 */
function choosable(template, values, limit, look, press = look) {
  const holder = diagram(template, values, limit);
  for (const [region, label] of partsWith(holder, "atom")) {
    region.setAttribute("tabindex", "0");
    region.setAttribute("role", "button");
    region.setAttribute("aria-label", label);
    for (const event of ["mouseenter", "focus"]) region.addEventListener(event, () => look(label));
    region.addEventListener("click", () => press(label));
    region.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      press(label);
    });
  }
  return holder;
}

/**
 * The values by label that a picture shows, with the residual entropy.
 * @param {Decomposition} d
 * @param {number} sources
 * @returns {AtomValues}
 */
function shownValues(d, sources) {
  const labels = engine.latticeOf(sources).labels;
  return { ...Object.fromEntries(labels.map((label, i) => [label, d.atoms[i]])), H_res: d.residualEntropy };
}

/**
 * A histogram of what chance gives, with lines for the estimate and, if it is known, the truth.
 * @param {number[]} values
 * @param {Mark[]} marks
 */
function histogram(values, marks) {
  const all = [...values, ...marks.map((m) => m.value)];
  const low = Math.min(...all), high = Math.max(...all), span = high - low || 1, bins = 24;
  const counts = new Array(bins).fill(0);
  for (const v of values) counts[Math.min(bins - 1, Math.floor(((v - low) / span) * bins))]++;
  const top = Math.max(...counts);
  const x = (/** @type {number} */ v) => 12 + (376 * (v - low)) / span;
  const bars = counts.map((c, i) => `<rect x="${12 + (376 * i) / bins}" y="${118 - (90 * c) / top}" width="${376 / bins - 1}" height="${(90 * c) / top}"/>`);
  const lines = marks.map((m, i) => `<line class="mark ${m.name}" x1="${x(m.value)}" x2="${x(m.value)}" y1="${14 + 10 * i}" y2="118"/>`
    + `<text class="${m.name}" x="${x(m.value)}" y="${12 + 10 * i}" text-anchor="${x(m.value) > 200 ? "end" : "start"}">${m.name} ${number(m.value)}</text>`);
  const ends = `<text class="soft" x="12" y="134">${number(low)}</text><text class="soft" x="388" y="134" text-anchor="end">${number(high)} bits</text>`;
  const holder = el("div");
  holder.innerHTML = `<svg class="histogram" viewBox="0 0 400 140" role="img" aria-label="distribution by chance">${bars.join("")}<line class="axis" x1="12" x2="388" y1="118" y2="118"/>${lines.join("")}${ends}</svg>`;
  return /** @type {SVGElement} */ (holder.firstElementChild);
}

/**
 * A button that copies a text and shows what it copied.
 * @param {string} title
 * @param {() => string} text
 */
function copyButton(title, text) {
  const shown = el("pre", { class: "copied hidden" });
  const press = async () => {
    shown.textContent = text();
    shown.classList.remove("hidden");
    try { await navigator.clipboard.writeText(text()); } catch { /* The text is on the page, to be copied by hand. */ }
  };
  return [el("button", { type: "button", onclick: press }, title), shown];
}

/**
 * The state in the address: values that differ from the defaults.
 * @template {State} T
 * @param {T} defaults
 * @returns {T}
 */
function readState(defaults) {
  const given = new URLSearchParams(location.hash.slice(1));
  /** @type {State} */
  const state = { ...defaults };
  for (const [name, value] of given) {
    if (!(name in defaults)) continue;
    state[name] = typeof defaults[name] === "number" ? (Number.isFinite(Number(value)) ? Number(value) : defaults[name]) : value;
  }
  return /** @type {T} */ (state);
}

/**
 * @param {State} state
 * @param {State} defaults
 */
function writeState(state, defaults) {
  const changed = Object.entries(state).filter(([name, value]) => value !== defaults[name]);
  const text = new URLSearchParams(changed.map(([k, v]) => [k, String(v)])).toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

/**
 * A menu with a title.
 * @template {string} K
 * @param {string} title
 * @param {Record<K, string>} options the text of each, by its value
 * @param {K} value
 * @param {(value: K) => void} change
 */
function choice(title, options, value, change) {
  /** @type {[string, string][]} */
  const listed = Object.entries(options);
  /** @type {HTMLSelectElement} */
  const select = el("select", { onchange: () => change(/** @type {K} */ (select.value)) }, listed.map(([key, text]) => el("option", { value: key, selected: key === value }, text)));
  return el("label", {}, title, select);
}

/**
 * The titles of the measures of some number of sources; of the fast ones only, if there may be many cells.
 * @param {number} sources
 */
const measuresOf = (sources, manyCells = false) => /** @type {Record<Measure, string>} */ (
  Object.fromEntries(Object.entries(engine.MEASURES).filter(([, m]) => m.sources >= sources && (m.fast || !manyCells)).map(([name, m]) => [name, m.title]))
);
