// Tells in one word, and by colour, how the stream is doing.
import { announce, byId, setText } from "./dom.js";

const words = {
  connecting: ({ again }) => (again ? "reconnecting" : "connecting"),
  replaying: ({ isReplay }) => (isReplay ? "replaying" : "catching up"),
  live: () => "live",
  waiting: ({ why, seconds }) => `${why}, next try within ${Math.ceil(seconds)} s`,
  locked: () => "waiting for a token",
  refused: () => "refused",
};

export class ConnectionBadge {
  #badge = byId("connection");
  #hurry = byId("hurry");
  #trouble = byId("trouble");
  #said = "";

  constructor(hurry) {
    this.#hurry.addEventListener("click", hurry);
  }

  show(state) {
    const text = words[state.name](state);
    this.#badge.dataset.state = state.name;
    setText(this.#badge, text);
    this.#hurry.hidden = state.name !== "waiting";
    this.#trouble.hidden = state.name !== "refused";
    if (state.name === "refused") setText(this.#trouble, `The relay refuses the stream (${state.refusal.status}): ${state.refusal.words}.`);
    if (["live", "waiting", "locked"].includes(state.name) && this.#said !== state.name) announce(text);
    this.#said = state.name;
  }
}
