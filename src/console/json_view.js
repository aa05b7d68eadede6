// JSON made readable without parsing it, so that every number and every repeated name is shown as it was published.
import { make } from "./dom.js";

// Above this a browser would be busy for too long: shown as it came.
const mostCharacters = 200_000;
const deepestIndent = 30;

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+|"/g;

function kindOf(text, isName) {
  if (text[0] === '"') return isName ? "name" : "string";
  if (/[-0-9]/.test(text[0])) return "number";
  return /[a-z]/.test(text[0]) ? "word" : "";
}

/// Pieces {text, kind} that, put together, are the indented document.
export function indented(json) {
  const tokens = json.match(token) ?? [];
  const pieces = [];
  let depth = 0;
  const add = (text, kind = "") => pieces.push({ text, kind });
  const breakLine = () => add(`\n${"  ".repeat(Math.min(depth, deepestIndent))}`);
  tokens.forEach((text, index) => {
    const next = tokens[index + 1];
    const opens = text === "{" || text === "[";
    if ((text === "}" || text === "]") && depth > 0) {
      depth -= 1;
      if (!["{", "["].includes(tokens[index - 1])) breakLine();
    }
    add(text === ":" ? ": " : text, kindOf(text, next === ":"));
    if (opens) depth += 1;
    if (text === "," || (opens && next !== "}" && next !== "]")) breakLine();
  });
  return pieces;
}

export function showData(event) {
  const whole = event.isJson && event.data.length <= mostCharacters;
  const shown = make("pre", { class: "data", tabindex: "0", "aria-label": "Data" });
  if (!whole) shown.append(event.data);
  else for (const { text, kind } of indented(event.data)) shown.append(kind ? make("span", { class: kind }, text) : text);
  return shown;
}
