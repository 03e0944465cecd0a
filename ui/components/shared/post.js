// A small message to a route of this server.

// {ok, body, why}: the answer's JSON, or null if it has none; why: a sentence where it was refused or did not arrive.
export async function post(path, message) {
  try {
    const answer = await fetch(path, { method: "POST", body: JSON.stringify(message), headers: { "Content-Type": "application/json" } });
    const text = await answer.text();
    if (!answer.ok) return { ok: false, body: null, why: answer.status < 500 && text ? text : "The server could not do this. Try again in a moment." };
    return { ok: true, body: text ? JSON.parse(text) : null, why: "" };
  } catch {
    return { ok: false, body: null, why: "The server does not answer. Try again in a moment." };
  }
}
