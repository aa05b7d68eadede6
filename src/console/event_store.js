// What the page remembers: the newest events that the filter shows, and the newest that it hides, so that another filter has
// something to show at once. Both are bounded, so that a busy relay does not fill the browser's memory.

export const mostEvents = 500;
export const mostBytes = 16 * 1024 * 1024;

/// The newest entries, in order, within both bounds.
export class BoundedList {
  #entries = [];
  #bytes = 0;

  get entries() {
    return this.#entries;
  }

  add(entry) {
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
    while (this.#entries.length > mostEvents || (this.#bytes > mostBytes && this.#entries.length > 1))
      this.#bytes -= this.#entries.shift().bytes;
  }
}

/// A filter of the three fields, the text in small letters; empty ones let everything through.
export function makeFilter({ topic = "", type = "", text = "" }) {
  return ({ event }) =>
    (topic === "" || event.topic === topic) &&
    (type === "" || event.type === type) &&
    (text === "" || [event.id, event.topic, event.type, event.data].some((part) => part?.toLowerCase().includes(text)));
}

/// Entries are {event} or {note}; notes are always shown. `shown` has them in the order of their coming.
export class EventStore {
  #shown = new BoundedList();
  #hidden = new BoundedList();
  #filter = () => true;
  #next = 0;

  get shown() {
    return this.#shown.entries;
  }

  get hiddenCount() {
    return this.#hidden.entries.length;
  }

  add(entry) {
    const bytes = 200 + 2 * (entry.event?.data.length ?? 0);
    this.#put({ ...entry, bytes, order: this.#next++ });
  }

  setFilter(filter) {
    const all = [...this.#shown.entries, ...this.#hidden.entries].sort((a, b) => a.order - b.order);
    this.#filter = filter;
    this.#shown = new BoundedList();
    this.#hidden = new BoundedList();
    for (const entry of all) this.#put(entry);
  }

  clear() {
    this.#shown = new BoundedList();
    this.#hidden = new BoundedList();
  }

  #put(entry) {
    (entry.note || this.#filter(entry) ? this.#shown : this.#hidden).add(entry);
  }
}
