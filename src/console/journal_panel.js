// What is known of the journal, and of the relay itself.
import { byId, make, setText } from "./dom.js";
import { count, duration } from "./format.js";

const kinds = { sqlite: "SQLite file", postgresql: "PostgreSQL" };
const known = (number) => (number === null || number === undefined ? "not known" : count(number));

function oldest({ floor, head }) {
  if (floor === null) return "not known";
  return floor < head ? count(floor + 1) : "none, it is empty";
}

const rows = {
  kind: ({ journal }) => kinds[journal.kind] ?? journal.kind,
  epoch: ({ journal }) => (journal.epoch === null ? "not known" : String(journal.epoch)),
  head: ({ journal }) => known(journal.head),
  oldest: ({ journal }) => oldest(journal),
  // What does not work is named: a relay that can be read and not published to is half of one.
  state: ({ ready, journal }) => {
    const fails = [!journal.writable && "not writable", !journal.readable && "not readable"].filter(Boolean);
    if (ready) return "ready, writable, readable";
    return ["not ready", ...fails].join(", ");
  },
};

export class JournalPanel {
  #values = new Map();

  constructor() {
    for (const name of Object.keys(rows)) {
      const value = make("dd", {}, "–");
      this.#values.set(name, value);
      byId("journal").append(make("dt", {}, name), value);
    }
  }

  show(status) {
    setText(byId("version"), `${status.version}, up ${duration(status.uptime_seconds)}`);
    byId("version").title = `since ${new Date(status.started_at).toLocaleString()}`;
    for (const [name, read] of Object.entries(rows)) {
      setText(this.#values.get(name), read(status));
    }
    this.#values.get("state").className = status.ready ? "good" : "bad";
  }

  /// What was known last stays in sight, but for the state.
  lose(error) {
    setText(this.#values.get("state"), error.words ?? "the relay does not answer");
    this.#values.get("state").className = "bad";
  }
}
