// Lines of the stream (application/x-ndjson), which has the topic and the time of each event; text/event-stream has not.

/// Cuts text that comes in pieces into lines.
export class LineSplitter {
  #rest = "";

  /// Calls take(line) for each line that is whole now. Empty ones are heartbeats, and left out.
  push(text, take) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) if (line !== "") take(line);
  }
}

const dataMember = ',"data":';

/// One event: id, position, topic, type, time, attributes, and `data` as the text that was published. That text is cut out
/// and not parsed, because 1.0, 1e400 and 12345678901234567890 would come out as something else. The relay writes `data`
/// last, and no attribute of a CloudEvent has that name, so the first one found is the right one.
export function readEvent(line) {
  const at = line.indexOf(dataMember);
  if (at < 0) {
    const { text, ...event } = JSON.parse(line);
    return { ...event, data: text ?? "", isJson: false };
  }
  return { ...JSON.parse(`${line.slice(0, at)}}`), data: line.slice(at + dataMember.length, -1), isJson: true };
}

/// What the relay says of the stream itself: relay.live, relay.reset, relay.cursor. No publisher can use such a type.
export const isControl = (event) => event.topic === null && event.type?.startsWith("relay.") === true;

export const positionOf = (id) => Number(id.slice(id.indexOf("-") + 1));
