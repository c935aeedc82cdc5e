"use strict";
// What a task shows beyond numbers: galleries, films to step through or to play, and charts.

const MILLISECONDS_OF_A_FRAME = 500;

const exhibitId = (title) => title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
const shownPicture = (p) => el("figure", {}, p.title ? el("b", {}, p.title) : null, el("img", { class: "field", src: p.uri, alt: [p.title, p.caption].filter(Boolean).join(": ") || "image" }), p.caption ? el("figcaption", {}, p.caption) : null);

/** A film: a slider over its frames, buttons to play and to choose another film. */
function filmPlayer({ title, films, starts_at_end: startsAtEnd }) {
  let frames = [], playing = null;
  const pictures = el("div", { class: "pictures" }), moment = el("output", { "aria-live": "off" });
  const slider = el("input", { type: "range", min: 0, "aria-label": `moment of: ${title}`, oninput: () => { stop(); show(+slider.value); } });
  const play = el("button", { type: "button", onclick: () => (playing === null ? start() : stop()) }, "Play");
  function show(i) {
    slider.value = i;
    moment.textContent = frames[i].title;
    slider.setAttribute("aria-valuetext", frames[i].title);
    pictures.replaceChildren(...frames[i].pictures.map(shownPicture));
  }
  function stop() {
    clearInterval(playing);
    playing = null;
    play.textContent = "Play";
  }
  function start() {
    if (+slider.value === frames.length - 1) show(0);
    play.textContent = "Pause";
    playing = setInterval(() => {
      show(Math.min(+slider.value + 1, frames.length - 1));
      if (+slider.value === frames.length - 1) stop();
    }, MILLISECONDS_OF_A_FRAME);
  }
  function choose(film) {
    stop();
    frames = films[film].frames;
    slider.max = frames.length - 1;
    show(startsAtEnd ? frames.length - 1 : 0);
  }
  const choice = films.length > 1 ? el("label", {}, "show", el("select", { onchange: (e) => choose(+e.target.value) }, films.map((f, i) => el("option", { value: i }, f.name)))) : null;
  choose(0);
  return el("div", { class: "card film" }, el("div", { class: "controls" }, choice, play), el("div", { class: "slider" }, slider, moment), pictures);
}

function exhibits() {
  for (const exhibit of content.exhibits) {
    const shown = exhibit.pictures ? el("div", { class: "pictures" }, exhibit.pictures.map(shownPicture))
      : exhibit.films ? filmPlayer(exhibit)
        : card(`${exhibit.title}, over ${exhibit.quantity}`, lines(exhibit.values, exhibit.lines, "fraction", { layout: { xaxis: { title: { text: exhibit.quantity } }, yaxis: { range: [-0.03, 1.03], title: { text: "fraction" } } } }));
    section(exhibitId(exhibit.title), exhibit.title, exhibit.text, shown);
  }
}
