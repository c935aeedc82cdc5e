"use strict";
// What a task shows beyond numbers: galleries, films to step through or to play, and charts.

const exhibitId = (title) => title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
const shownPicture = (p) => el("figure", {}, p.title ? el("b", {}, p.title) : null, el("img", { class: "field", src: p.uri, alt: [p.title, p.caption].filter(Boolean).join(": ") || "image" }), p.caption ? el("figcaption", {}, p.caption) : null);

/** A film: a player of its frames, and a choice of another film. */
function filmOf({ title, films, starts_at_end: startsAtEnd }) {
  let frames = [];
  const pictures = el("div", { class: "pictures" });
  const moving = player({
    label: `moment of: ${title}`,
    show: (i) => pictures.replaceChildren(...frames[i].pictures.map(shownPicture)),
    inWords: (i) => listed(frames[i].pictures.filter((p) => p.caption).map((p) => [p.title, p.caption].filter(Boolean).join(" "))),
  });
  function choose(film) {
    frames = films[film].frames;
    moving.load(frames.map((f) => f.title), startsAtEnd ? frames.length - 1 : 0);
  }
  const choice = films.length > 1 ? el("div", { class: "controls" }, el("label", {}, "show", el("select", { onchange: (e) => choose(+e.target.value) }, films.map((f, i) => el("option", { value: i }, f.name))))) : null;
  choose(0);
  return el("div", { class: "card film" }, choice, moving.node, pictures);
}

function exhibits() {
  for (const exhibit of content.exhibits) {
    const shown = exhibit.pictures ? el("div", { class: "pictures" }, exhibit.pictures.map(shownPicture))
      : exhibit.films ? filmOf(exhibit)
        : card(`${exhibit.title}, over ${exhibit.quantity}`, lines(exhibit.values, exhibit.lines, "fraction", { layout: { xaxis: { title: { text: exhibit.quantity } }, yaxis: { range: [-0.03, 1.03], title: { text: "fraction" } } } }));
    section(exhibitId(exhibit.title), exhibit.title, exhibit.text, shown);
  }
}
