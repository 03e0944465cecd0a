// What the card shows at one moment: no DOM, no network.

// The room's poll about this question, or null.
export const poll_about = (id, room) => (room?.poll?.prediction === id ? room.poll : null);

// "ask": a guess can be made; "wait": it is made, and the host will uncover; "lead": the host's, until they uncover;
// "told": the truth is there. truth: what is known of it or null; poll: of the room about this question, or null. While the
// room is asked, what one has seen before does not count.
export function phase({ truth, poll, isHost }) {
  if (poll && !poll.truth && isHost) return "lead";
  if (poll?.isOpen) return poll.own === null ? "ask" : "wait";
  return truth ? "told" : "ask";
}

// Whether somebody has just been asked by the room: what they guessed or saw of it by themselves is put away.
export const is_asked_anew = (poll, before) => Boolean(poll?.isOpen && poll.own === null && poll.id !== before);

// What is said of the room. count: people in it.
export function room_words(step, poll, count) {
  if (!poll) return "";
  const guesses = `${poll.votes} ${poll.votes === 1 ? "guess" : "guesses"}`;
  if (step === "lead") return `${guesses} of ${count} in the room${poll.isOpen ? "" : "; no more are taken"}.`;
  if (step === "wait") return `Your guess is in, one of ${poll.votes}. The host will uncover the result.`;
  if (poll.isOpen) return "The host has asked the room. Your guess counts with the others.";
  if (!poll.truth) return "The host has closed this poll without uncovering it.";
  return poll.own === null ? `Uncovered by the host; the room made ${guesses}.` : `The room made ${guesses}.`;
}

export const VERDICTS = { right: "Right.", near: "Close.", off: "No." };

// Whether the address names runs, which a question about runs waits for.
export const has_runs = (query) => ["run", "runs"].some((name) => new URLSearchParams(query).get(name));
