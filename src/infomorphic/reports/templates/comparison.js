"use strict";
const runs = content.runs, names = runs.map((r) => r.name);

function settings() {
  const labels = [...new Set(runs.flatMap((r) => r.tiles.map((t) => t.label)))];
  const rows = [
    ["network", ...runs.map((r) => r.summary)],
    ...labels.map((label) => [label, ...runs.map((r) => r.tiles.find((t) => t.label === label)?.value ?? "–")]),
    ...content.differences,
  ];
  section("settings", "Results and settings", "Settings that all runs share are left out.", el("div", { class: "card" }, table(["", ...names], rows, 99)));
}

function counts() {
  const shown = [["label_information", "mean label information per neuron (bits)"], ["code_a_class", "neurons that distinguish some class from others"], ["idle", "carry less than 0.01 bit about the class"], ["constant", "constant output"], ["redundant", "redundant with another neuron"], ["costless", "removable without loss, one at a time"]];
  if (!runs.some((r) => r.counts)) return;
  section("counts", "Neurons", "The hidden layer, measured on held-out images.", el("div", { class: "card" }, table(["", ...names], shown.map(([key, label]) => [label, ...runs.map((r) => r.counts?.[key] ?? "–")]))));
}

function curves() {
  const kinds = [...new Set(runs.flatMap((r) => Object.keys(r.curves.results)))];
  const cards = kinds.map((kind) => card(kind, overlaid((r) => [r.curves.epochs, r.curves.results[kind]], axisOf(kind).title, axisOf(kind).percent ? ".2~%" : null)));
  if (cards.length) section("curves", "Learning curves", null, el("div", { class: "grid" }, cards));
}

/** The axis of a curve: that of the first run that has it. */
const axisOf = (kind) => runs.find((r) => kind in r.curves.results).curves.axis;

function overlaid(of, y, tickformat) {
  return chart(() => ({
    traces: runs.map((r, i) => ({ x: of(r)[0], y: of(r)[1], name: names[i], mode: of(r)[0].length > 1 ? "lines" : "markers", hovertemplate: tickformat ? "%{y:.2%}" : "%{y:.3f}" })).filter((t) => t.y),
    layout: { xaxis: { title: { text: "epoch" } }, yaxis: { title: { text: y }, tickformat, range: tickformat ? settled(of(runs[0])[0], runs.map((r) => of(r)[1] ?? [])) : undefined }, hovermode: "x unified", showlegend: true },
  }));
}

function atoms() {
  for (const layer of [...new Set(runs.flatMap((r) => r.layers.map((l) => l.name)))]) {
    const having = runs.map((r) => [r.name, r.layers.find((l) => l.name === layer && l.labels.length)]).filter(([, l]) => l);
    if (!having.length) continue;
    const end = (l) => Object.fromEntries(l.labels.map((label) => [label, l.atoms[label].at(-1)]));
    const limit = largest(having.flatMap(([, l]) => Object.entries(end(l)).filter(([k]) => k !== "H_res").map(([, v]) => v)));
    section(`atoms-${layer}`, `Information of the ${layer} layer`, "After the last epoch, mean over the neurons in bits; all diagrams share one color scale.",
      el("div", { class: "grid" }, having.map(([name, l]) => card(name, content.diagrams[l.sources] ? diagram(content.diagrams[l.sources], end(l), limit) : null, l.goal ? formula(l.goal) : null))), legend(limit, "bits"));
  }
}

settings();
curves();
counts();
atoms();
