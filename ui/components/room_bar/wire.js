// The line to the server: what changes in the room comes at once, and it is taken up again when it breaks.

const FIRST_WAIT = 500, LONGEST_WAIT = 15_000; // milliseconds until the next try
const SILENCE = 50_000; // milliseconds without a sign of life, of which the server gives one every twenty seconds

export class Wire {
  // take(message): something has come; lost(isLost): whether the line is broken.
  constructor(path, take, lost) {
    Object.assign(this, { path, take, lost, tries: 0, isClosed: false });
    this.heard = performance.now();
    this.wake = () => this.check();
    this.timer = null;
    this.watch = setInterval(this.wake, SILENCE / 5);
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    if (this.isClosed || this.socket?.readyState === WebSocket.CONNECTING) return;
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${this.path}`);
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      this.heard = performance.now();
      this.tries = 0;
      this.lost(false);
      if (data !== "{}") this.take(JSON.parse(data));
    };
    socket.onclose = () => { if (socket === this.socket) this.again(); };
  }

  // Whether it could be said; what cannot be said now is not said later.
  say(message) {
    const isOpen = this.socket?.readyState === WebSocket.OPEN;
    if (isOpen) this.socket.send(JSON.stringify(message));
    return isOpen;
  }

  // A line can be dead without anybody having said so: after a sleep, or in another network.
  check() {
    if (this.isClosed) return;
    const isSilent = performance.now() - this.heard > SILENCE;
    if (this.socket?.readyState === WebSocket.OPEN && !isSilent) return;
    if (isSilent) this.heard = performance.now();
    const old = this.socket;
    if (isSilent && old?.readyState !== WebSocket.CLOSED) { this.socket = null; old?.close(); }
    this.open();
  }

  again() {
    if (this.isClosed) return;
    this.lost(true);
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries++);
    this.timer = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2)); // a class does not come back as one
  }

  close() {
    this.isClosed = true;
    clearTimeout(this.timer);
    clearInterval(this.watch);
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.close();
  }
}
