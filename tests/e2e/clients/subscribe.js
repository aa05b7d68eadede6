// Subscribes with a published EventSource client and prints what it dispatches, one JSON object a line:
//   node subscribe.js PACKAGE URL TYPE…
const [, , name, url, ...types] = process.argv;
const client = await import(name);
const EventSource = client.EventSource ?? client.default.EventSource ?? client.default;

const print = (record) => process.stdout.write(`${JSON.stringify(record)}\n`);
const source = new EventSource(url);
source.onopen = () => print({ kind: "open" });
// Some tell of it before they close.
source.onerror = () => setImmediate(() => print({ kind: "error", closed: source.readyState === EventSource.CLOSED }));
for (const type of ["message", ...types]) {
  source.addEventListener(type, (event) =>
    print({ kind: "event", type: event.type, id: event.lastEventId, data: event.data }));
}
setInterval(() => {}, 1 << 30);  // one that has closed must still be there to be looked at
