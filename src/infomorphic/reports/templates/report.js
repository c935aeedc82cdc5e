"use strict";

// Records are dense in the beginning where a run does not record every epoch.
const overEpochs = content.curves.spread ? { layout: { xaxis: { type: "log", title: { text: "epoch" } } } } : {};

// ---- results ----------------------------------------------------------------------------------------------------------

function results() {
  const left = [], right = [];
  if (content.results) {
    const rows = [...content.results.rows], b = content.benchmark, command = content.benchmark_command;
    if (b) rows.push([`${b.preset}, test (${b.runs} ${b.runs === 1 ? "run" : "runs"})`, ...b.written]);
    const note = b ? `${b.preset}: runs of this preset with the same size on the same data beside this run; their mean, and the range if there are several.` : command ? `There is no run of the benchmark in the same folder to compare with. Train one: ${command}` : "";
    left.push(card(content.results.title, table(content.results.headings, rows), note ? el("p", { class: "note" }, note) : null));
  }
  if (Object.keys(content.curves.results).length) {
    const { title, percent: fractions } = content.curves.axis;
    right.push(card("Learning curves", lines(content.curves.epochs, content.curves.results, title, fractions ? { format: ":.2%", tickformat: ".2~%", settle: true, ...overEpochs } : overEpochs)));
  }
  if (content.confusion) left.push(card(`Confusion, ${content.confusion.samples} test images, expected outputs: ${percent(content.confusion.accuracy)} right`, confusion(content.confusion)));
  if (Object.keys(content.curves.turning).length) right.push(card("How much receptive fields change from epoch to epoch", lines(content.curves.epochs, content.curves.turning, "distance", { layout: { yaxis: { type: "log", dtick: 1, exponentformat: "power", title: { text: "distance" } } } }),
    el("p", { class: "note" }, "The median over the neurons of 1 − cosine between the weights of the input and those of the epoch before. It falls as training settles.")));
  if (left.length + right.length) section("results", "Results", null, columns(left, right));
}

function confusion({ classes, matrix }) {
  const totals = matrix.map((row) => Math.max(1, row.reduce((a, b) => a + b, 0)));
  // The diagonal would dominate the color scale, so only the errors are colored.
  const wrong = matrix.map((row, i) => row.map((n, j) => (i === j ? null : (100 * n) / totals[i])));
  const few = classes.length <= 12;
  return chart((c) => ({
    traces: [{ type: "heatmap", z: wrong, x: classes, y: classes, text: matrix.map((row, i) => row.map((n, j) => (n && i !== j ? String(n) : ""))), texttemplate: few ? "%{text}" : undefined, colorscale: [[0, c.card], [1, isDark() ? "#e0725f" : "#d6604d"]], showscale: false, hovertemplate: "label %{y}, predicted %{x}: %{text}<extra></extra>", xgap: 1, ygap: 1 }],
    layout: { xaxis: { title: { text: "predicted" }, type: "category", showgrid: false }, yaxis: { title: { text: "label" }, type: "category", autorange: "reversed", showgrid: false },
      annotations: few ? classes.map((name, i) => ({ x: i, y: i, text: String(matrix[i][i]), showarrow: false, font: { color: c.soft } })) : [] },
  }), "tall");
}

// ---- goals and information ---------------------------------------------------------------------------------------------

const SOURCE_WORDS = { F: "feedforward input (what drives the neuron)", C: "context", L: "lateral input (its neighbors, one step earlier)" };

function tableOfTerms(headings, rows) {
  const node = table(headings, rows, 9);
  node.classList.add("limited");
  return node;
}

/** "Each neuron of the hidden layer", or "Each neuron" if there is only one layer. */
const neuronsOf = (layer, words) => (content.layers.length === 1 ? words : `${words} of the ${layer.name} layer`);

/** The goal of a layer: formula, terms in words, and diagram. */
function goalOf(layer) {
  const words = [...layer.sources].map((s) => `${s}: ${content.source_words[s] ?? SOURCE_WORDS[s] ?? "source"}`).join(" · ");
  const terms = card("Term by term", tableOfTerms(["term", "weight", "meaning"], layer.goal.terms.map((t) => [el("span", { class: "term-cell" }, termLink(layer.sources, t.label)), el("span", { class: "term-cell" }, number(t.weight, 2)), t.meaning])));
  const drawn = content.diagrams[layer.sources], limit = largest(Object.values(layer.goal.weights));
  const weights = drawn ? card("The goal on the information diagram", diagram(drawn, layer.goal.weights, limit, 2), legend(limit, "weight")) : null;
  return [el("p", { class: "soft" }, `${neuronsOf(layer, "Each neuron")} ${layer.pursued ? "maximizes this sum" : "was trained by backpropagation; this sum is only measured"}${layer.goal.name ? `, published as ${layer.goal.name}` : ""}. ${words}.`), formula(layer.goal, (label, text) => termLink(layer.sources, label, text)), el("p", {}, layer.goal.sentence), el("div", { class: "grid" }, terms, weights)];
}

/** Mean atoms of a layer: a diagram with a slider over the epochs, and curves. */
function informationOf(layer) {
  const last = layer.epochs.length - 1;
  const at = (i) => Object.fromEntries(layer.labels.map((label) => [label, layer.atoms[label][i]]));
  const limit = largest(layer.labels.filter((l) => l !== "H_res").flatMap((l) => layer.atoms[l]));
  const drawn = content.diagrams[layer.sources];
  const cards = [], goalAt = (i) => (layer.goal_value[i] === null ? null : `goal ${number(layer.goal_value[i])} bits`);
  let shownAt = last, moving = null;
  if (drawn) {
    const view = diagram(drawn, {}, limit);
    moving = player({ label: `epoch of the ${layer.name} layer`, id: `slider-${layer.name}`, inWords: (i) => goalAt(i) ?? diagramInWords(at(i), 3),
      show: (i) => { shownAt = i; view.paint(at(i)); remember(layer === content.layers[0] ? "#information" : `#layer-${layer.name}`); return curves.dataset.drawn ? draw(curves) : null; } });
    cards.push(card("Information in bits, mean over the neurons", view, legend(limit, "bits"), moving.node));
  }
  const heavy = (layer.goal ? layer.goal.terms.map((t) => t.label) : []).filter((l) => layer.labels.includes(l));
  const shown = [...new Set([...heavy.slice(0, 5), ...[...layer.labels].sort((a, b) => Math.abs(layer.atoms[b][last]) - Math.abs(layer.atoms[a][last]))])].slice(0, 7);
  const curves = lines(layer.epochs, { goal: layer.goal_value, ...Object.fromEntries(shown.map((l) => [l, layer.atoms[l]])) }, "bits", { ...overEpochs, at: drawn && last ? () => layer.epochs[shownAt] : null });
  cards.push(card("Over training", curves));
  const moments = layer.epochs.map((e) => `epoch ${e}`);
  moving?.load(moments, last);
  if (moving && last) {
    inAddress(`epoch-${layer.name}`, () => (shownAt === last ? "" : String(layer.epochs[shownAt])), (text) => {
      const found = layer.epochs.indexOf(+text), position = text && found >= 0 ? found : last;
      if (position !== shownAt) moving.load(moments, position);
    });
  }
  return [el("p", { class: "soft" }, `The information of the output of ${neuronsOf(layer, "a neuron")} about its inputs, atom by atom, estimated during training from ${content.estimated_from}. Atoms and `, symbolLink("residual", "H_res"), " add up to the entropy ", symbolLink("entropy", "H(Y)"), " of the output."), el("div", { class: "grid" }, cards)];
}

const recorded = (layer) => layer.labels.length > 0 && layer.epochs.length > 0;

function goalAndInformation() {
  const [first, ...others] = content.layers;
  if (first && first.goal) section("goal", "Goal", null, goalOf(first));
  if (first && recorded(first)) section("information", "Information", null, informationOf(first));
  for (const layer of others) folded(`layer-${layer.name}`, `Goal and information of the ${layer.name} neurons`, layer.goal ? goalOf(layer) : [], recorded(layer) ? informationOf(layer) : []);
}

/** The sections of one hidden layer. */
function sectionsOfLayer(N, position) {
  const hasData = Boolean(N.overview), several = hiddenLayers.length > 1;
  const partName = measuredOn(N), id = (name) => idAt(position, name), title = (words) => (several ? `${words} of ${N.layer}` : words);
  const link = (j) => neuronLink(position, j);

  // ---- the layer as a whole ----------------------------------------------------------------------------------------------

  function layerAsAWhole() {
    if (!hasData) return;
    const o = N.overview, tile = (value, label) => el("div", { class: "tile" }, el("b", {}, String(value)), el("span", {}, label));
    const tiles = el("div", { class: "tiles" }, tile(`${o.code_a_class} of ${o.neurons}`, "neurons distinguish some class from others"), tile(o.idle, "carry less than 0.01 bit about the class"),
      tile(o.constant, "constant output (H(Y) < 0.05 bit)"), tile(o.redundant, "redundant with another neuron (|correlation| ≥ 0.9)"),
      o.costless === null ? null : tile(o.costless, `removable without loss, one at a time (${N.loss_images} images)`));
    const left = [card("Neurons that distinguish a class from the rest", chart(() => ({
      traces: [{ type: "bar", name: "by firing", x: N.classes, y: o.by_firing }, { type: "bar", name: "by silence", x: N.classes, y: o.by_silence, marker: { pattern: { shape: "/" } } }],
      layout: { barmode: "stack", xaxis: { type: "category", title: { text: "class" } }, yaxis: { title: { text: "neurons" } } },
    })))];
    const names = N.matrix.order.map(String), bare = { showticklabels: false, ticks: "", type: "category", showgrid: false, zeroline: false };
    const right = [card("Correlation of expected outputs, ordered by similarity", chart(() => ({
      traces: [{ type: "heatmap", z: N.matrix.percent.map((row) => row.map((v) => v / 100)), x: names, y: names, zmin: -1, zmax: 1, colorscale: [-1, -0.5, 0, 0.5, 1].map((t) => [(t + 1) / 2, asCss(colorOf(t))]), hovertemplate: "neurons %{x} and %{y}: %{z:.2f}<extra></extra>", colorbar: { thickness: 8, outlinewidth: 0, len: 0.9 } }],
      layout: { xaxis: bare, yaxis: { ...bare, autorange: "reversed" } },
    }), "tall")), removalOfRedundant()].filter(Boolean);
    if (N.neurons[0] && N.neurons[0].lost !== undefined) left.push(card("Label information of each neuron, and accuracy lost without it", scatter()));
    section(id("layer"), several ? `The layer ${N.layer}` : "Layer", `Measured on ${partName} with the label withheld and expected outputs, so nothing is random.`, tiles, columns(left, right), health());
  }

  /** The mean of fractions in percent, and their range if there are several. */
  const range = (values) => {
    const mean = percent(values.reduce((a, b) => a + b, 0) / values.length);
    return values.length > 1 ? `${mean} (${number(100 * Math.min(...values), 2)}–${number(100 * Math.max(...values), 2)})` : mean;
  };

  /** The cost of removing all redundant neurons at once, compared with as many random neurons. */
  function removalOfRedundant() {
    if (!N.removal) return null;
    const row = (name, r) => [name, percent(r.without), range(r.random)];
    const [plain, replaced] = N.removal;
    return card(`Without its ${N.overview.redundant} redundant neurons`, table([`accuracy on ${plain.images} test images, ${percent(plain.before)} with all`, "redundant", `as many at random (${plain.random.length} draws)`],
      [row("removed", plain), row("removed, the most similar neuron substitutes", replaced)]),
    el("p", { class: "note" }, "A removed neuron outputs its mean. With a substitute, downstream neurons receive the best linear prediction of the removed output from the most similar remaining neuron. Nothing is retrained."));
  }

  function scatter() {
    const node = chart(() => ({
      traces: [{ mode: "markers", type: "scatter", x: N.neurons.map((n) => n.label), y: N.neurons.map((n) => n.lost), customdata: N.neurons.map((n, i) => [i, n.codes]), marker: { size: 8, opacity: 0.75 }, hovertemplate: "neuron %{customdata[0]}: %{customdata[1]}<br>%{x:.3f} bits, %{y:.2f} points<extra></extra>" }],
      layout: { xaxis: { title: { text: "label information (bits)" } }, yaxis: { title: { text: "accuracy lost without it (points)" } }, hovermode: "closest" },
    }), "tall");
    const listen = () => (node.on ? node.on("plotly_click", (e) => { location.hash = link(e.points[0].customdata[0]); }) : setTimeout(listen, 300));
    listen();
    return node;
  }

  function health() {
    const h = N.health;
    if (!h) return null;
    const spread = ([low, middle, high], digits = 0) => `${number(middle, digits)} (${number(low, digits)}–${number(high, digits)})`;
    const rows = [["occupied cells", `${spread(h.occupied)} of ${h.cells}`], ["samples per occupied cell", spread(h.samples_a_cell, 1)]];
    [...h.sources].forEach((s, i) => {
      rows.push([`${s}: samples in the outermost of ${h.bins[i]} bins`, `${spread(h.outermost[s], 1)} %`]);
      rows.push([`${s}: samples in its two fullest bins`, `${spread(h.in_two_bins[s], 1)} %`]);
    });
    return el("div", { class: "card" }, el("h3", {}, "Health of the estimates"), el("p", { class: "note" }, `How a batch of ${h.samples} training images fills the bins of a neuron: median and range over the neurons.`),
      warnings(h.warnings, "What limits the estimates:"), h.note ? el("p", { class: "note" }, h.note) : null, table(["", "median (range)"], rows));
  }

  // ---- the neurons -----------------------------------------------------------------------------------------------------

  const COLUMNS = hasData ? [
    ["codes", "codes", (n) => n.codes, (n) => n.codes],
    ["label", "label information (bits)", (n) => n.label, (n) => number(n.label)],
    N.neurons[0] && N.neurons[0].lost !== undefined ? ["lost", "accuracy lost without it (points)", (n) => n.lost, (n) => number(n.lost, 2)] : null,
    ["entropy", "H(Y) (bits)", (n) => n.entropy, (n) => number(n.entropy)],
    ["noise", "noise H(Y | image) (bits)", (n) => n.noise, (n) => number(n.noise)],
    N.labels.length ? ["goal", "goal (bits)", (n) => n.goal, (n) => number(n.goal)] : null,
    N.neurons[0] && N.neurons[0].lateral !== undefined ? ["lateral", "shared with lateral I∩(F; L) (bits)", (n) => n.lateral, (n) => number(n.lateral)] : null,
    ["near", "most similar", (n) => (n.near[0] ? Math.abs(n.near[0][2]) : 0), (n) => (n.near[0] ? `${n.near[0][0]} (r = ${number(n.near[0][2], 2)})` : "–")],
    ...N.labels.map((l, k) => [`atom${k}`, `${l} (bits)`, (n) => n.atoms[k], (n) => number(n.atoms[k])]),
  ].filter(Boolean) : [];

  const FIRST_VIEW = { sort: "number", order: "up", kind: "all", cls: "", mode: "gallery", find: "" }, view = { ...FIRST_VIEW };
  const KINDS = [["all", "all"], ["redundant", "redundant"], ["idle", "idle or constant"], ...(N.overview?.costless === null ? [] : [["costless", "removable without loss"]])];
  const POSSIBLE = { sort: ["number", ...COLUMNS.map((c) => c[0])], order: ["up", "down"], kind: KINDS.map((k) => k[0]), cls: N.classes.map((_, i) => String(i)), mode: ["gallery", "table"] };
  const sortBy = (key) => Object.assign(view, { sort: key, order: key === "number" || key === "codes" ? "up" : "down" });

  function chosenNeurons() {
    let rows = N.neurons.map((n, i) => ({ ...n, i }));
    if (view.kind === "redundant") rows = rows.filter((n) => n.twin !== null);
    if (view.kind === "idle") rows = rows.filter((n) => n.state);
    if (view.kind === "costless") rows = rows.filter((n) => n.lost !== undefined && n.lost <= 0);
    if (view.cls !== "") rows = rows.filter((n) => n.coded.includes(+view.cls));
    const wanted = view.find.trim().toLowerCase();
    if (wanted) rows = rows.filter((n) => (/^\d+$/.test(wanted) ? n.i === +wanted : `${n.codes} ${n.says}`.toLowerCase().includes(wanted)));
    const column = COLUMNS.find((c) => c[0] === view.sort), value = column ? column[2] : (n) => n.i;
    const order = (a, b) => (typeof a === "string" ? a.localeCompare(b) : a - b);
    rows.sort((a, b) => (view.order === "down" ? -1 : 1) * order(value(a), value(b)) || a.i - b.i);
    return rows;
  }

  const option = ([value, name]) => el("option", { value }, name);

  function neuronsSection() {
    const list = el("div", { id: id("list") }), count = el("span", { class: "soft", id: id("count") });
    const fields = { sort: el("select", { id: id("sort"), onchange: (e) => { sortBy(e.target.value); update(); } }, [["number", "number"], ...COLUMNS.map((c) => [c[0], c[1]])].map(option)) };
    for (const [name, options] of [["kind", KINDS], ["cls", [["", "any class"], ...N.classes.map((c, i) => [i, c])]]]) fields[name] = el("select", { id: id(name), onchange: (e) => { view[name] = e.target.value; update(); } }, options.map(option));
    fields.find = el("input", { type: "search", id: id("find"), size: 14, placeholder: "number or words", oninput: (e) => { view.find = e.target.value; update(); } });
    const mode = (name, text) => el("button", { type: "button", "data-mode": name, onclick: () => { view.mode = name; update(); } }, text);
    const controls = hasData ? el("div", { class: "controls" }, mode("gallery", "Gallery"), mode("table", "Table"), el("label", {}, "sort by", fields.sort), el("label", {}, "show", fields.kind), el("label", {}, "codes", fields.cls), el("label", {}, "find", fields.find), count) : el("div", { class: "controls" }, count);
    const update = () => {
      const rows = hasData ? chosenNeurons() : N.neurons.map((n, i) => ({ ...n, i }));
      count.textContent = `${rows.length} of ${N.neurons.length}`;
      list.replaceChildren(!rows.length ? el("p", {}, "No neuron is like this.") : view.mode === "table" ? neuronTable(rows, update) : gallery(rows));
      for (const b of controls.querySelectorAll("[data-mode]")) b.setAttribute("aria-pressed", b.dataset.mode === view.mode);
      for (const [name, control] of Object.entries(fields)) if (control.value !== view[name]) control.value = view[name];
      remember(`#${id("neurons")}`);
    };
    if (hasData) {
      for (const [name, first] of Object.entries(FIRST_VIEW)) {
        inAddress(id(name), () => (view[name] === first ? "" : view[name]), (text) => {
          const next = text && (POSSIBLE[name]?.includes(text) ?? true) ? text : first;
          if (next !== view[name]) { view[name] = next; update(); }
        });
      }
    }
    section(id("neurons"), title("Neurons"), hasData
      ? `Information in bits on ${partName}, on which the network was not trained. Receptive fields: blue weights drive a neuron to fire, red to be silent. ${N.history ? "The line of a neuron is its goal over training, or the atom by which neurons are sorted; all have one scale, beyond which a few are cut. " : ""}Click a neuron for its own page.`
      : "Receptive fields as of the last checkpoint: blue weights drive a neuron to fire, red to be silent. Click a neuron for its own page.", controls, list);
    update();
  }

  function gallery(rows) {
    const shown = COLUMNS.find((c) => c[0] === view.sort && c[0] !== "codes") ?? COLUMNS.find((c) => c[0] === "label");
    const curve = N.labels[view.sort.replace(/^atom/, "")] ?? "goal"; // the atom of the column that the list is sorted by
    return el("div", { class: "gallery", onkeydown: walk }, rows.map((n) => el("a", { href: link(n.i) }, field(n), sparkline(N, n.i, curve),
      el("b", {}, String(n.i), shown ? el("span", { title: shown[1] }, shown[3](n)) : null), n.codes ?? null)));
  }

  /** The arrow keys go from card to card. */
  function walk(e) {
    const cards = [...e.currentTarget.children], at = cards.indexOf(e.target.closest("a")), perRow = cards.filter((c) => c.offsetTop === cards[0].offsetTop).length;
    const next = cards[at + { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow }[e.key]];
    if (at < 0 || !next) return;
    e.preventDefault();
    next.focus();
  }

  function neuronTable(rows, update) {
    const heading = (key, name, i) => el("th", { class: i ? "number" : null, "aria-sort": view.sort === key ? (view.order === "down" ? "descending" : "ascending") : null },
      el("button", { type: "button", class: "sort", "data-sort": key, onclick: () => {
        if (view.sort === key) view.order = view.order === "down" ? "up" : "down";
        else sortBy(key);
        update();
        byId(id("table")).querySelector(`[data-sort="${key}"]`).focus();
      } }, name));
    return el("div", { id: id("table"), class: "by-neuron" }, el("div", { class: "scroll" }, el("table", {},
      el("thead", {}, el("tr", {}, heading("number", "neuron", 0), el("th", {}, ""), N.history ? el("th", {}, "goal over training") : null, COLUMNS.map((c, i) => heading(c[0], c[1], i)))),
      el("tbody", {}, rows.map((n) => el("tr", { onclick: () => { location.hash = link(n.i); } },
        el("td", {}, el("a", { href: link(n.i) }, String(n.i))), el("td", {}, field(n)), N.history ? el("td", {}, sparkline(N, n.i, "goal")) : null, COLUMNS.map((c, i) => el("td", { class: i ? "number" : "codes" }, c[3](n)))))))));
  }

  return { neuronsSection, layerAsAWhole };
}

const sectionsOfLayers = hiddenLayers.map(sectionsOfLayer);

let returnTo = 0, opened = null;
const titleOfReport = document.title;
function route() {
  const found = neuronAt(location.hash), overviewNode = document.getElementById("overview"), page = document.getElementById("neuron");
  if (found && !opened) returnTo = scrollY;
  overviewNode.classList.toggle("hidden", found !== null);
  page.classList.toggle("hidden", found === null);
  document.title = found ? `${nameOf(found)} – ${titleOfReport}` : titleOfReport;
  if (found) { showNeuron(found); scrollTo(0, 0); }
  else if (opened) scrollTo(0, returnTo);
  if (!found && location.hash.includes("?")) recall();
  else if (!found) remember(location.hash || "#");
  // Who reads by keyboard goes on where the page changed.
  const focused = found ? page.querySelector("h1") : opened && overviewNode.querySelector(`.gallery a[href='${opened}']`);
  if (focused) focused.focus({ preventScroll: true });
  opened = found && location.hash;
}

results();
goalAndInformation();
sectionsOfLayers[0]?.neuronsSection();
exhibits();
sectionsOfLayers[0]?.layerAsAWhole();
for (const layer of sectionsOfLayers.slice(1)) { layer.neuronsSection(); layer.layerAsAWhole(); }
notation();
document.getElementById("nav").append(el("a", { href: "#facts" }, "How it was made"));
addEventListener("hashchange", route);
route();
