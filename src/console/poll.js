// Asks for figures again and again, only while somebody can see them.
import { access } from "./access.js";
import { askJson, Refusal } from "./api.js";

const patience = 10_000;

/// good(answer) and bad(error) after each turn. A missing token ends it until there is another one.
export function poll(path, milliseconds, good, bad) {
  let timer;
  let asking = false;

  async function turn() {
    clearTimeout(timer);
    if (document.hidden || asking) return;
    asking = true;
    let locked = false;
    try {
      good(await askJson(path, { signal: AbortSignal.timeout(patience) }));
    } catch (error) {
      locked = error instanceof Refusal && error.isAboutAccess;
      bad(error);
    } finally {
      asking = false;
    }
    if (!locked) timer = setTimeout(turn, milliseconds);
  }

  document.addEventListener("visibilitychange", turn);
  access.addEventListener("changed", turn);
  turn();
}
