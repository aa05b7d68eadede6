// One stream of events, held open for as long as the page lives. EventSource cannot send an Authorization header, so this is
// fetch() with what EventSource does on top: come back after a while, with the id of the last event that was read.
import { access } from "./access.js";
import { ask, Refusal } from "./api.js";
import { isControl, LineSplitter, readEvent } from "./event_line.js";

const shortestWait = 500;
const longestWait = 10_000;
// Heartbeats come every 44 s at least: a connection that says nothing for so long is dead, though nobody has told.
const longestSilence = 60_000;

const sleep = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });

/// Half of it at least, so that the pages of a relay that was restarted do not all come at once.
const jittered = (milliseconds) => milliseconds * (0.5 + Math.random() / 2);

function wordsOf(error) {
  if (error instanceof Refusal) return error.words;
  return typeof error === "string" ? error : "the connection was lost";  // a string is the reason of an abort above
}

/// The sink has event(event), control(event), state({name, ...}), and room(): undefined, or a promise while it can take no more.
export class EventStream {
  #sink;
  #current = new AbortController();
  #connection = new AbortController();
  #hurry = new AbortController();

  constructor(sink) {
    this.#sink = sink;
    access.addEventListener("changed", ({ detail: scope }) => {
      if (scope === "read") this.#connection.abort("another access token is used");
    });
  }

  /// Begins anew. `start` is part of the query: {} for what comes now, {from} or {since} for a replay.
  open(start = {}) {
    this.#current.abort();
    this.#current = new AbortController();
    this.#run(this.#current.signal, start).catch((error) => {
      if (error?.name !== "AbortError") throw error;
    });
  }

  /// Ends the wait for the next attempt.
  hurry() {
    this.#hurry.abort();
  }

  async #run(signal, start) {
    const place = { lastId: "", failures: 0, resumed: false };
    for (;;) {
      try {
        this.#sink.state({ name: "connecting", again: place.failures > 0 });
        await this.#read(signal, start, place);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refusal && error.isAboutAccess) {
          this.#sink.state({ name: "locked" });
          await access.changed(signal);
          continue;
        }
        if (error instanceof Refusal && !error.passes) return this.#sink.state({ name: "refused", refusal: error });
        await this.#wait(signal, place, wordsOf(error), error.retryAfter ?? 0);
        continue;
      }
      // Ended in good order, as every stream is after stream.max_age.
      await this.#wait(signal, place, "the relay has ended the stream", 0);
    }
  }

  async #wait(signal, place, why, retryAfter) {
    const longest = Math.min(longestWait, shortestWait * 2 ** place.failures++);
    const pause = Math.max(jittered(longest), retryAfter * 1000);
    this.#sink.state({ name: "waiting", why, seconds: pause / 1000 });
    this.#hurry = new AbortController();
    await sleep(pause, AbortSignal.any([signal, this.#hurry.signal])).catch(() => signal.throwIfAborted());
  }

  async #read(signal, start, place) {
    place.resumed = place.lastId !== "";
    const connection = this.#connection = new AbortController();
    const response = await ask(`events?${this.#query(start, place)}`, {
      headers: { Accept: "application/x-ndjson", ...(place.lastId && { "Last-Event-ID": place.lastId }) },
      signal: AbortSignal.any([signal, connection.signal]),
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const lines = new LineSplitter();
    this.#sink.state({ name: "replaying" });
    for (;;) {
      await this.#sink.room();
      const watchdog = setTimeout(() => connection.abort("the relay was silent"), longestSilence);
      const { value, done } = await reader.read().finally(() => clearTimeout(watchdog));
      signal.throwIfAborted();
      if (done) return;
      lines.push(value, (line) => this.#take(readEvent(line), place));
    }
  }

  /// Once something has been read, its id is the place to go on from, and where the replay began does not count any more.
  #query(start, place) {
    const asked = { live: "on", cursor: "on", on_gap: "earliest", ...(place.lastId ? {} : start) };
    return new URLSearchParams(asked).toString();
  }

  #take(event, place) {
    place.lastId = event.id;
    place.failures = 0;
    if (!isControl(event)) return this.#sink.event(event);
    this.#sink.control(event);
    if (event.type === "relay.live") this.#sink.state({ name: "live", resumed: place.resumed });
  }
}
