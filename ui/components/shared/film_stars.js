// Stars in halves, given by one click: by mouse with a preview, by a finger that may slide, by keys.

const STAR = "M12 2.2l3 6.1 6.7.9-4.9 4.7 1.2 6.7-6-3.2-6 3.2 1.2-6.7-4.9-4.7 6.7-.9z";
const FIVE = [0, 24, 48, 72, 96].map((x) => `<path transform="translate(${x} 0)" d="${STAR}"/>`).join("");
const FIVE_STARS = `<svg viewBox="0 0 120 24" aria-hidden="true">${FIVE}</svg>`;
const halves = (value) => (value ? `${Math.floor(value) || ""}${value % 1 ? "½" : ""}` : "–");
const in_words = (value) => (value ? `${value} ${value === 1 ? "star" : "stars"}` : "not rated");

class Stars {
  // rate(value): stars were given, null takes them away.
  constructor(root, rate) {
    Object.assign(this, { root, rate, value: null, preview: null, typed: null });
    root.classList.add("stars");
    root.tabIndex = 0;
    root.setAttribute("role", "slider");
    root.setAttribute("aria-valuemin", "0");
    root.setAttribute("aria-valuemax", "5");
    root.innerHTML = `<span class="five"><span class="back">${FIVE_STARS}</span><span class="gold">${FIVE_STARS}</span></span><b class="number" aria-hidden="true"></b>`;
    this.five = root.firstElementChild;
    this.listen();
  }

  listen() {
    const { five, root } = this;
    five.onpointermove = (event) => this.hint(this.under(event));
    five.onpointerleave = () => this.hint(null);
    five.onpointercancel = () => { this.isDown = false; this.hint(null); };
    five.onpointerdown = (event) => {
      if (event.button > 0) return;
      this.isDown = true;
      five.setPointerCapture(event.pointerId);
      this.hint(this.under(event));
    };
    five.onpointerup = (event) => {
      if (!this.isDown) return;
      this.isDown = false;
      const box = five.getBoundingClientRect(), value = this.under(event);
      if (event.clientY > box.top - 30 && event.clientY < box.bottom + 30) this.give(value);
      this.hint(null);
    };
    root.onkeydown = (event) => this.type(event);
    root.onblur = () => { this.typed = null; this.paint(); };
  }

  under(event) {
    const box = this.five.getBoundingClientRect(), share = (event.clientX - box.left) / box.width;
    return Math.min(10, Math.max(1, Math.ceil(share * 10))) / 2;
  }

  // 1 to 9 give half a star to four and a half, 0 gives five; arrows choose, Enter gives, Delete takes away.
  type(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = this.typed ?? this.value ?? 0, step = { ArrowRight: 0.5, ArrowUp: 0.5, ArrowLeft: -0.5, ArrowDown: -0.5 }[event.key];
    if (/^[0-9]$/.test(event.key)) this.give((Number(event.key) || 10) / 2);
    else if (step) { this.typed = Math.min(5, Math.max(0.5, now + step)); this.paint(); }
    else if (["Enter", " "].includes(event.key) && this.typed) this.give(this.typed);
    else if (["Delete", "Backspace"].includes(event.key) && this.value) this.give(null);
    else if (event.key === "Escape" && this.typed) { this.typed = null; this.paint(); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  hint(value) { this.preview = value; this.paint(); }

  // The same stars once more take them away, as elsewhere.
  give(value) {
    this.typed = null;
    const next = value === this.value ? null : value;
    this.set(next);
    this.rate(next);
  }

  set(value, label) {
    this.value = value ?? null;
    if (label) this.label = label;
    this.paint();
  }

  paint() {
    const { root } = this, shown = this.preview ?? this.typed ?? this.value;
    const isHint = (this.preview ?? this.typed) !== null;
    root.style.setProperty("--fill", `${(shown ?? 0) * 20}%`);
    root.classList.toggle("hint", isHint);
    root.classList.toggle("given", this.value !== null);
    root.lastElementChild.textContent = halves(shown);
    root.setAttribute("aria-label", `Stars for ${this.label ?? "this film"}`);
    root.setAttribute("aria-valuenow", shown ?? 0);
    root.setAttribute("aria-valuetext", this.typed !== null ? `${in_words(this.typed)}, press Enter to give them` : in_words(this.value));
  }
}
