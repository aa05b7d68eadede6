// The list of events: the newest on top, drawn a few times a second however many come.
import { byId, setText } from "./dom.js";
import { eventRow, noteRow } from "./event_row.js";
import { count, counted } from "./format.js";

const redrawEvery = 100;

const orderOf = (item) => Number(item.dataset.order);

export class EventList {
  #store;
  #uses;
  #list = byId("events");
  #newer = byId("newer");
  #drawn = -1;     // order of the newest entry that has been drawn
  #unseen = 0;     // rows that have come above what is being looked at
  #timer;
  #received = 0;
  #wanted = "";

  constructor(store, uses) {
    this.#store = store;
    this.#uses = uses;
    this.#list.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list.addEventListener("focusin", (event) => this.#point(event.target.closest(".event")));
    this.#list.addEventListener("scroll", () => this.#isAtTop() && this.#forgetUnseen());
    this.#newer.addEventListener("click", () => this.showNewest());
    document.addEventListener("visibilitychange", () => this.redrawSoon());
  }

  add(entry) {
    if (entry.event) this.#received += 1;
    this.#store.add(entry);
    this.redrawSoon();
  }

  clear() {
    this.#store.clear();
    this.#received = 0;
    this.redrawAll();
  }

  /// What `filter` lets through; `wanted` is the text that it looks for.
  setFilter(filter, wanted) {
    this.#wanted = wanted;
    this.#store.setFilter(filter);
    this.redrawAll();
  }

  /// What was open stays open, if it is still there.
  redrawAll() {
    const open = new Set([...this.#list.querySelectorAll('.event:has([aria-expanded="true"])')].map(orderOf));
    this.#list.replaceChildren();
    this.#drawn = -1;
    this.#draw();
    for (const item of this.#list.children) if (open.has(orderOf(item))) item.firstElementChild.click();
    this.#list.scrollTop = 0;
    this.#forgetUnseen();
  }

  redrawSoon() {
    if (this.#timer || document.hidden) return;
    this.#timer = setTimeout(() => this.#draw(), redrawEvery);
  }

  showNewest() {
    this.#list.scrollTop = 0;
    this.#forgetUnseen();
    this.#focus(this.#list.querySelector(".event"));
  }

  /// The next event (1) or the one before (-1), from outside of the list the first.
  move(step) {
    const here = document.activeElement?.closest?.("#events > .event");
    if (!here) return this.#focus(this.#list.querySelector('.event:has([tabindex="0"])'));
    let next = here;
    do next = step > 0 ? next.nextElementSibling : next.previousElementSibling; while (next?.classList.contains("note"));
    this.#focus(next);
  }

  #draw() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#store.shown;
    const oldest = entries[0]?.order ?? Infinity;
    const fresh = [];
    for (let i = entries.length - 1; i >= 0 && entries[i].order > this.#drawn; --i)
      fresh.push(entries[i].note ? noteRow(entries[i]) : eventRow(entries[i], this.#wanted, this.#uses));
    this.#drawn = Math.max(this.#drawn, entries.at(-1)?.order ?? -1);
    this.#insert(fresh);
    while (this.#list.lastElementChild && orderOf(this.#list.lastElementChild) < oldest) this.#list.lastElementChild.remove();
    if (!this.#list.querySelector('[tabindex="0"]') || !this.#list.contains(document.activeElement))
      this.#point(this.#list.querySelector(".event"));
    this.#tell(entries);
  }

  /// Whoever reads an event keeps it before their eyes: what comes is put above, and the list scrolls by as much.
  #insert(fresh) {
    if (fresh.length === 0) return;
    const reading = !this.#isAtTop() || this.#list.contains(document.activeElement) ||
                    this.#list.querySelector('[aria-expanded="true"]') !== null;
    const anchor = this.#list.firstElementChild;
    const place = anchor?.offsetTop;
    this.#list.prepend(...fresh);
    if (!reading || !anchor) return;
    this.#list.scrollTop += anchor.offsetTop - place;
    this.#unseen += fresh.length;
    setText(this.#newer, `↑ ${count(this.#unseen)} newer`);
    this.#newer.hidden = false;
  }

  #tell(entries) {
    const events = entries.filter((entry) => entry.event).length;
    const hidden = this.#store.hiddenCount;
    byId("nothing").hidden = entries.length > 0;
    this.#list.hidden = entries.length === 0;
    setText(byId("nothing"), hidden > 0 ? "The filter hides every event." :
                                          "No events yet. What is published from now on appears here.");
    setText(byId("tally"), this.#received === 0 ? "" :
      `${counted(this.#received, "event")} received, the newest ${count(events)} shown` +
      (hidden > 0 ? `, ${count(hidden)} hidden by the filter` : ""));
  }

  #isAtTop() {
    return this.#list.scrollTop < 2;
  }

  #forgetUnseen() {
    this.#unseen = 0;
    this.#newer.hidden = true;
  }

  /// One event can be reached by Tab, the others from there by arrows: nobody wants to press Tab five hundred times.
  #point(item) {
    this.#list.querySelectorAll('.row[tabindex="0"]').forEach((row) => row.setAttribute("tabindex", "-1"));
    item?.querySelector(".row").setAttribute("tabindex", "0");
  }

  #focus(item) {
    item?.querySelector(".row").focus();
  }

  #pressed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (!event.target.classList.contains("row")) return;
    if (event.key in steps) this.move(steps[event.key]);
    else if (event.key === "Home") this.#focus(this.#list.querySelector(".event"));
    else if (event.key === "End") this.#focus([...this.#list.querySelectorAll(".event")].at(-1));
    else return;
    event.preventDefault();
  }
}
