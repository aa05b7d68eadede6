// Publishes an event, and tells in words what became of it.
import { Refusal, askJson } from "./api.js";
import { announce, byId, make, setText } from "./dom.js";

const form = byId("publish");
const topic = byId("publish-topic");
const type = byId("publish-type");
const key = byId("publish-key");
const data = byId("publish-data");
const asText = byId("publish-as-text");

/// What is wrong with the data; empty when nothing is.
function fault() {
  if (asText.checked) return "";
  try {
    JSON.parse(data.value);
    return "";
  } catch (error) {
    return `Not JSON yet: ${error.message}`;
  }
}

function check() {
  const wrong = fault();
  setText(byId("publish-check"), wrong || (asText.checked ? "Sent as text/plain." : "Valid JSON."));
  byId("publish-check").classList.toggle("bad", wrong !== "");
  data.setAttribute("aria-invalid", String(wrong !== ""));
  return wrong === "";
}

function answer(tone, ...words) {
  byId("publish-answer").className = `wide ${tone}`;
  byId("publish-answer").replaceChildren(...words);
  byId("publish-answer").scrollIntoView({ block: "nearest" });
}

function wordsOf(error) {
  if (!(error instanceof Refusal))
    return "The relay did not answer. The event may be stored or not; with an idempotency key it is safe to send again.";
  if (error.isAboutAccess) return "It takes an access token to publish. Nothing was stored.";
  return `Refused with ${error.status}: ${error.words}.`;
}

async function publish() {
  const query = type.value === "" ? "" : `?${new URLSearchParams({ type: type.value })}`;
  const headers = { "Content-Type": asText.checked ? "text/plain; charset=utf-8" : "application/json" };
  if (key.value !== "") headers["Idempotency-Key"] = key.value;
  return askJson(encodeURIComponent(topic.value) + query, { scope: "publish", method: "POST", headers, body: data.value });
}

async function submitted(event) {
  event.preventDefault();
  if (!check()) {
    answer("bad", "Not sent: the data is not JSON.");
    return data.focus();
  }
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const stored = await publish();
    answer("good", stored.duplicate ? "Was stored before with this key, as " : "Stored as ",
           make("code", {}, stored.id), ".");
  } catch (error) {
    answer("bad", wordsOf(error));
  } finally {
    button.disabled = false;
  }
}

/// The topics that the relay takes.
export function offerTopics(topics) {
  const known = [...topic.options].map((option) => option.value);
  if (known.join() !== topics.join()) topic.replaceChildren(...topics.map((name) => make("option", {}, name)));
}

/// Fills the form with an event that was published before; the key stays empty, as it would be the same event with it.
export function fillForm(event) {
  if ([...topic.options].some((option) => option.value === event.topic)) topic.value = event.topic;
  type.value = event.type ?? "";
  key.value = "";
  data.value = event.data;
  asText.checked = !event.isJson;
  check();
  data.focus();
  announce("The event is in the form. Nothing is sent yet.");
}

export const focusForm = () => data.focus();

form.addEventListener("submit", submitted);
data.addEventListener("input", check);
asText.addEventListener("change", check);
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
check();
