// How far somebody is with the questions of a page: no DOM, no network.

// questions: [{id, right, …}]; answers: {id: [first choice, last choice]}, counted from 0.
export const count_answered = (questions, answers) => questions.filter(({ id }) => answers[id]).length;

export const count_right = (questions, answers) => questions.filter(({ id, right }) => answers[id]?.[0] === right).length;

// Where to begin: the first question that is open, or past the last one.
export function first_open(questions, answers) {
  const at = questions.findIndex(({ id }) => !answers[id]);
  return at < 0 ? questions.length : at;
}

// How it went, or how far it is, in a few words.
export function state_words(questions, answers) {
  const count = questions.length, answered = count_answered(questions, answers);
  if (!answered) return `${count} questions`;
  if (answered < count) return `${answered} of ${count} answered`;
  return `${count_right(questions, answers)} of ${count} right at the first try`;
}

// What somebody has chosen, with one choice more: the first counts, the last is on show.
export const with_choice = (answers, id, choice) => ({ ...answers, [id]: [answers[id]?.[0] ?? choice, choice] });
