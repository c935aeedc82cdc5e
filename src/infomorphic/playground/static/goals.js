// @ts-check
// Goals: reward or punish atoms, and watch a small network learn from them.
"use strict";
/** @typedef {import("./objective.js").Goal} Goal */
/** What the network of a goal had learned after some steps. @typedef {{ steps: number, right: number, atoms: AtomValues }} Point */
/** A goal with its network, and what shows them. @typedef {ReturnType<typeof column>} Column */
// `secondSteps` differs from `steps` if one of two goals was changed later than the other; -1 is the same number.
const DEFAULTS = { task: "bars", goal: "", second: "", neurons: 0, seed: 0, atom: "", neuron: -1, tour: "", step: 0, steps: 0, secondSteps: -1 };
/** The goal that each task begins with. @type {Record<string, string>} */
const PRESETS = { bars: "{F}", digits: "{F}{C} - {F}{L}", context: "{F}{C}", lateral: "{F}" };
const MOST_NEURONS = 64, MOST_LINES = 5, MOST_STEPS = 20000;
// The time of a frame in which the network trains; the rest is for drawing.
const BUDGET_MS = 14;
// The time in which a training catches up with the steps of a link before the page may answer.
const CATCH_UP_MS = 80;
// The least time between two changes of the address while the network trains: browsers allow only some of them.
const ADDRESS_MS = 1000;
const state = readState(DEFAULTS);
const task = () => learning.tasks[state.task];
const labelsNow = () => objective.labelsOf(task().sources);
/** @type {() => Record<string, Goal>} */
const publishedNow = () => content.published[state.task];
// After how many steps the charts get a point, and the steps of the trainings that are copied if none was made here.
const every = () => (task().classes ? 25 : 10), usual = () => (task().classes ? 1000 : 200);
let playing = false, until = Infinity, catching = 0, remembered = 0;
/** @type {Column[]} */
let columnsNow = [];

/**
 * The goal of a text: a name or an expression; null if it is neither.
 * @param {string} text
 */
const goalOf = (text) => (Object.hasOwn(publishedNow(), text) ? publishedNow()[text] : goalText.read(text, labelsNow()));

function settle() {
  if (!Object.hasOwn(learning.tasks, state.task)) state.task = DEFAULTS.task;
  if (!goalOf(state.goal)) state.goal = PRESETS[state.task];
  if (state.second && !goalOf(state.second)) state.second = "";
  const most = Math.min(MOST_NEURONS, Math.round(state.neurons));
  state.neurons = most >= 1 ? most : task().neurons;
  state.seed = Math.min(2 ** 31 - 1, Math.max(0, Math.round(state.seed)));
  if (state.neuron >= state.neurons) state.neuron = -1;
  if (![...labelsNow(), goalText.RESIDUAL_ENTROPY].includes(state.atom)) state.atom = "";
  if (!Object.hasOwn(TOURS, state.tour)) state.tour = "";
  state.step = state.tour ? Math.min(TOURS[state.tour].steps.length - 1, Math.max(0, Math.round(state.step))) : 0;
  if (state.secondSteps < 0 || !state.second) state.secondSteps = state.steps;
  for (const name of /** @type {("steps" | "secondSteps")[]} */ (["steps", "secondSteps"])) state[name] = state.tour ? 0 : Math.min(MOST_STEPS, Math.max(0, Math.round(state[name])));
}

/**
 * Each term of a goal in words, with the names that the task gives to its sources.
 * @returns {Record<string, string>}
 */
function phrasesNow() {
  const { sources, names } = task();
  /** @type {string[]} */
  const templates = Object.values(content.lattices[sources.length].phrases);
  const filled = templates.map((text) => sources.reduce((t, s, i) => t.replaceAll(`{source ${i + 1}}`, names[s]), text));
  return { ...Object.fromEntries(labelsNow().map((label, i) => [label, filled[i]])), [goalText.RESIDUAL_ENTROPY]: content.residualEntropy };
}

/** @param {Partial<typeof DEFAULTS>} next */
function change(next) {
  Object.assign(state, next);
  settle();
  writeState(state, { ...DEFAULTS, goal: PRESETS[state.task], neurons: task().neurons, secondSteps: state.steps });
}

/** Put the steps that were made into the address. */
function remember() {
  remembered = performance.now();
  if (!state.tour) change({ steps: columnsNow[0].training.steps, secondSteps: columnsNow[columnsNow.length - 1].training.steps });
}

/**
 * Change what is trained, and begin again.
 * @param {Partial<typeof DEFAULTS>} next
 */
function restart(next) {
  change({ steps: 0, secondSteps: 0, ...next });
  until = Infinity;
  build();
}

// ---- one goal and its network ---------------------------------------------------------------------------------------

/**
 * A goal that can be edited, and what a network learns from it.
 * @param {"goal" | "second"} key the name of the goal in the state
 */
function column(key) {
  const labels = labelsNow(), phrases = phrasesNow();
  const goal = () => /** @type {Goal} */ (goalOf(state[key]));
  const newTraining = () => learning.create({ task: state.task, goal: goal(), neurons: state.neurons, seed: state.seed, digits: content.digits });
  let training = newTraining();
  /** @type {Point[]} */
  let history = [];
  const weightOf = (/** @type {string} */ label) => (label === goalText.RESIDUAL_ENTROPY ? goal().residualEntropy : goal().weights[label] ?? 0);
  /** @returns {AtomValues} */
  const weights = () => Object.fromEntries([...labels, goalText.RESIDUAL_ENTROPY].map((label) => [label, weightOf(label)]));

  /**
   * @param {string} label
   * @param {number} weight
   */
  function setWeight(label, weight) {
    const next = { weights: { ...goal().weights }, residualEntropy: goal().residualEntropy };
    if (label === goalText.RESIDUAL_ENTROPY) next.residualEntropy = weight;
    else next.weights[label] = weight;
    setGoal(goalText.write(next, labels, task().sources), label);
  }

  /** @param {string} text */
  function setGoal(text, atom = state.atom) {
    leaveTour();
    change({ [key]: text, atom });
    until = Infinity;
    stopCatchingUp();
    reset();
    remember();
    showSteps();
    showGoal();
  }

  const look = (/** @type {string} */ label) => {
    change({ atom: label });
    showAtom();
  };
  // A click rewards, a second one punishes, a third one takes the term out.
  const press = (/** @type {string} */ label) => setWeight(label, weightOf(label) > 0 ? -1 : weightOf(label) < 0 ? 0 : 1);

  const picture = choosable(content.diagrams[task().sources.join("")], weights(), 1, look, press);
  const words = el("p", { class: "sentence words-of-goal", "aria-live": "polite" });
  /** @type {HTMLInputElement} */
  const expression = el("input", { class: "expression", spellcheck: "false", "aria-label": "goal as an expression", onchange: () => {
    const read = goalText.read(expression.value, labels);
    problem.textContent = read ? "" : `A goal is a sum such as ${PRESETS[state.task]}, with weights from −10 to 10 and atoms of ${task().sources.join(", ")}.`;
    if (read) setGoal(goalText.write(read, labels, task().sources));
  } });
  const problem = el("p", { class: "note", role: "alert" });
  /** @type {HTMLSelectElement} */
  const published = el("select", { "aria-label": "goal of the gallery", onchange: () => published.value && setGoal(published.value) });
  const atom = el("div", { class: "atom" });

  function showGoal() {
    const value = weights();
    picture.paint(value);
    for (const [region, label] of partsWith(picture, "atom")) {
      const kind = value[label] > 0 ? "rewarded" : value[label] < 0 ? "punished" : "neither";
      region.setAttribute("aria-label", `${label}, ${phrases[label]}: ${kind}`);
    }
    for (const [text, label] of partsWith(picture, "value")) if (!value[label]) text.textContent = "";
    words.textContent = goalText.describe(goal(), labels, phrases);
    expression.value = goalText.write(goal(), labels, task().sources);
    problem.textContent = "";
    const names = Object.keys(publishedNow());
    published.replaceChildren(
      el("option", { value: "", selected: !names.includes(state[key]) }, "your own"),
      ...names.map((name) => el("option", { value: name, selected: name === state[key] }, name)),
    );
    showAtom();
  }

  function showAtom() {
    const label = state.atom || Object.entries(weights()).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))[0][0];
    const set = (/** @type {{ target: HTMLInputElement }} */ e) => setWeight(label, Math.min(10, Math.max(-10, Number(e.target.value) || 0)));
    const text = `${label}: ${phrases[label]}`;
    // While a slider is dragged it must stay the same element.
    if (atom.firstChild?.textContent !== text) {
      const shared = { "aria-label": `weight of ${label}`, step: 0.05, oninput: set };
      atom.replaceChildren(
        el("p", {}, el("b", {}, label), `: ${phrases[label]}`),
        el("div", { class: "slider" }, el("span", { class: "soft" }, "punish"), el("input", { type: "range", min: -1, max: 1, ...shared }), el("span", { class: "soft" }, "reward"),
          el("input", { type: "number", min: -10, max: 10, ...shared, oninput: null, onchange: set })),
      );
    }
    for (const input of atom.querySelectorAll("input")) if (input !== document.activeElement || input.type === "number") input.value = String(Number(weightOf(label).toFixed(4)));
  }

  // -- what the network learned --
  const score = el("b", { class: "score" }), neurons = el("div", { class: `neurons${state.neurons <= 8 ? " few" : ""}` });
  const accuracies = lineChart("result over steps", 110, [0, 1]), atomLines = lineChart("atoms over steps, mean of all neurons", 190);
  /** @type {ReturnType<typeof neuronButton>[]} */
  let buttons = [];
  const inside = diagram(content.diagrams[task().sources.join("")], {}, 1);
  const insideTitle = el("h3"), insideText = el("p", { class: "sentence" });

  function reset() {
    training = newTraining();
    begin();
  }

  function begin() {
    history = [];
    buttons = training.fields().map((_, j) => neuronButton(j));
    neurons.replaceChildren(...buttons.map(({ button }) => button));
    record();
    draw();
  }

  /** The mean of each atom over neurons, with the residual entropy. */
  const mean = () => valuesOf(-1);

  /**
   * @param {number} neuron -1 for the mean of all
   * @returns {AtomValues}
   */
  function valuesOf(neuron) {
    const { ofNeurons, residualEntropy } = training.atoms();
    const of = (/** @type {number[]} */ values) => (neuron < 0 ? values.reduce((a, b) => a + b, 0) / values.length : values[neuron]);
    return { ...Object.fromEntries(labels.map((label, i) => [label, of(ofNeurons.map((own) => own[i]))])), H_res: of(residualEntropy) };
  }

  /** @param {number} j */
  function neuronButton(j) {
    const { side, classes } = task();
    const field = el("canvas", { class: "field", width: side, height: side });
    const responses = el("canvas", { class: "responses", width: 10 * (classes ?? side), height: 48 }), name = el("span", {});
    const button = el("button", { type: "button", "data-neuron": j, "aria-pressed": "false", onclick: () => { change({ neuron: state.neuron === j ? -1 : j }); for (const c of columnsNow) c.showInside(); } },
      field, responses, name);
    return { button, field, responses, name };
  }

  /** Add a point to the charts without drawing them. */
  function note() {
    if (history.length && history[history.length - 1].steps === training.steps) return;
    history.push({ steps: training.steps, right: training.accuracy().value, atoms: mean() });
  }

  function record() {
    note();
    const steps = history.map((h) => h.steps);
    accuracies.set(steps, { [state.task]: history.map((h) => h.right) });
    const largestOf = (/** @type {string} */ label) => Math.max(...history.map((h) => Math.abs(h.atoms[label])));
    const shown = [...labels].sort((a, b) => largestOf(b) - largestOf(a)).slice(0, MOST_LINES);
    atomLines.set(steps, Object.fromEntries(labels.filter((label) => shown.includes(label)).map((label) => [label, history.map((h) => h.atoms[label])])));
    score.textContent = training.accuracy().text;
    showResponses();
    showInside();
  }

  /** One step, and a point of the charts when it is due: drawn, or only noted. */
  function step(point = record) {
    training.step();
    if (training.steps % every() === 0) point();
  }

  const draw = () => training.fields().forEach((field, j) => drawField(buttons[j].field, field));

  function showResponses() {
    const groups = Array.from({ length: task().classes ?? task().side }, (_, i) => (task().classes ? i : i + 1));
    training.responses().forEach((own, j) => {
      const { button, responses, name } = buttons[j];
      drawResponses(responses, own);
      name.textContent = inWords(own, groups);
      button.setAttribute("aria-label", `neuron ${j + 1}: ${name.textContent}`);
    });
  }

  function showInside() {
    const values = valuesOf(state.neuron), limit = largest(labels.map((label) => values[label]));
    const best = labels.reduce((a, b) => (Math.abs(values[b]) > Math.abs(values[a]) ? b : a));
    const numbered = engine.latticeOf(task().sources.length).labels[labels.indexOf(best)];
    inside.paint(values, limit);
    insideTitle.textContent = state.neuron < 0 ? "What a neuron carries, in bits: mean of all" : `What neuron ${state.neuron + 1} carries, in bits`;
    const who = state.neuron < 0 ? "the output of a neuron" : `the output of neuron ${state.neuron + 1}`;
    const said = sentenceOf(numbered, values[best], task().sources.map((s) => task().names[s]), who);
    const value = state.neuron < 0 ? "" : ` Its goal has the value ${number(training.goalValues()[state.neuron])} bits.`;
    insideText.textContent = `${said[0].toUpperCase()}${said.slice(1)}${value}`;
    buttons.forEach(({ button }, j) => button.setAttribute("aria-pressed", String(j === state.neuron)));
  }

  const { sources, names, classes } = task();
  const goalCard = el("section", { class: "card goal", "aria-label": "goal" },
    el("h3", {}, state.second ? `${key === "goal" ? "First" : "Second"} goal` : "The goal of every neuron"), words, picture, el("p", { class: "legend-of-goal note" }, el("span", {}, el("i"), "rewarded"), el("span", {}, el("i", { class: "punished" }), "punished"), ...sources.map((s) => el("span", {}, el("b", {}, s), ` ${names[s]}`))),
    atom, el("div", { class: "controls" }, el("label", { class: "grow" }, "goal", expression), el("label", {}, "gallery", published)), problem);
  const result = el("section", { class: "card result", "aria-label": "neurons" },
    el("h3", {}, classes ? "Digits that the readout gets right" : "Bars that a neuron codes"), score,
    neurons, el("p", { class: "note" }, `Squares: weights of the pixels, blue raises the output, red lowers it. Columns: ${classes ? "digits 0 to 9" : "bars 1 to 8"}; up if the neuron fires for more than half of these images. Click a neuron to look inside.`));
  const charts = el("section", { class: "card charts", "aria-label": "charts" }, el("h3", {}, classes ? "Right, over steps" : "Found, over steps"), accuracies.node, el("h3", {}, `The ${Math.min(labels.length, MOST_LINES)} largest atoms over steps, mean in bits`), atomLines.node);
  const within = el("section", { class: "card inside", "aria-label": "inside" }, insideTitle, insideText, inside);
  begin();
  showGoal();
  return { parts: { goalCard, result, charts, within }, get training() { return training; }, mean, note, record, step, draw, showInside };
}

/**
 * The classes that a neuron fires for, in a few words.
 * @param {number[]} responses
 * @param {number[]} groups
 */
function inWords(responses, groups) {
  const bars = !task().classes, margin = bars ? 0.25 : 0;
  const up = groups.filter((_, i) => responses[i] > 0.5 + margin), down = groups.filter((_, i) => responses[i] < 0.5 - margin);
  if (bars) return up.length ? `bar ${up.join(" ")}` : down.length ? `not ${down.join(" ")}` : "–";
  return !up.length ? "none" : !down.length ? "all" : up.length <= 5 ? up.join("\u2009") : `not ${down.join("\u2009")}`;
}

/** The colors of weights from −1 to 1, as they are in the present scheme. @type {number[][]} */
let ramp = [];
recolorRamp();
function recolorRamp() {
  ramp = Array.from({ length: 65 }, (_, i) => colorOf(i / 32 - 1));
}

/** @param {HTMLCanvasElement} canvas */
const pen = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} field
 */
function drawField(canvas, field) {
  const context = pen(canvas), image = context.createImageData(canvas.width, canvas.height);
  const strongest = field.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;
  field.forEach((v, i) => image.data.set([...ramp[Math.round(32 + (32 * v) / strongest)], 255], 4 * i));
  context.putImageData(image, 0, 0);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} responses
 */
function drawResponses(canvas, responses) {
  const context = pen(canvas), middle = canvas.height / 2;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = css("--soft");
  context.fillRect(0, middle - 0.5, canvas.width, 1);
  responses.forEach((v, i) => {
    context.fillStyle = css(v >= 0.5 ? "--line-1" : "--line-2");
    context.fillRect(10 * i + 1, middle, 8, -(2 * v - 1) * (middle - 1));
  });
}

// ---- the page -------------------------------------------------------------------------------------------------------

const questions = el("div", { class: "questions" }), tour = el("div", { class: "card tour hidden", role: "region", "aria-label": "guided tour" });
const controls = el("div", { class: "controls run" }), stage = el("div", { class: "stage" }), copying = el("div", { class: "controls" });
byId("sections").append(questions, tour, controls, stage, el("section", { class: "card" }, el("h3", {}, "The same with the package"), copying,
  el("p", { class: "note" }, "The package has the same neurons, goals and settings. It draws other random numbers than the browser, so its weights and results differ in detail. It trains whole passes through the data.")));
const playButton = el("button", { type: "button", id: "play", onclick: () => { stopCatchingUp(); play(!playing); if (!playing) remember(); } });
const done = el("span", { id: "steps", class: "soft" });

function build() {
  clearTimeout(catching);
  catching = 0;
  diagrams.length = 0;
  recolor.length = 0;
  recolor.push(recolorRamp, () => columnsNow.forEach((c) => { c.draw(); }));
  /** @type {("goal" | "second")[]} */
  const keys = state.second ? ["goal", "second"] : ["goal"];
  columnsNow = keys.map((key) => column(key));
  const [a, b] = columnsNow;
  // Two goals stand side by side; one has its network beside it.
  stage.replaceChildren(el("div", { class: "columns" }, ...(b
    ? columnsNow.map(({ parts }) => el("div", {}, parts.goalCard, parts.result, parts.charts, parts.within))
    : [el("div", {}, a.parts.goalCard, a.parts.charts), el("div", {}, a.parts.result, a.parts.within)])));
  showControls();
  showTour();
  showSteps();
  if (state.steps || state.secondSteps) catchUp([state.steps, state.secondSteps]);
}

/**
 * Train each goal up to its steps, with all points of the charts, and draw in the end.
 * @param {number[]} targets
 */
function catchUp(targets) {
  const behind = () => columnsNow.filter((c, i) => c.training.steps < targets[i]), begin = performance.now();
  do for (const c of behind()) c.step(c.note); while (behind().length && performance.now() - begin < CATCH_UP_MS);
  const left = behind().length > 0;
  catching = left ? setTimeout(() => catchUp(targets)) : 0;
  showSteps();
  if (!left) showLearned();
}

/** What an action of the reader begins from is what was trained so far. */
function stopCatchingUp() {
  if (!catching) return;
  clearTimeout(catching);
  catching = 0;
  showLearned();
}

function showLearned() {
  columnsNow.forEach((c) => { c.record(); c.draw(); });
  remember();
}

function showControls() {
  const whole = (/** @type {string} */ title, /** @type {"neurons" | "seed"} */ name, /** @type {number} */ most) => el("label", {}, title, el("input", { type: "number", min: name === "seed" ? 0 : 1, max: most, value: state[name], id: name, onchange: (e) => { leaveTour(); restart({ [name]: Number(e.target.value) }); } }));
  controls.classList.toggle("free", Boolean(state.tour));
  controls.replaceChildren(
    choice("task", titles(), state.task, (name) => { leaveTour(); play(false); restart({ task: name, goal: "", second: "", neurons: 0, atom: "", neuron: -1 }); }),
    playButton,
    el("button", { type: "button", id: "one", onclick: () => { stopCatchingUp(); play(false); oneStep(); showLearned(); } }, "step"),
    el("button", { type: "button", id: "reset", onclick: () => { play(false); restart({}); } }, "reset"),
    done,
    whole("neurons", "neurons", MOST_NEURONS),
    whole("seed", "seed", 2 ** 31 - 1),
    el("button", { type: "button", id: "compare", "aria-pressed": String(Boolean(state.second)), onclick: () => { leaveTour(); restart({ second: state.second ? "" : state.goal }); } }, "two goals side by side"),
  );
  play(playing);
}

/** @param {boolean} on */
function play(on) {
  const starts = on && !playing;
  playing = on;
  playButton.textContent = on ? "❚❚ pause" : "▶ play";
  playButton.classList.toggle("primary", !on);
  if (starts) requestAnimationFrame(frame);
}

function frame() {
  if (!playing) return;
  const begin = performance.now();
  do oneStep(false); while (playing && performance.now() - begin < BUDGET_MS);
  columnsNow.forEach((c) => c.draw());
  showSteps();
  if (performance.now() - remembered > ADDRESS_MS) remember();
  if (playing) requestAnimationFrame(frame);
}

function oneStep(draws = true) {
  for (const c of columnsNow) c.step();
  if (columnsNow[0].training.steps === until) {
    play(false);
    until = Infinity;
    columnsNow.forEach((c) => c.record());
    showFound();
  }
  if (!draws) return;
  columnsNow.forEach((c) => c.draw());
  showSteps();
}

function showSteps() {
  done.textContent = `${columnsNow[0].training.steps} steps`;
}

/** The tasks, each with what its neurons receive. */
const titles = () => Object.fromEntries(Object.entries(learning.tasks).map(([name, { title, side, sources, names }]) => [name, `${title}, ${side} × ${side}: ${sources.map((s) => names[s].replace(/^the /, "")).join(", ")}`]));

// ---- tours ----------------------------------------------------------------------------------------------------------

/**
 * @param {string} name
 * @param {number} index
 */
function enterStep(name, index) {
  const step = TOURS[name].steps[index];
  play(false);
  change({ ...DEFAULTS, seed: state.tour === name ? state.seed : 0, ...step.set, tour: name, step: index });
  runTour();
}

/** Train as the step of the tour asks, and point to what to look at. */
function runTour() {
  const { train } = TOURS[state.tour].steps[state.step];
  build();
  until = train || Infinity;
  if (train) play(true);
  else showFound();
}

function leaveTour() {
  if (!state.tour) return;
  change({ tour: "", step: 0 });
  remember();
  showTour();
}

function showTour() {
  tour.classList.toggle("hidden", !state.tour);
  questions.classList.toggle("hidden", Boolean(state.tour));
  for (const node of document.querySelectorAll(".looked-at")) node.classList.remove("looked-at");
  if (!state.tour) return;
  const { title, question, steps } = TOURS[state.tour], step = steps[state.step], last = state.step === steps.length - 1;
  tour.replaceChildren(
    el("h3", {}, `${title} `, el("span", { class: "soft" }, `${state.step + 1} of ${steps.length}`)),
    ...(state.step ? [] : [el("p", {}, el("b", {}, question))]),
    el("p", {}, step.text),
    el("p", { class: "found", "aria-live": "polite" }, step.train ? `Training up to ${step.train} steps …` : ""),
    el("div", { class: "controls" },
      ...(state.step ? [el("button", { type: "button", id: "back", onclick: () => enterStep(state.tour, state.step - 1) }, "back")] : []),
      ...(last ? [] : [el("button", { type: "button", id: "next", class: "primary", onclick: () => enterStep(state.tour, state.step + 1) }, "next")]),
      el("button", { type: "button", id: "leave", onclick: leaveTour }, last ? "done" : "leave the tour")),
  );
  // The text stays in view above what it points to.
  /** @type {NodeListOf<HTMLElement>} */
  const looked = stage.querySelectorAll(step.look);
  looked.forEach((node, i) => {
    node.classList.add("looked-at");
    node.style.scrollMarginTop = `${tour.offsetHeight + 70}px`;
    if (!i) node.scrollIntoView({ block: "nearest" });
  });
}

function showFound() {
  const found = tour.querySelector(".found");
  if (state.tour && found) found.textContent = TOURS[state.tour].steps[state.step].check(columnsNow[0], columnsNow[columnsNow.length - 1]);
}

questions.append(el("span", { class: "soft" }, "Begin with a question:"), ...Object.entries(TOURS).map(([name, { title, question }]) =>
  el("button", { type: "button", "data-tour": name, title, onclick: () => enterStep(name, 0) }, question)));

// ---- copying --------------------------------------------------------------------------------------------------------

/** @param {string} text */
const quotedForShell = (text) => `'${text}'`;
/**
 * Passes through the data that make as many steps as were made here.
 * @param {number} steps
 * @param {number} ofPass
 */
const passesOf = (steps, ofPass) => Math.max(1, Math.round((steps || usual()) / ofPass));
/**
 * In the package, neurons that learn bars take only goals of F and C, so goals of bars are written out.
 * @param {string} text
 */
const asGiven = (text) => (task().classes ? text : goalText.write(/** @type {Goal} */ (goalOf(text)), labelsNow(), task().sources));
const wanted = () => ({ goals: [state.goal, state.second].filter(Boolean).map(asGiven), steps: columnsNow[0].training.steps });

function asPython() {
  const { goals, steps } = wanted(), list = `[${goals.map((g) => JSON.stringify(g)).join(", ")}]`;
  if (!task().classes) {
    return `import torch\nfrom infomorphic.tasks.bars import Bars, Unsupervised, evaluate, fit\n\ndata = Bars(size=8)\nfor goal in ${list}:\n    settings = Unsupervised(neurons=${state.neurons}, goal=goal, epochs=${passesOf(steps, 10)})\n    generator = torch.Generator().manual_seed(${state.seed})\n    network = fit(settings, data.sample(settings.images, generator).images, generator)\n    print(goal, evaluate(network, data).bits_correct)`;
  }
  return `from pathlib import Path\nfrom infomorphic.training import TrainConfig, fit\n\nfor i, goal in enumerate(${list}):\n    settings = [f"network.goal={goal}", "network.hidden=${state.neurons}", "training.batch_size=64", "data.validation_fraction=0",\n                "training.epochs=${passesOf(steps, digitsPass())}", "training.seed=${state.seed}"]\n    summary = fit(TrainConfig.make({"preset": "${task().preset}"}, settings), Path(f"runs/goal-{i + 1}"))\n    print(goal, summary.test_accuracy_expected)`;
}

function asCommand() {
  const { goals, steps } = wanted();
  const of = (/** @type {string} */ goal) => (!task().classes
    ? `infomorphic train bars --goal ${quotedForShell(goal)} --neurons ${state.neurons} --seed ${state.seed} --epochs ${passesOf(steps, 10)}`
    : `infomorphic train ${task().preset} --dataset digits --goal ${quotedForShell(goal)} --hidden ${state.neurons} --seed ${state.seed} --epochs ${passesOf(steps, digitsPass())} --set training.batch_size=64 --set data.validation_fraction=0`);
  return goals.map(of).join("\n");
}

/** Steps of one pass through the digits. */
const digitsPass = () => Math.ceil(content.digits.train.labels.length / task().batch);

copying.append(...copyButton("copy as Python", asPython), ...copyButton("copy as command", asCommand));
window.addEventListener("hashchange", () => location.reload());
settle();
if (state.tour) runTour();
else build();
