// Markdown as pieces: paragraphs, lists, bold, italics, code and links. No DOM.

const INLINE = /\*\*(?<bold>[^*]+)\*\*|\*(?<italic>[^*]+)\*|`(?<code>[^`]+)`|\[(?<label>[^\]]+)\]\((?<href>[^)\s]+)\)/g;
const SAFE = /^(\/(?!\/)|https?:\/\/)/; // a page of the app, or of the web: nothing that a script could hide in

// [{kind: "p", items: [pieces]}, {kind: "ul", items: [pieces, ...]}] of a text.
export function blocks(text) {
  return text.trim().split(/\n\s*\n/).flatMap((part) => {
    const lines = part.split("\n").map((line) => line.trim());
    const at = lines.findIndex((line) => line.startsWith("- "));
    const before = at < 0 ? lines : lines.slice(0, at);
    const made = before.some(Boolean) ? [{ kind: "p", items: [pieces(before.join(" "))] }] : [];
    if (at >= 0) made.push({ kind: "ul", items: points(lines.slice(at)).map(pieces) });
    return made;
  });
}

// A line without a dash goes on with the point above it.
function points(lines) {
  const found = [];
  for (const line of lines) {
    if (line.startsWith("- ")) found.push(line.slice(2));
    else found.push(`${found.pop()} ${line}`);
  }
  return found;
}

// [{kind: "text" | "bold" | "italic" | "code" | "link", text, href?}] of a line.
export function pieces(line) {
  const made = [];
  let at = 0;
  for (const found of line.matchAll(INLINE)) {
    if (found.index > at) made.push({ kind: "text", text: line.slice(at, found.index) });
    made.push(piece(found));
    at = found.index + found[0].length;
  }
  if (at < line.length) made.push({ kind: "text", text: line.slice(at) });
  return made;
}

function piece({ 0: whole, groups: { bold, italic, code, label, href } }) {
  if (bold) return { kind: "bold", text: bold };
  if (italic) return { kind: "italic", text: italic };
  if (code) return { kind: "code", text: code };
  return SAFE.test(href) ? { kind: "link", text: label, href } : { kind: "text", text: whole };
}
