// Asks for an access token when the relay does.
import { access } from "./access.js";
import { byId, setText } from "./dom.js";

const dialog = byId("token");
const text = byId("token-text");
const button = byId("token-button");
let scope = "read";

function open(wanted, why) {
  button.hidden = false;
  if (dialog.open) return;
  scope = wanted;
  setText(byId("token-why"), why);
  byId("token-forget").hidden = !access.hasAny;
  text.value = "";
  dialog.showModal();
}

access.addEventListener("wanted", ({ detail: wanted }) => {
  open(wanted, access.token(wanted) === "" ? `It takes an access token to ${wanted} here.` :
                                             `The token that the relay was shown does not allow to ${wanted} here.`);
});
button.hidden = !access.hasAny;
button.addEventListener("click", () => open("read", "Another token to read with:"));

byId("token-cancel").addEventListener("click", () => dialog.close());
byId("token-forget").addEventListener("click", () => {
  dialog.close();
  access.forget();
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  dialog.close();
  access.use(scope, text.value.trim());
  text.value = "";
});
