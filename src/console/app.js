// Puts the parts of the page together. Each of them knows its own corner and nothing of the others.
import { ConnectionBadge } from "./connection_badge.js";
import { loseConsumers, showConsumers } from "./consumers_panel.js";
import { announce, byId } from "./dom.js";
import { EventList } from "./event_list.js";
import { EventStore } from "./event_store.js";
import { EventStream } from "./event_stream.js";
import { Figures } from "./figures.js";
import { Filters } from "./filters.js";
import { duration } from "./format.js";
import { JournalPanel } from "./journal_panel.js";
import { listenToKeys } from "./keys.js";
import { Pause } from "./pause.js";
import { poll } from "./poll.js";
import { fillForm, focusForm, offerTopics } from "./publish_form.js";
import { Replay } from "./replay.js";
import "./token_dialog.js";

const resets = {
  malformed: "the id it was given is no id",
  unknown_epoch: "the id is of an epoch that the journal does not know",
  future: "the journal does not have that event yet, or not any more",
  expired: "events were removed by retention",
  history_lost: "history was lost in a restore or a failover",
};

let lost;  // {at, why} while the connection is

const list = new EventList(new EventStore(), {
  replayAfter: (event) => begin({ start: { from: event.id }, label: `after ${event.id}` }),
  publishAgain: fillForm,
});
const pause = new Pause((entry) => list.add(entry), () => replay.notRead);
const replay = new Replay((wanted) => begin(wanted));
const filters = new Filters((filter, wanted) => list.setFilter(filter, wanted));
const stream = new EventStream({ event: arrived, control: told, state: changed, room: () => pause.room() });
const badge = new ConnectionBadge(() => stream.hurry());

function add(entry) {
  if (!pause.holds(entry)) list.add(entry);
}

function note(tone, text) {
  add({ note: { tone, text, time: new Date() } });
}

/// Stays until it has been seen: in the list, thousands of events may push it out within a second.
function showReset(words) {
  byId("reset").hidden = words === "";
  byId("reset").firstElementChild.textContent = words;
}

function begin(wanted) {
  showReset("");
  pause.forget();
  lost = undefined;
  list.clear();
  replay.start(wanted.label);
  if (wanted.label) announce(`Replaying ${wanted.label}`);
  stream.open(wanted.start);
}

function arrived(event) {
  replay.saw(event);
  filters.learn(event);
  add({ event, replayed: replay.running });
}

function told(event) {
  replay.saw(event);
  if (event.type === "relay.reset") {
    lost = undefined;
    const { reason, your_id, resume } = JSON.parse(event.data);
    const words = `The stream could not go on after ${your_id}: ${resets[reason] ?? reason}. It goes on after ${resume}.`;
    note("bad", words);
    showReset(words);
  } else if (event.type === "relay.live") {
    const words = replay.finish();
    if (words) note("good", words);
  }
}

function changed(state) {
  badge.show({ ...state, isReplay: replay.running });
  if (state.name === "waiting") lost ??= { at: performance.now(), why: state.why };
  if (state.name !== "live" || !lost) return;
  const away = duration((performance.now() - lost.at) / 1000);
  note("plain", `Back after ${away} (${lost.why})` + (state.resumed ? ": nothing was missed." : "."));
  lost = undefined;
}

const figures = new Figures();
const journal = new JournalPanel();
poll("status", 1000, (status) => {
  replay.head = status.journal.head ?? undefined;
  figures.show(status);
  journal.show(status);
  offerTopics(status.topics);
  status.topics.forEach((topic) => filters.offerTopic(topic));
  pause.show();
}, (error) => {
  figures.lose();
  journal.lose(error);
});
poll("consumers", 2000, showConsumers, loseConsumers);

byId("clear").addEventListener("click", () => list.clear());
byId("reset-seen").addEventListener("click", () => showReset(""));
listenToKeys({
  "/": () => filters.focus(),
  p: () => pause.toggle(),
  r: () => replay.toggleForm(),
  n: focusForm,
  j: () => list.move(1),
  k: () => list.move(-1),
  g: () => list.showNewest(),
});
begin({ start: {}, label: "" });
