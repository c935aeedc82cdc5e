"use strict";
// What changes over time, such as epochs: a slider, a button that plays it, and the name of the moment that is shown.

const SLOWEST_STEP = 400, FASTEST_STEP = 40, LONGEST_PLAY = 15_000; // milliseconds

/**
 * Moments to step through or to play. The first drawing is up to `load`.
 *
 * label: what the slider changes, in words.
 * show: draws the moment at a position; may return a promise, which playing waits for.
 * inWords: what the moment at a position shows, for readers who do not see it.
 */
function player({ label, show, inWords = () => "", id = null }) {
  let moments = [], shown = 0, turn = null; // `turn` belongs to the playing that goes on
  const output = el("output", { "aria-live": "off" }), button = el("button", { type: "button", class: "play", onclick: () => (turn ? stop() : play()) });
  const slider = el("input", { type: "range", id, min: 0, "aria-label": label, oninput: () => { stop(); go(+slider.value); } });
  const node = el("div", { class: "slider" }, button, slider, output);

  function go(i) {
    shown = i;
    slider.value = i;
    output.textContent = moments[i];
    const drawn = show(i);
    slider.setAttribute("aria-valuetext", [moments[i], inWords(i)].filter(Boolean).join(": "));
    return drawn;
  }

  function stop() {
    turn = null;
    button.textContent = "▶ Play";
  }

  async function play() {
    const mine = (turn = {}), pause = Math.max(FASTEST_STEP, Math.min(SLOWEST_STEP, LONGEST_PLAY / moments.length));
    button.textContent = "⏸ Pause";
    if (shown === moments.length - 1) await go(0);
    while (turn === mine && node.isConnected && shown < moments.length - 1) {
      await new Promise((done) => setTimeout(done, pause));
      if (turn === mine) await go(shown + 1);
    }
    if (turn === mine) stop();
  }

  stop();
  return {
    node,
    /** Other moments, by their names, and the position of the first one to show. */
    load(names, at) {
      stop();
      moments = names;
      slider.max = names.length - 1;
      button.hidden = slider.hidden = names.length < 2;
      return go(at);
    },
    /** Draw the present moment again. */
    again: () => go(shown),
  };
}
