// What is in the sheets above the bar: a poll with its bars, and the questions from the floor.

import { guess_input } from "../shared/guess_input.js";
import { guess_result } from "../shared/guess_result.js";
import { made, prose } from "../shared/prose.js";

// Whether somebody makes a guess here now: then what others do meanwhile must not draw it anew.
export const is_guessing = ({ form, isOpen, own }, isHost) => form.kind !== "choice" && isOpen && own === null && !isHost;

// A poll. vote(guess): chosen. The result is there for the host, for who has voted, and once it is closed.
export function poll_content(poll, isHost, vote) {
  const { form, result, votes, isOpen, own, truth } = poll;
  const word = poll.prediction ? "guess" : "vote", many = poll.prediction ? "guesses" : "votes";
  const said = `${votes} ${votes === 1 ? word : many}${isOpen ? "" : ", closed"}${result ? "" : `. You see them once you have ${poll.prediction ? "guessed" : "voted"}.`}`;
  if (is_guessing(poll, isHost)) return guessing(form, said, vote);
  if (form.kind === "choice" && !truth) return [choices(poll, isHost, vote), made("p", { textContent: said })];
  const told = truth ? [...prose(truth.text), ...prose(truth.misconception)] : [];
  return [...guess_result(form, { own, truth: truth?.value, crowd: result }), made("p", { textContent: said }), ...told];
}

function guessing(form, said, vote) {
  let guess = null;
  const send = made("button", { type: "button", className: "main", textContent: "Guess", disabled: true, onclick: () => vote(guess) });
  const input = guess_input(form, null, (now) => { guess = now; send.disabled = now === null; });
  return [input, made("p", { className: "send-guess" }, send), made("p", { textContent: said })];
}

function choices({ form, result, votes, isOpen, own }, isHost, vote) {
  const rows = form.answers.map((text, at) => {
    const row = made("button", { type: "button", className: "choice", disabled: !isOpen || isHost, onclick: () => vote(at) }, made("span", { textContent: text }));
    row.dataset.id = `choice-${at}`;
    row.setAttribute("aria-pressed", own === at);
    if (!result) return made("li", {}, row);
    const count = result.counts[at], share = votes ? count / votes : 0, fill = made("span", { className: "fill" });
    fill.style.width = `${100 * share}%`;
    row.append(fill, made("output", { textContent: `${count} · ${Math.round(100 * share)} %` }));
    return made("li", {}, row);
  });
  return made("ul", { className: "choices" }, ...rows);
}

// The questions. act(name, body): what a button does.
export function questions_content(questions, isHost, act) {
  if (!questions.length) return [made("p", { textContent: "No questions yet." })];
  const button = (id, text, action, properties = {}) => {
    const node = made("button", { type: "button", textContent: text, onclick: action, ...properties });
    node.dataset.id = id;
    return node;
  };
  const rows = questions.map(({ id, text, name, up, own, mine, isAnswered }) => {
    const words = made("div", { className: "text" }, made("p", { textContent: text }), made("small", { textContent: `${name}${isAnswered ? " · answered" : ""}` }));
    const count = button(`up-${id}`, `▲ ${up}`, () => act("upvote", { question: id, isFor: !own }), { disabled: mine || isHost });
    count.setAttribute("aria-pressed", own);
    count.setAttribute("aria-label", `I would like to know this too: ${text} (${up})`);
    const row = made("li", { className: isAnswered ? "question done" : "question" }, words, count);
    if (isHost && !isAnswered) row.append(button(`done-${id}`, "Answered", () => act("answer", { question: id })));
    if (isHost) row.append(button(`hide-${id}`, "Hide", () => act("hide", { question: id }), { title: "You can show it again on the Room page, among the questions." }));
    return row;
  });
  return [made("ul", { className: "questions" }, ...rows)];
}
