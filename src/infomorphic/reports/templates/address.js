"use strict";
// What was chosen on the page, in its address: a link opens what was seen. `#neurons?sort=lost&mode=table` is a section and what was chosen.

const MILLISECONDS_UNTIL_REMEMBERED = 200; // browsers limit how often a page changes its address
const choices = new Map(); // name → {get, set}; the empty text is what the page begins with
let remembering = null;

/** A choice that the address names; `get()` returns it as text, `set(text)` makes it and ignores what is not possible. */
const inAddress = (name, get, set) => choices.set(name, { get, set });
const sectionInAddress = () => location.hash.split("?")[0];
const chosenInAddress = () => location.hash.split("?")[1] ?? "";

/** Write what is chosen into the address, with the section in which it was chosen; pages of neurons have addresses of their own. */
function remember(section) {
  clearTimeout(remembering);
  remembering = setTimeout(() => {
    if (neuronAt(location.hash)) return;
    const chosen = new URLSearchParams([...choices].map(([name, { get }]) => [name, get()]).filter(([, text]) => text)).toString();
    if (chosen !== chosenInAddress()) history.replaceState(null, "", `${section}${chosen ? `?${chosen}` : ""}`);
  }, MILLISECONDS_UNTIL_REMEMBERED);
}

/** Make the choices that the address names, and show the section. */
function recall() {
  const chosen = new URLSearchParams(chosenInAddress());
  for (const [name, { set }] of choices) set(chosen.get(name) ?? "");
  document.getElementById(decodeURIComponent(sectionInAddress().slice(1)))?.scrollIntoView();
}
