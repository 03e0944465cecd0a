// What a step asks of an address, and where things go on screen: no DOM, no network.

// The query after a move. move: {put: {name: [texts]}, drop: [names], isWhole}. query: the present one.
export function query_after({ put, drop, isWhole }, query) {
  const made = new URLSearchParams(isWhole ? "" : query);
  for (const name of drop) made.delete(name);
  for (const [name, texts] of Object.entries(put)) {
    made.delete(name);
    for (const text of texts) made.append(name, text);
  }
  return made.toString();
}

// Whether the address has what a step waits for. wanted: {name: text}, where "any" is whatever stands there.
export function is_met(wanted, query) {
  const there = new URLSearchParams(query);
  return Object.entries(wanted).every(([name, text]) => (text === "any" ? Boolean(there.get(name)) : like(there.get(name)) === like(text)));
}

// A widget writes the title of a choice, an author perhaps its name: MNIST and mnist are the same.
const like = (text) => text?.trim().toLowerCase();

// The way by which a page is scrolled so that something is well in view, in pixels; 0 if it is already.
// target: {top, bottom} on screen. room: {top, bottom} of what nothing covers.
export function scroll_to(target, room) {
  const height = target.bottom - target.top, free = room.bottom - room.top;
  if (target.top >= room.top && target.bottom <= room.bottom) return 0;
  const top = height < free ? room.top + (free - height) / 2 : room.top;
  return target.top - top;
}

// Where the ring goes: around the target, with a margin, within the room; null where nothing of it is to be seen.
export function ring_around(target, room, margin = 6) {
  const left = Math.max(room.left, target.left - margin), right = Math.min(room.right, target.right + margin);
  const top = Math.max(room.top, target.top - margin), bottom = Math.min(room.bottom, target.bottom + margin);
  return right - left > margin && bottom - top > margin ? { left, top, width: right - left, height: bottom - top } : null;
}

// How it went, as a sentence. right: how many of the questions were answered rightly at once.
export function outcome(right, questions) {
  if (!questions) return "That was the last step.";
  const counted = `${right} of ${questions} questions right at the first try`;
  if (right === questions) return `You answered ${questions === 1 ? "the question" : `all ${questions} questions`} right at the first try.`;
  return `You answered ${counted}. Go back to the others when you like: each answer says why.`;
}
