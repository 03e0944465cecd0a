// Where something that is highlighted stands on screen: no DOM.

// The way by which a page is scrolled so that something is well in view, in pixels; 0 if it is already.
// target: {top, bottom} on screen. room: {top, bottom} of what nothing covers.
export function scroll_to(target, room) {
  const height = target.bottom - target.top, free = room.bottom - room.top;
  if (target.top >= room.top && target.bottom <= room.bottom) return 0;
  const top = height < free ? room.top + (free - height) / 2 : room.top;
  return target.top - top;
}

// Where the ring goes: around the target, with a margin, within the room; null where nothing of it is to be seen.
export function ring_around(target, room, margin = 6) {
  const left = Math.max(room.left, target.left - margin), right = Math.min(room.right, target.right + margin);
  const top = Math.max(room.top, target.top - margin), bottom = Math.min(room.bottom, target.bottom + margin);
  return right - left > margin && bottom - top > margin ? { left, top, width: right - left, height: bottom - top } : null;
}
