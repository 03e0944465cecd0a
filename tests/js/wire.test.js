// The line to the server: taken up again when it breaks, and when it has died without a word.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Wire } from "../../ui/components/room_bar/wire.js";

const MINUTES = 60_000, BEAT = 20_000;
const pages = new EventTarget(), window = new EventTarget();

class Socket {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSED = 3;
  static all = [];

  constructor(address) {
    Object.assign(this, { address, readyState: Socket.CONNECTING });
    Socket.all.push(this);
  }

  hear(message) {
    this.readyState = Socket.OPEN;
    this.onmessage({ data: JSON.stringify(message) });
  }

  close() {
    this.readyState = Socket.CLOSED;
    this.onclose();
  }
}

let told, lost;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  Socket.all = [];
  [told, lost] = [[], []];
  Object.assign(globalThis, { WebSocket: Socket, document: pages, location: { origin: "http://here" } });
  globalThis.addEventListener = (...given) => window.addEventListener(...given);
  globalThis.removeEventListener = (...given) => window.removeEventListener(...given);
});

function opened() {
  const wire = new Wire("/rooms/A/live", (message) => told.push(message), (isLost) => lost.push(isLost));
  Socket.all[0].hear({ count: 1 });
  return wire;
}

test("what comes is handed on, a sign of life is not", () => {
  const wire = opened();
  Socket.all[0].hear({});
  assert.deepEqual(told, [{ count: 1 }]);
  assert.equal(Socket.all[0].address, "ws://here/rooms/A/live");
  wire.close();
});

test("a line that breaks is said to be lost, and taken up again", () => {
  const wire = opened();
  Socket.all[0].close();
  assert.equal(lost.at(-1), true);
  mock.timers.tick(1000);
  assert.equal(Socket.all.length, 2);
  Socket.all[1].hear({ count: 2 });
  assert.equal(lost.at(-1), false);
  wire.close();
});

test("a line with signs of life is left alone", () => {
  const wire = opened();
  for (let at = 0; at < 30; at++) {
    mock.timers.tick(BEAT);
    Socket.all[0].hear({});
    pages.dispatchEvent(new Event("visibilitychange"));
  }
  assert.equal(Socket.all.length, 1);
  wire.close();
});

test("after a sleep, in which no timer ran, the line is taken up at once", () => {
  const wire = opened();
  mock.timers.setTime(10 * MINUTES);
  pages.dispatchEvent(new Event("visibilitychange"));
  assert.equal(Socket.all.length, 2);
  assert.equal(Socket.all[0].readyState, Socket.CLOSED);
  Socket.all[1].hear({ count: 3 });
  assert.deepEqual(told.at(-1), { count: 3 });
  assert.ok(!lost.includes(true), "nothing was lost that is not back");
  wire.close();
});

test("in another network the line is taken up at once, however lively it was", () => {
  const wire = opened();
  window.dispatchEvent(new Event("online"));
  assert.equal(Socket.all.length, 2);
  wire.close();
  window.dispatchEvent(new Event("online"));
  mock.timers.tick(10 * MINUTES);
  assert.equal(Socket.all.length, 2, "a closed one stays closed");
});
