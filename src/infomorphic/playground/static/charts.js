// @ts-check
// Line charts over the steps of a training, by uPlot (uplot.min.js, MIT license).
"use strict";

/** @typedef {{ width: number, destroy: () => void, redraw: () => void, setSize: (size: object) => void, setData: (data: number[][]) => void }} Plot */

/**
 * A chart with at most six lines, in the colors --line-1 to --line-6. `set(steps, lines)` draws: `lines` has values by name.
 * @param {string} title
 * @param {number} height
 * @param {[number, number]} [range] of the values; by default that of the data
 */
function lineChart(title, height, range) {
  const node = el("div", { class: "lines", role: "img", "aria-label": title });
  /** @type {Plot | null} */
  let plot = null;
  let shown = "";
  const axis = (/** @type {object} */ extra) => ({ stroke: () => css("--soft"), grid: { stroke: () => css("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui", ...extra });
  /** @type {(names: string[], data: number[][]) => void} */
  const make = (names, data) => {
    plot?.destroy();
    plot = new uPlot({
      width: Math.max(200, node.clientWidth), height, cursor: { drag: { x: false, y: false } }, legend: { show: names.length > 1, live: false, markers: { fill: (/** @type {unknown} */ _, /** @type {number} */ i) => css(`--line-${i}`) } },
      scales: { x: { time: false }, y: { range: range ?? undefined } },
      axes: [axis({ size: 28 }), axis({ size: 42 })],
      series: [{}, ...names.map((label, i) => ({ label, width: 2, points: { show: false }, stroke: () => css(`--line-${i + 1}`) }))],
    }, data, node);
  };
  new ResizeObserver(() => requestAnimationFrame(() => {
    if (plot && node.clientWidth && plot.width !== node.clientWidth) plot.setSize({ width: node.clientWidth, height });
  })).observe(node);
  recolor.push(() => plot?.redraw());
  return {
    node,
    /**
     * @param {number[]} steps
     * @param {Record<string, number[]>} lines
     */
    set(steps, lines) {
      const names = Object.keys(lines), data = [steps, ...Object.values(lines)];
      if (names.join() !== shown || !plot) {
        shown = names.join();
        make(names, data);
      } else plot.setData(data);
    },
  };
}
