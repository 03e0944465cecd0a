// Shared by the components: grids of numbers, to look at (fill_grid) and to type into (TypedGrid). Needs network.js before it.

import { read_number, write } from "../shared/numbers.js";

export const biggest = (...lists) => lists.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0);

// Letters of the longest number in these lists, as written.
export const longest = (...lists) => lists.flat().reduce((most, value) => Math.max(most, write(value).length), 0);

// Shade and second cue (hatching below zero) of one cell; null is a number not known yet. Returns its text.
function paint_cell(cell, value, most) {
  const known = value !== null, text = known ? write(value) : "·";
  cell.style.setProperty("--share", known && most ? Math.min(1, Math.abs(value) / most) : 0);
  cell.style.setProperty("--length", text.length);
  cell.classList.toggle("minus", known && value < 0);
  cell.classList.toggle("unknown", !known);
  return text;
}

// A grid that is only looked at; `bare` leaves the numbers out where there is no room for them.
export function fill_grid(grid, values, columns, most, bare = false) {
  grid.style.setProperty("--columns", columns);
  while (grid.children.length > values.length) grid.lastChild.remove();
  while (grid.children.length < values.length) grid.append(document.createElement("div"));
  values.forEach((value, i) => {
    const cell = grid.children[i];
    cell.className = "cell";
    const text = paint_cell(cell, value, most);
    cell.textContent = bare ? "" : text;
  });
}

// The numbers of a grid in words, row by row.
export const grid_words = (values, columns) =>
  values.map((v, i) => (v === null ? "not yet" : write(v)) + ((i + 1) % columns ? ", " : "; ")).join("").slice(0, -2);

// A grid whose cells are typed into: click or Tab, type, Enter; arrow keys go from cell to cell, Escape brings the old number back.
// `taken(cell, value)` hears of a new number, `refused(sentence)` of what cannot be taken ("" when all is well again).
export class TypedGrid {
  constructor(grid, title, taken, refused) {
    Object.assign(this, { grid, title, taken, refused, values: [], shape: "" });
  }

  show(values, columns, most) {
    this.values = values;
    this.most = most;
    if (this.shape !== `${values.length} ${columns}`) this.make(values.length, columns);
    this.draw();
  }

  make(count, columns) {
    this.shape = `${count} ${columns}`;
    this.columns = columns;
    this.grid.style.setProperty("--columns", columns);
    this.grid.setAttribute("aria-label", `${this.title}, ${count / columns} by ${columns}: type into any cell`);
    this.grid.replaceChildren(...[...Array(count)].map((_, cell) => {
      const input = document.createElement("input");
      input.className = "cell";
      input.inputMode = "text"; // the numeric keyboards of some telephones have no minus
      input.autocomplete = "off";
      input.setAttribute("aria-label", `${this.title}, row ${Math.floor(cell / columns) + 1}, column ${(cell % columns) + 1}`);
      input.onfocus = () => this.offer(input, cell);
      input.oninput = () => { input.dataset.typed = "yes"; };
      input.onblur = () => { this.commit(input, cell); this.draw(); };
      input.onkeydown = (event) => this.key(event, cell);
      return input;
    }));
  }

  // A cell that is being typed into is left alone.
  draw() {
    const active = this.grid.getRootNode().activeElement, size = biggest(this.values);
    [...this.grid.children].forEach((input, cell) => {
      const value = this.values[cell], text = paint_cell(input, value, size);
      if (input !== active) input.value = text;
      else if (!input.dataset.typed && Number(input.value) !== value) this.offer(input, cell);
      input.title = text === String(value) ? "" : String(value);
    });
  }

  offer(input, cell) {
    delete input.dataset.typed;
    input.value = String(this.values[cell]);
    input.select();
  }

  key(event, cell) {
    const input = event.target, { columns } = this, column = cell % columns;
    if (event.key === "Enter") this.commit(input, cell);
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      return this.offer(input, cell);
    }
    const ways = {
      ArrowLeft: input.selectionStart === 0 && column > 0 ? -1 : 0,
      ArrowRight: input.selectionEnd === input.value.length && column < columns - 1 ? 1 : 0,
      ArrowUp: -columns, ArrowDown: columns,
    };
    const next = ways[event.key] && this.grid.children[cell + ways[event.key]];
    if (!next || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    next.focus();
  }

  commit(input, cell) {
    if (!input.dataset.typed) return;
    delete input.dataset.typed;
    const typed = input.value.trim(), value = read_number(typed);
    if (!Number.isFinite(value) || Math.abs(value) > this.most) return this.refuse(input, cell, typed, value);
    this.refused("");
    if (value === this.values[cell]) return;
    this.values[cell] = value + 0;
    this.taken(cell, value + 0);
  }

  refuse(input, cell, typed, value) {
    const place = input.getAttribute("aria-label"), quoted = `“${typed.slice(0, 20)}”`;
    const why = typed === "" ? "an empty cell is no number" : Number.isNaN(value) ? `${quoted} is not a number` : `${quoted} is beyond ${this.most.toLocaleString("en")}, the most that is taken`;
    this.refused(`${place}: ${why}. The cell keeps its ${write(this.values[cell], 3)}.`);
    input.classList.remove("wrong");
    void input.offsetWidth; // so that the animation starts anew
    input.classList.add("wrong");
  }
}
