// One event of the list: a button that tells it in a line, and what it opens.
import { make } from "./dom.js";
import { bytes, clock } from "./format.js";
import { showData } from "./json_view.js";

const snippetLength = 300;
const beforeMatch = 40;
const topicColours = 6;

const colours = new Map();

/// In the order in which topics come, so that the first six can be told apart.
function colourOf(topic) {
  if (!colours.has(topic)) colours.set(topic, colours.size % topicColours);
  return colours.get(topic);
}

/// The beginning of the data, or the surroundings of what the filter has found in it.
function snippet(data, wanted) {
  const at = wanted === "" ? -1 : data.toLowerCase().indexOf(wanted);
  const from = at + wanted.length > snippetLength / 2 ? at - beforeMatch : 0;
  const cut = (begin, end) => data.slice(begin, end).replace(/\s+/g, " ");
  const text = make("span", { class: "snippet" }, from > 0 ? "…" : "");
  if (at < 0) text.append(cut(0, snippetLength));
  else text.append(cut(from, at), make("mark", {}, cut(at, at + wanted.length)), cut(at + wanted.length, from + snippetLength));
  return text;
}

function copyButton(label, text) {
  if (!navigator.clipboard) return undefined;  // as on a page that came over plain HTTP from another machine
  const button = make("button", { type: "button", class: "quiet" }, label);
  button.addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(text).then(() => "Copied", () => "Not copied");
    button.textContent = done;
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  return button;
}

function row(name, ...values) {
  return [make("dt", {}, name), make("dd", {}, ...values)];
}

function attributeRows(attributes) {
  return Object.entries(attributes ?? {}).flatMap(([name, value]) =>
    row(name, typeof value === "string" ? value : JSON.stringify(value)));
}

/// `uses` has replayAfter(event) and publishAgain(event).
function detail(event, uses) {
  const time = new Date(event.time);
  return make("div", { class: "detail" },
    make("dl", {},
      ...row("id", make("code", {}, event.id)),
      ...row("time", `${time.toLocaleString()} · `, make("code", {}, event.time)),
      ...row("topic", event.topic ?? "unknown"),
      ...row("type", event.type ?? "none"),
      ...attributeRows(event.attributes),
      ...row("data", event.isJson ? "JSON" : "text", `, ${bytes(new Blob([event.data]).size)}`)),
    showData(event),
    make("p", { class: "buttons" },
      copyButton("Copy id", event.id),
      copyButton("Copy data", event.data),
      make("button", { type: "button", class: "quiet", click: () => uses.replayAfter(event) }, "Replay what followed"),
      make("button", { type: "button", class: "quiet", click: () => uses.publishAgain(event) }, "Put into the form")));
}

/// `wanted`: text that the filter looks for, in small letters.
export function eventRow({ event, order, replayed }, wanted, uses) {
  const button = make("button", { type: "button", class: "row", "aria-expanded": "false", tabindex: "-1" },
    make("time", { datetime: event.time }, clock(event.time)),
    make("span", { class: `topic colour-${colourOf(event.topic)}` }, event.topic ?? "?"),
    make("span", { class: "type" }, event.type ?? ""),
    snippet(event.data, wanted),
    make("span", { class: "position" }, event.id.slice(event.id.indexOf("-") + 1)));
  const item = make("li", { class: replayed ? "event replayed" : "event", "data-order": order }, button);
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return item.lastElementChild.remove();
    item.append(detail(event, uses));
    item.scrollIntoView({ block: "nearest" });
  });
  return item;
}

/// What the relay or this page has to say between events. `note` is {text, tone, time}; tone: good, bad or plain.
export function noteRow({ note, order }) {
  return make("li", { class: `note ${note.tone}`, "data-order": order },
    make("time", { datetime: note.time.toISOString() }, clock(note.time)), make("span", {}, note.text));
}
