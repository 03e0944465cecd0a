// What a step asks of an address: no DOM, no network.

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

// How it went, as a sentence. right: how many of the questions were answered rightly at once.
export function outcome(right, questions) {
  if (!questions) return "That was the last step.";
  const counted = `${right} of ${questions} questions right at the first try`;
  if (right === questions) return `You answered ${questions === 1 ? "the question" : `all ${questions} questions`} right at the first try.`;
  return `You answered ${counted}. Go back to the others when you like: each answer says why.`;
}
