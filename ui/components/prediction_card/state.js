// What the card shows at one moment: no DOM, no network.

// own: one's guess or null; truth: what is known of it or null; poll: of the room about this question, or null.
// "ask": a guess can be made; "wait": it is made, and the host uncovers; "told": the truth is there.
export function phase({ own, truth, poll, isHost }) {
  if (truth) return "told";
  if (poll?.isOpen && isHost) return "lead";
  if (poll?.isOpen && own !== null) return "wait";
  return "ask";
}

// The room's poll about this question, or null.
export const poll_about = (id, room) => (room?.poll?.prediction === id ? room.poll : null);

const THOSE = (votes) => `${votes} ${votes === 1 ? "guess" : "guesses"}`;

// What is said of the room.
export function room_words(step, poll, count) {
  if (!poll) return "";
  if (step === "lead") return `${THOSE(poll.votes)} of ${count} so far.`;
  if (step === "wait") return `Your guess is in (${THOSE(poll.votes)} so far). The host uncovers the result.`;
  if (step === "ask" && poll.isOpen) return "The room is asked. Your guess counts with the others.";
  return poll.truth ? `The room: ${THOSE(poll.votes)}.` : "";
}

export const VERDICTS = { right: "Right.", near: "Near.", off: "Not quite." };
