// Charts drawn by Plotly. New figures change the chart that is there, so that hovering, zooming and a hidden curve outlive a live update.

import { library } from "../shared/plotly.js";
import { type_scale } from "../shared/type_scale.js";
import { grown, thinned } from "./grown.js";

const LOOKS = ["--st-text-color", "--st-border-color", "--st-background-color", "--st-font", "--st-heading-font"];
const TALLEST = "--present-tallest"; // pixels that a chart may take of the height of a page that is presented

// A colour that is `share` of one laid over the other.
function mixed(over, under, share) {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = [under, over].map((colour) => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    return paint.getImageData(0, 0, 1, 1).data;
  });
  return `rgb(${[0, 1, 2].map((i) => Math.round(channels[0][i] * (1 - share) + channels[1][i] * share)).join(",")})`;
}

// The template's part that only the browser knows: ink, grid and letters of the visitor's theme.
function dress([ink, line, paper, font, heading]) {
  const faint = mixed(ink, paper, 0.82), grid = mixed(ink, paper, 0.14), letters = { color: faint, size: 14 };
  const axis = { gridcolor: grid, zerolinecolor: grid, tickcolor: grid, tickfont: letters, automargin: true };
  const named = (standoff) => ({ font: { color: faint, size: 14 }, standoff });
  return {
    font: { family: font, size: 14, color: ink },
    margin: { pad: 6 },
    title: { font: { family: heading, size: 16, color: ink }, x: 0, xanchor: "left", pad: { l: 2 } },
    legend: { font: { size: 14, color: faint } },
    xaxis: { ...axis, showgrid: false, zeroline: false, title: named(14) },
    yaxis: { ...axis, title: named(20) },
    hoverlabel: { bgcolor: paper, bordercolor: line, font: { ...letters, family: font } },
    coloraxis: { colorbar: { thickness: 16, outlinewidth: 0, tickfont: letters, title: { font: named(0).font } } },
    polar: { radialaxis: axis, angularaxis: axis, bgcolor: "rgba(0,0,0,0)" },
    scene: Object.fromEntries(["xaxis", "yaxis", "zaxis"].map((name) => [name, { gridcolor: grid, color: faint }])),
  };
}

function merged(base, own) {
  const all = { ...base };
  for (const [name, value] of Object.entries(own ?? {})) {
    const isBoth = [all[name], value].every((each) => each && typeof each === "object" && !Array.isArray(each));
    all[name] = isBoth ? merged(all[name], value) : value;
  }
  return all;
}

class Chart {
  constructor(place) {
    Object.assign(this, { place, width: 0, drawn: "", queue: Promise.resolve() });
    this.watch = new ResizeObserver(() => this.place.clientWidth !== this.width && this.draw());
    this.watch.observe(place);
  }

  show({ figure, config, alt, library, height }, click) {
    Object.assign(this, { click, config, height, address: library });
    if (alt) this.place.setAttribute("aria-label", alt);
    if (figure !== this.text) Object.assign(this, { text: figure, figure: JSON.parse(figure), drawn: "" });
    this.draw();
  }

  draw() {
    if (!this.figure || this.isGone) return;
    const style = getComputedStyle(this.place), looks = LOOKS.map((name) => style.getPropertyValue(name).trim());
    const [scale, tallest] = [type_scale(this.place), Number.parseFloat(style.getPropertyValue(TALLEST)) || Infinity];
    const wish = [this.place.clientWidth, scale, tallest, ...looks].join("|");
    if (!this.place.clientWidth || wish === this.drawn) return;
    Object.assign(this, { drawn: wish, width: this.place.clientWidth });
    this.queue = this.queue.then(() => this.paint(looks, scale, Math.min(this.height, tallest))).catch((error) => this.fail(error));
  }

  // Says so where the chart would be; the next figure or width tries again.
  fail(error) {
    Object.assign(this, { drawn: "", width: 0 });
    console.error(error);
    if (!this.isHeard && !this.isGone) this.place.textContent = "This chart could not be drawn. Reload the page to try again.";
  }

  async paint(looks, scale, height) {
    const plotly = await library(this.address);
    if (!this.place.clientWidth) Object.assign(this, { drawn: "", width: 0 }); // hidden meanwhile: drawn when it is back
    if (this.isGone || !this.place.clientWidth) return;
    if (!this.isHeard) this.place.textContent = "";
    const figure = structuredClone(this.figure), own = figure.layout.template?.layout;
    figure.layout.template = { ...figure.layout.template, layout: merged(dress(looks), own) };
    const { data, ...large } = grown(figure, scale), layout = thinned(large.layout, height, scale);
    if (!this.config.scrollZoom && matchMedia("(pointer: coarse)").matches) layout.dragmode ??= false; // a finger scrolls the page
    Object.assign(layout, { width: this.place.clientWidth, height });
    await plotly.react(this.place, data, layout, this.config);
    if (this.isHeard) return;
    this.isHeard = true;
    this.place.on("plotly_click", (event) => this.click(event.points[0]));
  }

  remove() {
    this.isGone = true;
    this.watch.disconnect();
    globalThis.Plotly?.purge(this.place);
  }
}

const charts = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const place = parentElement.querySelector(".ae-chart");
  if (!charts.has(place)) charts.set(place, new Chart(place));
  charts.get(place).show(data, (point) => point.customdata !== undefined && setTriggerValue("clicked", point.customdata));
  return () => { charts.get(place)?.remove(); charts.delete(place); };
}
