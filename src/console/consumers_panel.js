// Named consumers, those furthest behind first.
import { byId, make, setText } from "./dom.js";
import { brief, clock, counted, duration } from "./format.js";

function behind({ lag, lag_seconds }) {
  return lag === 0 ? "0" : `${brief(lag)} · ${duration(lag_seconds, 1)}`;
}

function row(consumer) {
  const more = `${counted(consumer.lag, "event")} behind, acknowledged ${consumer.id} at ${clock(consumer.acked_at)}`;
  return make("tr", { title: more },
    make("th", { scope: "row" }, consumer.name),
    make("td", { class: "number" }, behind(consumer)),
    make("td", { class: consumer.connected ? "good" : "dim" }, consumer.connected ? "connected" : "not here"));
}

export function showConsumers({ consumers }) {
  const furthest = [...consumers].sort((a, b) => b.lag - a.lag || a.name.localeCompare(b.name));
  byId("consumers").tBodies[0].replaceChildren(...furthest.map(row));
  byId("consumers").hidden = furthest.length === 0;
  byId("no-consumers").hidden = furthest.length > 0;
  setText(byId("no-consumers"), "None yet: a stream with ?consumer=NAME makes one.");
}

export function loseConsumers(error) {
  byId("consumers").hidden = true;
  byId("no-consumers").hidden = false;
  setText(byId("no-consumers"), `Not known: ${error.words ?? "the relay does not answer"}.`);
}
