// Elements, made and put in order.

export const make = (tag, className = "", text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

// Makes `nodes` the children of `parent`, in this order, and moves only those that are elsewhere; the focus stays at its place in the row.
// What goes, goes first: pushed to the end, it would take a row that scrolls along with it.
export function put_in_order(parent, nodes) {
  const focused = parent.getRootNode().activeElement, slot = focused ? [...parent.children].findIndex((child) => child.contains(focused)) : -1;
  for (const child of [...parent.children]) if (!nodes.includes(child)) child.remove();
  nodes.forEach((node, place) => { if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null); });
  if (slot >= 0 && !parent.contains(focused)) parent.children[Math.min(slot, nodes.length - 1)]?.querySelector(".stars")?.focus({ preventScroll: true });
}
