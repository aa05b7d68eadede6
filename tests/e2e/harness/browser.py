"""A page of Debian's Chromium, as a person would have it open."""

import json
import pathlib
import shutil
import subprocess

from harness.records import Records
from harness.waiting import PATIENCE, eventually

FOLDER = pathlib.Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"


class Page:
    """One page in a browser of its own, with an empty profile and without a window. Playwright has the methods that
    `call` can name: https://playwright.dev/docs/api/class-page."""

    def __init__(self):
        node = shutil.which("node")
        assert node, "Node.js is not installed"
        assert pathlib.Path(CHROMIUM).exists(), "Chromium is not installed"
        assert (FOLDER / "node_modules" / "playwright-core").is_dir(), "npm ci has not run in tests/e2e"
        self._process = subprocess.Popen([node, FOLDER / "clients" / "browser.mjs", CHROMIUM], cwd=FOLDER,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._records = Records(self._process.stdout)
        self._answers = 0

    def __enter__(self):
        try:
            self._next_answer("the start of Chromium")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._process.stdin.close()
        self._process.wait(PATIENCE)

    def call(self, method, *values):
        """Calls a method of Playwright's Page and answers its result, if JSON can say it."""
        self._process.stdin.write(json.dumps([method, *values]).encode() + b"\n")
        self._process.stdin.flush()
        return self._next_answer(f"{method}{values!r}")

    def open(self, url):
        self.call("goto", url)

    def evaluate(self, expression):
        return self.call("evaluate", expression)

    def wait_for(self, expression):
        """Until the JavaScript expression is true in the page; answers its value. Asked from outside: a page with a
        strict Content-Security-Policy does not let Playwright's waitForFunction evaluate a text."""
        return eventually(lambda: self.evaluate(expression), expression)

    def console(self, method="log"):
        """What the page has written with console.log; Chromium's own complaints are among those of "error"."""
        return [record["text"] for record in self._records.all(f"console.{method}")]

    def wait_console(self, count):
        """The same, as soon as there are so many lines."""
        return [record["text"] for record in self._records.wait(count, "console.log")]

    def errors(self):
        """Exceptions that nothing in the page has caught."""
        return [record["text"] for record in self._records.all("error")]

    def _next_answer(self, what):
        self._answers += 1
        # Playwright has time-outs of its own, whose messages tell more than ours.
        answer = self._records.wait(self._answers, "answer", "failure", timeout=PATIENCE + 5)[self._answers - 1]
        assert answer["kind"] == "answer", f"{what}: {answer['text']}"
        return answer.get("value")
