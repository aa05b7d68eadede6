// Subscribes with @microsoft/fetch-event-source and prints what it dispatches, one JSON object a line:
//   node fetch_event_source.js URL
import { fetchEventSource } from "@microsoft/fetch-event-source";

// It was made for browsers.
globalThis.window = globalThis;
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };

class Finished extends Error {}
const print = (record) => process.stdout.write(`${JSON.stringify(record)}\n`);

// What is decided here is its user's: left to itself, it takes the end of a stream for the end of all, and asks again
// after any other answer, 204 and 404 too.
await fetchEventSource(process.argv[2], {
  openWhenHidden: true,
  async onopen(response) {
    if (response.status === 204) throw new Finished();
    if (response.status !== 200) throw new Error(`the relay answers ${response.status}`);
    print({ kind: "open" });
  },
  onmessage: ({ event, id, data }) => print({ kind: "event", type: event || "message", id, data }),
  onclose() {
    throw new Error("the stream ended");
  },
  onerror(error) {
    const closed = error instanceof Finished;
    print({ kind: "error", closed, text: error.message });
    if (closed) throw error;
  },
}).catch(() => {});
