// A line that shows how a figure went: SVG of our own, with no axis, as wide as its place.
const namespace = "http://www.w3.org/2000/svg";
const width = 240;
const height = 48;

// The line fills its place from early on, and then shows two minutes.
const shortest = 20_000;
const longest = 120_000;

function node(name, attributes) {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/// Path of the values that are known; a gap (the page was hidden, the relay away) is a gap in the line.
export function pathOf(samples, series, highest, now) {
  const span = Math.max(shortest, now - (samples[0]?.at ?? now));
  let path = "";
  let pen = false;
  for (const { at, values } of samples) {
    const value = values[series];
    if (value === undefined) {
      pen = false;
      continue;
    }
    const x = width * (1 - (now - at) / span);
    const y = height - 2 - (height - 6) * Math.min(value / highest, 1);
    path += `${pen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
  }
  return path;
}

/// Chart with so many lines. add(undefined) breaks them.
export class Chart {
  #samples = [];
  #lines;
  #svg;

  constructor(series) {
    this.#svg = node("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    this.#lines = Array.from({ length: series }, (_, number) => node("path", { class: `line line-${number}` }));
    this.#svg.append(...this.#lines);
  }

  get element() {
    return this.#svg;
  }

  /// Of all lines, in the time that is shown.
  get highest() {
    return Math.max(0, ...this.#samples.flatMap(({ values }) => values.filter((value) => value !== undefined)));
  }

  /// Values of now, undefined where there is none.
  add(values, now = performance.now()) {
    this.#samples.push({ at: now, values });
    while (now - this.#samples[0].at > longest) this.#samples.shift();
    const highest = this.highest || 1;
    this.#lines.forEach((line, series) => line.setAttribute("d", pathOf(this.#samples, series, highest, now)));
  }
}
