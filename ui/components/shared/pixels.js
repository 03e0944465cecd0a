// Arrays as pictures on a canvas.

// values: C x H x W, from 0 to `white`; one channel is grey. The canvas takes the size of the picture.
export function put_pixels(canvas, values, [channels, height, width], white = 255) {
  const context = canvas.getContext("2d"), size = width * height;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = context.createImageData(width, height);
  for (let p = 0; p < size; p += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * p + c] = (255 / white) * values[(channels === 3 ? c * size : 0) + p];
    image.data[4 * p + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
