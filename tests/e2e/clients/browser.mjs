// Drives one page of Chromium with Playwright:
//   node browser.mjs CHROMIUM
// Each line of standard input calls a method of Playwright's Page, ["goto", "http://…"], or of what belongs to it,
// ["keyboard.press", "Tab"]; each call is answered by a line
// {"kind": "answer", "value"} or {"kind": "failure", "text"}. In between come {"kind": "console.log", "text"} for what the
// page writes on its console (or "console.error" and so on), and {"kind": "error", "text"} for what it fails to catch.
// It ends, and Chromium with it, when its standard input does.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const print = (record) => process.stdout.write(`${JSON.stringify(record)}\n`);
const browser = await chromium.launch({ executablePath: process.argv[2], args: ["--disable-quic"] });
const page = await browser.newPage({ ignoreHTTPSErrors: true });
page.on("console", (message) => print({ kind: `console.${message.type()}`, text: message.text() }));
page.on("pageerror", (error) => print({ kind: "error", text: String(error) }));
print({ kind: "answer" });

async function call(path, ...values) {
  const names = path.split(".");
  const method = names.pop();
  const result = await names.reduce((owner, name) => owner[name], page)[method](...values);
  return result?.jsonValue ? result.jsonValue() : result;  // a handle, as waitForFunction has it, means what it leads to
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    print({ kind: "answer", value: await call(...JSON.parse(line)) });
  } catch (error) {
    print({ kind: "failure", text: error.message });
  }
}
await browser.close();
