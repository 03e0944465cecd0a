// The sheets above the bar: a poll with its bars, and the questions from the floor.

const made = (name, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

// A poll. vote(choice): chosen; a host sees the bars at once, others when they have voted or it is closed.
export function poll_sheet({ question, choices, counts, isOpen, own }, isHost, vote) {
  const total = counts.reduce((sum, count) => sum + count, 0), shows = isHost || own !== null || !isOpen;
  const rows = choices.map((text, at) => {
    const share = total ? counts[at] / total : 0;
    const row = made("button", { type: "button", className: "choice", disabled: !isOpen, onclick: () => vote(at) }, made("span", { textContent: text }));
    row.setAttribute("aria-pressed", own === at);
    if (!shows) return made("li", {}, row);
    const fill = made("span", { className: "fill" });
    fill.style.width = `${100 * share}%`;
    row.append(fill, made("output", { textContent: `${counts[at]} · ${Math.round(100 * share)} %` }));
    return made("li", {}, row);
  });
  const said = `${total} ${total === 1 ? "vote" : "votes"}${isOpen ? "" : ", closed"}${shows ? "" : ". The bars appear once you have voted."}`;
  return [made("h2", { textContent: question }), made("ul", { className: "choices" }, ...rows), made("p", { textContent: said })];
}

// The questions. act(name, body): what a button does.
export function questions_sheet(questions, { isHost, isMuted }, act) {
  const rows = questions.map(({ id, text, name, up, own, mine, isAnswered }) => {
    const words = made("div", { className: "text" }, made("p", { textContent: text }), made("small", { textContent: `${name}${isAnswered ? " · answered" : ""}` }));
    const row = made("li", { className: isAnswered ? "question done" : "question" }, words);
    const count = made("button", { type: "button", textContent: `▲ ${up}`, disabled: mine || isHost, onclick: () => act("upvote", { question: id, isFor: !own }) });
    count.setAttribute("aria-pressed", own);
    count.setAttribute("aria-label", `${up} others would like to know this too: ${text}`);
    row.append(count);
    if (isHost && !isAnswered) row.append(made("button", { type: "button", textContent: "Answered", onclick: () => act("answer", { question: id }) }));
    if (isHost) row.append(made("button", { type: "button", textContent: "Hide", onclick: () => act("hide", { question: id }) }));
    return row;
  });
  const list = rows.length ? made("ul", { className: "questions" }, ...rows) : made("p", { textContent: "No questions yet." });
  return [made("h2", { textContent: "Questions" }), list, ...(isHost || isMuted ? [] : [asking(act)])];
}

function asking(act) {
  const field = made("textarea", { rows: 1, maxLength: 280, placeholder: "Ask something", ariaLabel: "Your question" });
  const button = made("button", { type: "button", className: "main", textContent: "Ask" });
  button.onclick = () => {
    if (!field.value.trim()) return field.focus();
    button.disabled = true; // until the sheet is drawn anew, with the answer
    act("ask", { text: field.value });
  };
  return made("div", { className: "asking" }, field, button);
}
