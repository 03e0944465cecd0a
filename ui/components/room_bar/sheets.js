// What is in the sheets above the bar: a poll with its bars, and the questions from the floor.

const made = (name, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

// A poll. vote(choice): chosen. counts are there for the host, for who has voted, and once it is closed.
export function poll_content({ choices, counts, votes, isOpen, own }, isHost, vote) {
  const rows = choices.map((text, at) => {
    const row = made("button", { type: "button", className: "choice", disabled: !isOpen || isHost, onclick: () => vote(at) }, made("span", { textContent: text }));
    row.dataset.id = `choice-${at}`;
    row.setAttribute("aria-pressed", own === at);
    if (!counts) return made("li", {}, row);
    const share = votes ? counts[at] / votes : 0, fill = made("span", { className: "fill" });
    fill.style.width = `${100 * share}%`;
    row.append(fill, made("output", { textContent: `${counts[at]} · ${Math.round(100 * share)} %` }));
    return made("li", {}, row);
  });
  const said = `${votes} ${votes === 1 ? "vote" : "votes"}${isOpen ? "" : ", closed"}${counts ? "" : ". The bars appear once you have voted."}`;
  return [made("ul", { className: "choices" }, ...rows), made("p", { textContent: said })];
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
    if (isHost) row.append(button(`hide-${id}`, "Hide", () => act("hide", { question: id })));
    return row;
  });
  return [made("ul", { className: "questions" }, ...rows)];
}
