// The buttons of a page that the keys press. A component marks its own with data-present="next", "back", "play", "reveal" or "point".

const MAIN = '[data-testid="stMain"]';

// Everything below a root that matches, also in the shadow trees of components.
function* found(root, selector) {
  yield* root.querySelectorAll(selector);
  for (const each of root.querySelectorAll("*")) if (each.shadowRoot) yield* found(each.shadowRoot, selector);
}

// How much of an element's height is on screen.
function seen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0);
}

// Presses the button of this name; of several, the first that is on screen, else the first of all. Whether there was one.
export function press(name) {
  const main = document.querySelector(MAIN) ?? document.body;
  const all = [...found(main, `[data-present~="${name}"]`)].filter((each) => each.checkVisibility());
  const chosen = all.find((each) => seen(each) > 0) ?? all[0];
  chosen?.click();
  return Boolean(chosen);
}
