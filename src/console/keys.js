// Keys of the whole page. They are not taken from whoever types, nor from a dialog.
import { byId } from "./dom.js";

const typing = "input:not([type=checkbox]), textarea, select";

/// `actions` by key. "?" shows the help.
export function listenToKeys(actions) {
  const help = byId("help");
  const all = { ...actions, "?": () => help.showModal() };
  byId("help-button").addEventListener("click", all["?"]);
  byId("help-close").addEventListener("click", () => help.close());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(`dialog, ${typing}`)) return;
    if (!Object.hasOwn(all, event.key)) return;
    event.preventDefault();
    all[event.key]();
  });
}
