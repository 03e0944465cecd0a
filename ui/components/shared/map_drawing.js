// The points: as dots, small discs drawn once for each colour and depth and then stamped, or as pictures cut from the atlas.

const LAYERS = 8, NEUTRAL = 255; // LAYERS: depths told apart by size and strength
const CROWD = 400; // up to so many points in view are shown as pictures
const GREY = { light: "#8a8f98", dark: "#8b94a3" };

class Stamps {
  // radius in device pixels; the far layers are smaller and fainter.
  make(palette, paper, isDark, radius, isDeep) {
    const key = [palette.join(), paper, radius, isDeep].join("|");
    if (this.key === key) return;
    const side = Math.ceil(2 * radius) + 4, layers = isDeep ? LAYERS : 1, colours = [...palette, isDark ? GREY.dark : GREY.light];
    Object.assign(this, { key, side, layers, neutral: palette.length, sheet: this.sheet ?? document.createElement("canvas") });
    [this.sheet.width, this.sheet.height] = [side * colours.length, side * layers];
    const pen = this.sheet.getContext("2d");
    for (let layer = 0; layer < layers; layer += 1)
      colours.forEach((colour, k) => {
        const near = isDeep ? layer / (LAYERS - 1) : 1, r = radius * (isDeep ? 0.58 + 0.42 * near : 1);
        pen.globalAlpha = isDeep ? 0.3 + 0.58 * near : 0.8;
        pen.fillStyle = colour;
        pen.beginPath();
        pen.arc((k + 0.5) * side, (layer + 0.5) * side, r, 0, 2 * Math.PI);
        pen.fill();
        if (r < 2) return;
        pen.globalAlpha = 0.55; // an edge of paper, so that neighbours stay apart
        pen.strokeStyle = paper;
        pen.lineWidth = Math.max(0.8, r * 0.16);
        pen.stroke();
      });
  }
}

// The radius of a dot in CSS pixels: smaller where many points share the frame, growing slowly with the zoom.
function dot_radius(count, width, height, zoom) {
  const base = clamp(0.24 * Math.sqrt((width * height) / Math.max(count, 1)), 1.5, 6);
  return Math.round(4 * clamp(base * clamp(zoom, 0.7, 60) ** 0.3, 1.4, 8)) / 4;
}

class PointsDrawing {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.stamps = new Stamps();
    this.pictures = 0; // how far the pictures have faded in, from 0 to 1
  }

  // scene: view, order, levels, chosen (mask) or null, palette, paper, isDark, ratio, atlas, bitmap, inView, allPictures
  draw(scene) {
    const { view, ratio } = scene, { width, height } = view, { pen } = this;
    this.tile = tile_size(scene);
    const wants = scene.bitmap && (scene.allPictures || scene.inView <= CROWD) ? 1 : 0, isFading = Math.abs(wants - this.pictures) > 0.01;
    this.pictures = isFading && !is_calm() ? this.pictures + clamp(wants - this.pictures, -0.14, 0.14) : wants;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const radius = ratio * (this.radius = dot_radius(scene.order.length, width, height, view.camera.zoom));
    this.stamps.make(scene.palette, scene.paper, scene.isDark, radius, view.dims === 3);
    const order = view.dims === 3 ? by_depth(scene.order, view.depth) : scene.order;
    const passes = scene.chosen ? [0, 1] : [-1];
    for (const pass of passes) {
      pen.globalAlpha = pass === 0 ? (scene.isDark ? 0.2 : 0.16) : 1;
      this.dots(scene, order, pass);
    }
    if (this.pictures > 0) {
      const those = scene.allPictures && scene.inView > CROWD ? thinned(order, scene, this.tile) : order;
      for (const pass of passes) {
        pen.globalAlpha = this.pictures * (pass === 0 ? 0.22 : 1);
        this.tiles(scene, those, pass);
      }
    }
    pen.globalAlpha = 1;
    return isFading;
  }

  dots({ view, levels, chosen, ratio }, order, pass) {
    const { sx, sy, depth } = view, { sheet, side, layers, neutral } = this.stamps, { pen } = this, half = side / 2, isDeep = layers > 1;
    const [right, bottom] = [this.canvas.width + half, this.canvas.height + half];
    for (let k = 0; k < order.length; k += 1) {
      const i = order[k];
      if (pass >= 0 && chosen[i] !== pass) continue;
      const x = sx[i] * ratio, y = sy[i] * ratio;
      if (!(x > -half && y > -half && x < right && y < bottom)) continue;
      const level = levels[i] === NEUTRAL || levels[i] > neutral ? neutral : levels[i];
      pen.drawImage(sheet, level * side, isDeep ? layer_of(depth[i]) * side : 0, side, side, x - half, y - half, side, side);
    }
  }

  tiles({ view, levels, chosen, ratio, atlas, bitmap, palette, isDark }, order, pass) {
    const { sx, sy } = view, { pen } = this, wide = this.tile * ratio, high = (wide * atlas.height) / atlas.width, edge = Math.max(1, wide / 18);
    pen.imageSmoothingEnabled = wide < atlas.width;
    pen.lineWidth = edge;
    for (let k = 0; k < order.length; k += 1) {
      const i = order[k];
      if (pass >= 0 && chosen[i] !== pass) continue;
      const x = Math.round(sx[i] * ratio - wide / 2), y = Math.round(sy[i] * ratio - high / 2);
      if (!(x > -wide && y > -high && x < this.canvas.width && y < this.canvas.height) || i >= atlas.count) continue;
      pen.drawImage(bitmap, ...tile_at(atlas, i), x, y, wide, high);
      pen.strokeStyle = palette[levels[i]] ?? (isDark ? GREY.dark : GREY.light);
      pen.strokeRect(x, y, wide, high);
    }
    pen.imageSmoothingEnabled = true;
  }
}

const layer_of = (depth) => clamp(Math.floor(((depth + 1.3) / 2.6) * LAYERS), 0, LAYERS - 1);

// Where the tile of point i lies in the atlas: left, top, width, height.
function tile_at({ columns, width, height }, i) {
  return [(i % columns) * width, Math.floor(i / columns) * height, width, height];
}

// The edge of a picture on the map in CSS pixels, from the room there is.
function tile_size({ view, inView, allPictures }) {
  const room = 0.72 * Math.sqrt((view.width * view.height) / Math.max(inView, 1));
  return allPictures && inView > CROWD ? 26 : clamp(room, 22, 62);
}

// One point for each square of the frame, so that pictures lie side by side; the squares move along with the map.
function thinned(order, { view }, edge) {
  const { sx, sy, width, height, camera } = view, size = view.unit * camera.zoom;
  const [dx, dy] = [camera.x * size, -camera.y * size], taken = new Set();
  return order.filter((i) => {
    if (!(sx[i] > -edge && sy[i] > -edge && sx[i] < width + edge && sy[i] < height + edge)) return false;
    const square = Math.floor((sx[i] + dx) / edge) * 65536 + Math.floor((sy[i] + dy) / edge);
    return taken.size < taken.add(square).size;
  });
}

// The same points, far ones first: counted into slices.
function by_depth(order, depth) {
  const SLICES = 64, slice = (i) => clamp(Math.floor(((depth[i] + 1.8) / 3.6) * SLICES), 0, SLICES - 1), next = new Uint32Array(SLICES + 1);
  for (const i of order) next[slice(i) + 1] += 1;
  for (let s = 0; s < SLICES; s += 1) next[s + 1] += next[s];
  const sorted = new Uint32Array(order.length);
  for (const i of order) sorted[next[slice(i)]++] = i;
  return sorted;
}
