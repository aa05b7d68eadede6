// The three fields that choose what the list shows.
import { byId, make } from "./dom.js";
import { makeFilter } from "./event_store.js";

const text = byId("filter-text");
const topic = byId("filter-topic");
const type = byId("filter-type");
const mostTypes = 200;

export class Filters {
  #topics = new Set();
  #types = new Set();

  /// changed(filter, wanted), the latter being the text in small letters.
  constructor(changed) {
    const tell = () => {
      const wanted = text.value.trim().toLowerCase();
      changed(makeFilter({ topic: topic.value, type: type.value.trim(), text: wanted }), wanted);
    };
    for (const field of [text, topic, type]) field.addEventListener("input", tell);
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || text.value === "") return;
      text.value = "";
      tell();
    });
  }

  focus() {
    text.select();
  }

  /// Offers the topic and the type of what has come.
  learn(event) {
    this.offerTopic(event.topic);
    if (!event.type || this.#types.has(event.type) || this.#types.size >= mostTypes) return;
    this.#types.add(event.type);
    byId("types").append(make("option", { value: event.type }));
  }

  offerTopic(name) {
    if (name === null || this.#topics.has(name)) return;
    this.#topics.add(name);
    topic.append(make("option", {}, name));
  }
}
