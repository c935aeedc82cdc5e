// @ts-check
// Guided tours of the page of goals: what to look at, and an honest check of what was learned. A step sets the state of the page and
// trains up to its number of steps; `check` then reads the result from the trainings, so that its text is true for every seed.
"use strict";

/** What a tour reads from the network of a goal. @typedef {{ training: ReturnType<typeof learning.create>, mean: () => AtomValues }} Learned */
/**
 * @typedef {{
 *   set: Record<string, string | number>, train: number, look: string, text: string, check: (first: Learned, second: Learned) => string
 * }} TourStep
 */

/** @type {(column: Learned, label: string) => string} */
const bitsOf = (column, label) => `${number(column.mean()[label])} bits`;
/** @param {Learned} column */
const found = (column) => column.training.accuracy().text;

/** @type {Record<string, { title: string, question: string, steps: TourStep[] }>} */
const TOURS = {
  bars: {
    title: "Unique information finds the bars",
    question: "Which goal makes neurons divide the bars among themselves?",
    steps: [
      {
        set: { task: "bars", goal: "{F}", second: "", neurons: 8 }, train: 0, look: ".goal",
        text: "Each image has eight horizontal bars, each on or off by chance. Eight neurons see the image and what the other neurons output a moment before. They are not given which bars there are. Their goal rewards one region of this diagram, {F}: information that the image provides and the other neurons do not provide.",
        check: (a) => `Before training, ${found(a)} have a neuron of their own.`,
      },
      {
        set: { task: "bars", goal: "{F}", second: "", neurons: 8 }, train: 200, look: ".result",
        text: "The network trains for 200 steps. Each square shows how strongly the pixels of the image drive one neuron: blue raises its output, red lowers it. Watch rows stand out, one per neuron.",
        check: (a) => `After ${a.training.steps} steps, ${found(a)} have a neuron whose output is right in at least 99 of 100 images. ${a.training.accuracy().value === 1 ? "The neurons have divided the bars among themselves." : "Some bars are still missing; press play to train longer."}`,
      },
      {
        set: { task: "bars", goal: "{F} + {F}{C}", second: "{F}", neurons: 8 }, train: 200, look: ".result",
        text: "Is it the image alone that matters, or that the others do not provide the same? The first goal also pays for what the others provide too, {F}{C}: all information of the image counts. The second goal pays for unique information only. Task and seed are the same.",
        check: (a, b) => `First goal, all information of the image: ${found(a)}. Second goal, unique information: ${found(b)}. ${b.training.accuracy().value > a.training.accuracy().value ? "So the answer is {F}, unique information: a neuron gains nothing by repeating what another neuron already provides." : "With this seed the two do not differ as expected; try another seed."}`,
      },
    ],
  },
  label: {
    title: "Redundancy finds the label",
    question: "How can neurons learn to read digits, each from its own inputs alone?",
    steps: [
      {
        set: { task: "digits", goal: "{F}{C}", second: "", neurons: 16 }, train: 0, look: ".goal",
        text: "Sixteen neurons see handwritten digits (F), the label of each digit (C), and the outputs of the other neurons (L). The goal rewards {F}{C}: information that image and label provide redundantly, but not the other neurons. A readout then guesses the digit from the sixteen outputs. In tests the label is hidden from all neurons.",
        check: (a) => `Before training, the readout gets ${found(a)} right. Guessing gets 10 %.`,
      },
      {
        set: { task: "digits", goal: "{F}{C}", second: "", neurons: 16 }, train: 1000, look: ".result",
        text: "The network trains for 1000 steps of 64 images. Under each square, ten small columns show the digits 0 to 9: up means that the neuron fires for most images of that digit, down that it stays silent. Watch neurons choose groups of digits.",
        check: (a) => `After ${a.training.steps} steps, the readout gets ${found(a)} right. The rewarded atom {F}{C} has ${bitsOf(a, "{F}{C}")} per neuron on average.`,
      },
      {
        set: { task: "digits", goal: "{F}{C}", second: "{F}", neurons: 16 }, train: 1000, look: ".result",
        text: "Does any information of the image do? The second goal pays for unique information of the image, which neither the label nor the other neurons provide. The two readouts learn in the same way.",
        check: (a, b) => `First goal, redundancy of image and label: ${found(a)}. Second goal, unique information of the image: ${found(b)}. ${a.training.accuracy().value > b.training.accuracy().value ? "What image and label provide redundantly is what the readout needs. Unique information of the image also tells digits apart, by accident, but less well." : "With this seed redundancy is not ahead; try another seed."}`,
      },
    ],
  },
  synergy: {
    title: "Why synergy fails",
    question: "Why does it fail to reward what inputs provide only together?",
    steps: [
      {
        set: { task: "bars", goal: "{FC}", second: "{F}", neurons: 8 }, train: 200, look: ".result",
        text: "The first goal pays for {FC}: information that the image and the other neurons provide only together. The second goal pays for unique information of the image.",
        check: (a, b) => `First goal, synergy: ${found(a)}; the rewarded atom {FC} has ${bitsOf(a, "{FC}")}, so it is learned. Second goal, unique information: ${found(b)}. Synergy mixes image and neighbors in one neuron: nothing in this goal asks for a bar of its own.`,
      },
      {
        set: { task: "digits", goal: "{FCL}", second: "{F}{C}", neurons: 16, seed: 1 }, train: 1000, look: ".result",
        text: "Now digits. The first goal pays for {FCL}: what image, label and other neurons provide only all three together. The second goal pays for redundancy of image and label.",
        check: (a, b) => `First goal, synergy of all three: ${found(a)}. Second goal, redundancy: ${found(b)}. Change the seed and train again: the result of the first goal varies much more.`,
      },
      {
        set: { task: "digits", goal: "{FCL}", second: "{F}{C}", neurons: 16, seed: 1 }, train: 1000, look: ".columns > div:first-child > .charts",
        text: "Look at the atoms of the first goal over time. The rewarded atom {FCL} is not among the five largest lines: the neurons find no way to raise it, and what the readout uses comes along by the way. Synergy of image and label alone, {FC}, works better: choose it and see. In tests the label is hidden, and information that exists only together with the label is then lost.",
        check: (a) => `The rewarded atom {FCL} has ${bitsOf(a, "{FCL}")} per neuron on average after ${a.training.steps} steps, ${Math.abs(a.mean()["{FCL}"]) < 0.01 ? "almost nothing" : "which is more than in our trials"}.`,
      },
    ],
  },
};
