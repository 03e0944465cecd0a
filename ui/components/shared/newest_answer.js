// Asks the server for what the hand is at: the newest is asked for, older ones that still wait are forgotten.

const APART = 30; // milliseconds between two askings

export class NewestAnswer {
  // show(answer): what was asked for last has come; fail(): the server does not answer.
  constructor(show, fail) {
    Object.assign(this, { show, fail, isBusy: false, next: null, delay: null });
  }

  // numbers: sent as float32; the answer is JSON.
  ask(address, numbers) {
    this.next = { address, body: Float32Array.from(numbers) };
    this.asked = performance.now();
    this.go();
  }

  async go() {
    if (this.isBusy || !this.next) return;
    const { address, body } = this.next, begin = performance.now();
    this.next = null;
    this.isBusy = true;
    try {
      const answer = await fetch(address, { method: "POST", body: body.buffer, headers: { "Content-Type": "application/octet-stream" } });
      if (!answer.ok) throw new Error(answer.status);
      const found = await answer.json();
      this.delay = performance.now() - begin;
      this.show(found);
    } catch {
      this.fail();
    }
    setTimeout(() => { this.isBusy = false; this.go(); }, Math.max(0, APART - (performance.now() - begin)));
  }
}
