// Replays: the form that starts one, and how far it has come.
import { byId, setText } from "./dom.js";
import { positionOf } from "./event_line.js";
import { clock, count, counted } from "./format.js";

const redrawEvery = 200;

const form = byId("replay-form");
const kind = byId("replay-kind");
const idField = byId("replay-id");
const sinceField = byId("replay-since");

function showFields() {
  for (const [field, value] of [[idField, "id"], [sinceField, "since"]]) {
    field.hidden = kind.value !== value;
    field.required = !field.hidden;
  }
}

/// {start, label} of what the form says.
function asked() {
  if (kind.value === "earliest") return { start: { from: "earliest" }, label: "from the earliest event" };
  if (kind.value === "id") return { start: { from: idField.value.trim() }, label: `after ${idField.value.trim()}` };
  const since = new Date(sinceField.value).toISOString();
  return { start: { since }, label: `since ${clock(since)}` };
}

export class Replay {
  #head;      // newest position of the journal, as far as is known
  #label = "";
  #first;     // position that it began after
  #last;
  #events = 0;
  #running = false;
  #timer;

  /// begin({start, label}) opens another stream; {} is the live one.
  constructor(begin) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.toggleForm(false);
      begin(asked());
    });
    kind.addEventListener("change", showFields);
    byId("replay-button").addEventListener("click", () => this.toggleForm());
    byId("replay-end").addEventListener("click", () => begin({ start: {}, label: "" }));
    showFields();
  }

  toggleForm(open = form.hidden) {
    if (!open && form.contains(document.activeElement)) byId("replay-button").focus();
    form.hidden = !open;
    byId("replay-button").setAttribute("aria-expanded", String(open));
    if (open) kind.focus();
  }

  get running() {
    return this.#running;
  }

  /// The newest position of the journal, or undefined.
  set head(position) {
    this.#head = position;
    this.#showSoon();
  }

  /// Events that the journal has beyond the last one that was read.
  get notRead() {
    return Math.max(0, (this.#head ?? 0) - (this.#last ?? 0));
  }

  /// A stream begins: a replay if it has a label.
  start(label) {
    this.#label = label;
    this.#running = label !== "";
    this.#first = this.#last = undefined;
    this.#events = 0;
    byId("replay").hidden = !this.#running;
    this.#show();
  }

  /// Each event and each word of the relay, in order.
  saw(event) {
    this.#last = positionOf(event.id);
    this.#first ??= event.type === "relay.cursor" ? this.#last : this.#last - 1;
    if (event.topic !== null) this.#events += 1;
    this.#showSoon();
  }

  /// What the list says when it has caught up; nothing if it was no replay.
  finish() {
    if (!this.#running) return undefined;
    this.#running = false;
    byId("replay").hidden = true;
    return `Replay ${this.#label}: ${counted(this.#events, "event")}. Live from here.`;
  }

  #showSoon() {
    this.#timer ??= setTimeout(() => this.#show(), redrawEvery);
  }

  #show() {
    this.#timer = undefined;
    if (!this.#running) return;
    const bar = byId("replay-progress");
    const span = this.#head - this.#first;
    if (span > 0) bar.value = Math.min(1, (this.#last - this.#first) / span);
    else bar.removeAttribute("value");
    const of = span > 0 ? ` of ${count(span)}` : "";
    setText(byId("replay-text"), `Replaying ${this.#label}: ${counted(this.#events, "event")}${of}`);
  }
}
