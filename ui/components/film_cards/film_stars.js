// Stars in halves, given by one click: by mouse with a preview, by a finger that taps or slides, by keys.

const STAR = "M12 2.2l3 6.1 6.7.9-4.9 4.7 1.2 6.7-6-3.2-6 3.2 1.2-6.7-4.9-4.7 6.7-.9z";
const FIVE = [0, 24, 48, 72, 96].map((x) => `<path transform="translate(${x} 0)" d="${STAR}"/>`).join("");
const FIVE_STARS = `<svg viewBox="0 0 120 24" aria-hidden="true">${FIVE}</svg>`;
const SLIDE = 12, NEAR = 30; // CSS pixels: a finger that has gone farther is sliding; how far above and below the stars it may be lifted
export const halves = (value) => (value ? `${Math.floor(value) || ""}${value % 1 ? "½" : ""}` : "–");
const in_words = (value) => (value ? `${value} ${value === 1 ? "star" : "stars"}` : "not rated");

export class Stars {
  // rate(value): stars were given, null takes them away.
  constructor(root, rate) {
    Object.assign(this, { root, rate, value: null, preview: null, typed: null, held: null });
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
    five.onpointerdown = (event) => this.press(event);
    five.onpointermove = (event) => this.move(event);
    five.onpointerup = (event) => this.lift(event);
    five.onpointerleave = () => this.hint(null);
    five.onpointercancel = () => { this.held = null; this.hint(null); };
    five.onclick = (event) => this.click(event);
    root.onkeydown = (event) => this.type(event);
    root.onblur = () => { this.typed = null; this.paint(); };
  }

  // held: the press that is going on, or whose click is still to come.
  press(event) {
    this.held = null;
    if (event.button > 0) return;
    this.held = { x: event.clientX, isSlide: false, isGiven: false, value: null };
    this.five.setPointerCapture(event.pointerId);
    this.hint(this.under(event));
  }

  move(event) {
    if (this.held && Math.abs(event.clientX - this.held.x) > SLIDE) this.held.isSlide = true;
    this.hint(this.under(event));
  }

  // A tap acts on its click. No click follows a finger that has slid, so there the stars are those where it was lifted.
  lift(event) {
    if (!this.held) return;
    this.held.value = this.is_over(event) ? this.under(event) : null;
    if (!this.held.isSlide || event.pointerType === "mouse" || !this.held.value) return;
    this.held.isGiven = true;
    this.give(this.held.value);
    this.hint(null);
  }

  click(event) {
    const { held } = this;
    this.held = null;
    if (held?.value && !held.isGiven) this.give(held.value);
    if (event.pointerType !== "mouse") this.hint(null);
  }

  is_over(event) {
    const box = this.five.getBoundingClientRect();
    return event.clientY > box.top - NEAR && event.clientY < box.bottom + NEAR;
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
