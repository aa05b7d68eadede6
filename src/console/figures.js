// The figures on top, each with the line of its last two minutes.
import { Chart } from "./chart.js";
import { byId, make, setText } from "./dom.js";
import { brief } from "./format.js";

const perSecond = (name) => (now, before, seconds) => {
  const grown = now[name] - before?.[name];
  return grown >= 0 ? grown / seconds : undefined;  // less than before: the relay was started again
};

// Totals that are compared with those before.
const totals = (status) => ({ published: status.published.events, delivered: status.streams.deliveries });

const table = [
  { title: "Open", lines: {
    streams: (status) => status.streams.open,
    connections: (status) => status.connections.open } },
  { title: "Published", rate: true, lines: { "events/s": perSecond("published") } },
  { title: "Delivered", rate: true, lines: { "events/s": perSecond("delivered") } },
  { title: "Lag, in events", lines: {
    tail: (status) => status.tail.lag,
    outbox: (status) => status.outbox.waiting,
    consumers: (status) => status.consumers.largest_lag ?? undefined } },
];

class Figure {
  #chart;
  #values;
  #readers;
  #highest = make("span", { class: "dim" });

  constructor({ title, lines }) {
    this.#readers = Object.values(lines);
    this.#chart = new Chart(this.#readers.length);
    this.#values = this.#readers.map(() => make("b", {}, "–"));
    const names = Object.keys(lines).map((name, number) =>
      make("span", { class: `key line-${number}` }, this.#values[number], ` ${name}`));
    byId("figures").append(make("article", { class: "panel figure" },
      make("h2", {}, title, this.#highest), make("p", { class: "values" }, ...names), this.#chart.element));
  }

  show(...sources) {
    const values = this.#readers.map((read) => read(...sources));
    this.#chart.add(values);
    values.forEach((value, number) => setText(this.#values[number], value === undefined ? "–" : brief(value)));
    setText(this.#highest, `max ${brief(this.#chart.highest)}`);
  }

  lose() {
    this.#chart.add(this.#readers.map(() => undefined));
    this.#values.forEach((value) => setText(value, "–"));
  }
}

export class Figures {
  #figures = table.map((row) => new Figure(row));
  #before;
  #askedAt = 0;

  show(status) {
    const now = performance.now();
    const counted = totals(status);
    const seconds = (now - this.#askedAt) / 1000;
    this.#figures.forEach((figure, number) =>
      table[number].rate ? figure.show(counted, this.#before, seconds) : figure.show(status));
    this.#before = counted;
    this.#askedAt = now;
  }

  lose() {
    this.#before = undefined;
    this.#figures.forEach((figure) => figure.lose());
  }
}
