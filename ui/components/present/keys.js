// What a key means while a page is presented, and whether it is free to mean it: no DOM.

const MEANINGS = {
  ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", " ": "play",
  r: "reveal", l: "point", f: "form", t: "timer", p: "turn", Escape: "leave",
};

const TYPED_IN = new Set(["text", "search", "email", "number", "password", "tel", "url", "date", "time", "month", "week", "datetime-local", "color", ""]);
const MOVED = new Set(["slider", "radio", "tab", "option", "menuitem", "gridcell", "listbox", "application"]); // roles that arrows move
const PRESSED = new Set(["button", "checkbox", "switch", "radio", "link", "menuitem", "tab"]); // roles that space presses

// The role of an element {tag, type, role}: what it says, or what its tag is.
function role_of({ tag, type, role }) {
  if (role) return role;
  if (tag === "input") return { range: "slider", radio: "radio", checkbox: "checkbox", button: "button", submit: "button" }[type] ?? "";
  return { button: "button", summary: "button", a: "link" }[tag] ?? "";
}

const is_typed_in = ({ tag, type = "", isEditable }) => Boolean(isEditable || tag === "textarea" || tag === "select" || (tag === "input" && TYPED_IN.has(type)));

// The meaning of a key, or null. event: {key, ctrlKey, altKey, metaKey, defaultPrevented}; target: {tag, type, role, isEditable} of what has
// the focus. A clicker sends PageUp and PageDown, so that these also count where a slider was moved last.
export function meaning({ key, ctrlKey, altKey, metaKey, defaultPrevented }, target, isPresented) {
  const wish = MEANINGS[key.length === 1 ? key.toLowerCase() : key];
  if (!wish || ctrlKey || altKey || metaKey || defaultPrevented || is_typed_in(target)) return null;
  if (!isPresented && wish !== "turn") return null;
  const role = role_of(target);
  if (key.startsWith("Arrow") && MOVED.has(role)) return null;
  if (key === " " && PRESSED.has(role)) return null;
  return wish;
}
