// What the bar of a room tells other components of the same page: {code, base, room}, or null where there is no room.

const NAME = "room-news";

export function tell(news) {
  globalThis.roomNews = news;
  dispatchEvent(new CustomEvent(NAME));
}

export const news_now = () => globalThis.roomNews ?? null;

// Calls back after each change; returns what ends this.
export function hear(callback) {
  addEventListener(NAME, callback);
  return () => removeEventListener(NAME, callback);
}
