// Type of a figure of Plotly's, larger: no DOM.

const MARGINS = ["l", "r", "t", "b"];

const is_list_of_values = (part) => ArrayBuffer.isView(part) || (Array.isArray(part) && typeof part[0] !== "object");

// A figure, or a part of one, in which every size of a font, and every margin, is so many times as large.
export function grown(part, scale) {
  if (scale === 1 || !part || typeof part !== "object" || is_list_of_values(part)) return part;
  if (Array.isArray(part)) return part.map((each) => grown(each, scale));
  return Object.fromEntries(Object.entries(part).map(([name, value]) => {
    const has = (names) => Object.fromEntries(names.filter((each) => Number.isFinite(value?.[each])).map((each) => [each, value[each] * scale]));
    if (name === "margin") return [name, { ...value, ...has(MARGINS) }];
    return [name, name.endsWith("font") ? { ...value, ...has(["size"]) } : grown(value, scale)];
  }));
}

const LETTERS = 14, LINE = 1.5, AROUND = 80; // pixels: type of a tick, its line in these, and what stands above and below the axes

// The same figure, with every second of the ticks that a vertical axis names where the height has no room for all.
export function thinned(layout, height, scale) {
  if (scale === 1) return layout;
  const room = (height - AROUND * scale) / (LETTERS * LINE * scale), every_second = (list) => list?.filter((_, i) => i % 2 === 0);
  const axes = Object.entries(layout).filter(([name, axis]) => name.startsWith("yaxis") && axis.tickvals?.length > room);
  const rare = axes.map(([name, axis]) => [name, { ...axis, tickvals: every_second(axis.tickvals), ...(axis.ticktext && { ticktext: every_second(axis.ticktext) }) }]);
  return { ...layout, ...Object.fromEntries(rare) };
}
