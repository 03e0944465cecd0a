// Whose list this is: a chip for each profile of the browser. One tap goes to another's list.

import { make } from "./dom.js";

export class People {
  constructor(root, say) {
    Object.assign(this, { root, say, shown: "" });
  }

  // people: {key, name, on}; wanted: the key that has been tapped and not yet heard, or undefined.
  show(people, wanted) {
    this.root.hidden = !people.length;
    const shown = JSON.stringify(people.map(({ key, name }) => [key, name]));
    if (shown !== this.shown) this.root.replaceChildren(make("span", "for", "For"), ...people.map((each) => this.chip(each, people.length > 1)));
    this.shown = shown;
    people.forEach(({ key, on }, place) => {
      const isOn = wanted === undefined ? on : key === wanted, chip = this.root.children[place + 1];
      chip.classList.toggle("on", isOn);
      if (isOn) this.in_sight(chip);
      if (people.length > 1) chip.setAttribute("aria-pressed", isOn);
    });
  }

  // Of many chips the one that counts is in sight; the page does not move for it.
  in_sight(chip) {
    const { root } = this, begin = chip.offsetLeft, end = begin + chip.offsetWidth;
    if (end > root.scrollLeft + root.clientWidth) root.scrollLeft = end + 10 - root.clientWidth;
    else if (begin < root.scrollLeft) root.scrollLeft = begin - 10;
  }

  chip({ key, name }, isChoice) {
    const chip = make(isChoice ? "button" : "b", "person", name);
    if (!isChoice) return chip;
    Object.assign(chip, { type: "button", title: `The list of ${name}` });
    chip.onclick = () => chip.getAttribute("aria-pressed") !== "true" && this.say({ kind: "person", who: key });
    return chip;
  }
}
