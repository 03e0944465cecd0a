// Numbers as they travel between Python and the browser: bytes written as base64.

export const bytes_of = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
export const floats_of = (text) => new Float32Array(bytes_of(text).buffer);

// IEEE 754 half precision to single.
export function halves_of(text) {
  const raw = new Uint16Array(bytes_of(text).buffer);
  return Float32Array.from(raw, (h) => {
    const sign = h & 0x8000 ? -1 : 1, exponent = (h >> 10) & 31, fraction = h & 1023;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
  });
}

// A typed array as text.
export function text_of(values) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(text);
}
