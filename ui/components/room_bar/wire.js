// The line to the server: what changes in the room comes at once, and it is taken up again when it breaks.

const FIRST_WAIT = 500, LONGEST_WAIT = 15_000; // milliseconds until the next try

export class Wire {
  // take(message): something has come; lost(isLost): whether the line is broken.
  constructor(path, take, lost) {
    Object.assign(this, { path, take, lost, tries: 0, isClosed: false });
    this.wake = () => { if (this.socket?.readyState !== WebSocket.OPEN) this.open(); };
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    if (this.isClosed || this.socket?.readyState === WebSocket.CONNECTING) return;
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${this.path}`);
    this.socket = socket;
    socket.onmessage = ({ data }) => { this.tries = 0; this.lost(false); this.take(JSON.parse(data)); };
    socket.onclose = () => { if (socket === this.socket) this.again(); };
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
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.close();
  }
}
