// Talks CloudEvents to the relay with the official SDK:
//   node cloud_events.js publish binary|structured URL   events as JSON on standard input
//   node cloud_events.js publish batch URL               the same, all at once
//   node cloud_events.js read                            documents on standard input, checked and printed
import { CloudEvent, HTTP } from "cloudevents";
import { readFileSync } from "node:fs";

const [, , command, mode, url] = process.argv;
const documents = JSON.parse(readFileSync(0, "utf8"));
const events = documents.map((document) => new CloudEvent(document));  // throws on what is no valid CloudEvent

async function post(message) {
  const response = await fetch(url, { method: "POST", ...message });
  return { status: response.status, body: await response.json() };
}

if (command === "read") {
  console.log(JSON.stringify(events.map((event) => ({ ...event.toJSON(), valid: event.validate() }))));
} else if (mode === "batch") {
  const message = { headers: { "content-type": "application/cloudevents-batch+json" }, body: JSON.stringify(events) };
  console.log(JSON.stringify([await post(message)]));
} else {
  const answers = [];
  for (const event of events) answers.push(await post(HTTP[mode](event)));
  console.log(JSON.stringify(answers));
}
