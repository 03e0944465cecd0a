// The questions at the end of a page: one at a time, answered at once; what is chosen is told to the server, which keeps it.

import { post } from "../shared/post.js";
import { made } from "../shared/prose.js";
import { question } from "../shared/question.js";
import { count_right, first_open, state_words, with_choice } from "./state.js";

class Check {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.sent = Promise.resolve();
    this.find(".next").onclick = () => this.turn(this.following);
    this.find(".again").onclick = () => this.begin_again();
  }

  // What Python says counts when the page comes; from then on this is ahead of it.
  show(data) {
    if (data.page === this.data?.page) return;
    this.data = data;
    this.answers = { ...data.answers };
    this.turn(first_open(data.questions, this.answers));
  }

  get asked() { return this.data.questions[this.at]; }

  // After the last question comes the first that was left out, and the end when there is none.
  get following() {
    const { questions } = this.data, isLast = this.at + 1 === questions.length;
    return isLast ? first_open(questions, this.answers) : this.at + 1;
  }

  // To a question by its place; past the last one is the end.
  turn(at) {
    this.at = at;
    this.draw();
  }

  draw() {
    const { questions } = this.data, { answers, asked } = this, chosen = answers[asked?.id]?.[1];
    this.find(".state").textContent = state_words(questions, answers);
    this.find(".places").replaceChildren(...questions.map((each, at) => this.place(each, at)));
    this.find(".body").replaceChildren(...(asked ? question(asked, chosen, (at) => this.choose(at), { isRoomKept: true }) : [this.ending()]));
    this.find(".next").hidden = !asked;
    this.find(".next").textContent = this.following === questions.length ? "Finish" : "Next";
    this.find(".next").disabled = chosen === undefined;
    this.find(".again").hidden = Boolean(asked);
  }

  place({ id, right }, at) {
    const first = this.answers[id]?.[0], how = first === undefined ? "" : first === right ? "right" : "wrong";
    const says = { right: ", right at the first try", wrong: ", not right at the first try", "": "" }[how];
    const button = made("button", { type: "button", className: how, textContent: at + 1, onclick: () => this.turn(at) });
    button.setAttribute("aria-label", `Question ${at + 1} of ${this.data.questions.length}${says}`);
    if (at === this.at) button.setAttribute("aria-current", "step");
    return button;
  }

  ending() {
    const { questions } = this.data, right = count_right(questions, this.answers);
    const rest = right === questions.length ? "" : " Press a number to read a question again: each answer says why.";
    return made("p", { textContent: `You answered ${right} of ${questions.length} right at the first try.${rest}` });
  }

  choose(at) {
    const { id } = this.asked;
    this.answers = with_choice(this.answers, id, at);
    this.tell("answer", { question: id, choice: at });
    this.draw();
    this.find(".choice[aria-pressed=true]")?.focus({ preventScroll: true });
  }

  begin_again() {
    this.answers = {};
    this.tell("again", {});
    this.turn(0);
    this.find(".choice")?.focus({ preventScroll: true });
  }

  // One message after another, as they were meant. The questions go on without the server, and say so.
  tell(what, message) {
    this.sent = this.sent.then(async () => {
      const { ok, why } = await post(`${this.data.at}/${what}`, message);
      this.find(".say").textContent = ok ? "" : `Not kept: ${why}`;
    });
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".check");
  root.check ??= new Check(root);
  root.check.show(data);
}
