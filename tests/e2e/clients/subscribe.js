// Subscribes with a published EventSource client and prints what it dispatches, one JSON object a line:
//   node subscribe.js PACKAGE URL TYPE…
// It ends when its standard input does.
const [, , name, url, ...types] = process.argv;
const client = await import(name);
const EventSource = client.EventSource ?? client.default;

const print = (record) => process.stdout.write(`${JSON.stringify(record)}\n`);
const source = new EventSource(url);
source.onopen = () => print({ kind: "open" });
source.onerror = () => print({ kind: "error", closed: source.readyState === EventSource.CLOSED });
for (const type of ["message", ...types]) {
  source.addEventListener(type, (event) =>
    print({ kind: "event", type: event.type, id: event.lastEventId, data: event.data }));
}

process.stdin.on("end", () => {
  source.close();
  process.exit(0);
});
process.stdin.resume();
