// Pausing: what comes meanwhile is held, and when as much is held as the list can show, the stream itself waits: the relay
// keeps a slow reader's place without cost, so nothing is lost however long it takes.
import { announce, byId, setText } from "./dom.js";
import { count, counted } from "./format.js";
import { mostEvents } from "./event_store.js";

export class Pause {
  #button = byId("pause");
  #release;
  #paused = false;
  #held = [];
  #notRead;

  /// `release(entry)` gets what was held, in order. `notRead()`: how many events the journal has that were not read yet.
  constructor(release, notRead) {
    this.#release = release;
    this.#notRead = notRead;
    this.#button.addEventListener("click", () => this.toggle());
  }

  toggle() {
    this.#paused = !this.#paused;
    this.#button.setAttribute("aria-pressed", String(this.#paused));
    announce(this.#paused ? "Paused" : `Going on, ${counted(this.#held.length, "event")} came meanwhile`);
    if (!this.#paused) this.#letGo();
    this.show();
  }

  /// True: it is held, and comes later.
  holds(entry) {
    if (!this.#paused) return false;
    this.#held.push(entry);
    this.show();
    return true;
  }

  /// Nothing, or what to wait for before more is read.
  room() {
    if (!this.#paused || this.#held.length < mostEvents) return undefined;
    return new Promise((resolve) => this.#button.addEventListener("go-on", resolve, { once: true }));
  }

  /// Another stream begins: what was held is of the one before.
  forget() {
    this.#held = [];
    if (this.#paused) this.toggle();
  }

  show() {
    const waiting = this.#held.filter((entry) => entry.event).length;
    const more = this.#held.length < mostEvents ? 0 : this.#notRead();
    setText(this.#button, this.#paused ? `Go on (${count(waiting + more)} waiting)` : "Pause");
  }

  #letGo() {
    const held = this.#held;
    this.#held = [];
    held.forEach(this.#release);
    this.#button.dispatchEvent(new Event("go-on"));
  }
}
