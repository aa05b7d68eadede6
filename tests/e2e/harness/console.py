"""The console, the relay's own page, as a person uses it."""

import contextlib
import json

import pytest

from harness.browser import Page

_rows = """[...document.querySelectorAll("#events > .event > .row")].map((row) => {
  const text = (name) => row.querySelector(name).textContent;
  return {position: Number(text(".position")), topic: text(".topic"), type: text(".type"), data: text(".snippet")};
})"""


class Console:
    def __init__(self, page, url):
        self.page = page
        self._url = url

    def open(self, state="live"):
        self.page.open(self._url)
        self.wait_state(state)
        return self

    def wait_state(self, state):
        self.page.wait_for(f"document.getElementById('connection').dataset.state === '{state}'")

    def rows(self):
        """Events as the list shows them, the newest first."""
        return self.page.evaluate(_rows)

    def positions(self):
        return [row["position"] for row in self.rows()]

    def wait_newest(self, position):
        """Until the list shows this event on top; answers all that it shows."""
        self.page.wait_for(f"Number(document.querySelector('#events .position')?.textContent) === {position}")
        return self.rows()

    def wait_count(self, count):
        self.page.wait_for(f"document.querySelectorAll('#events > .event').length === {count}")
        return self.rows()

    def text(self, selector):
        return self.page.evaluate(f"document.querySelector({json.dumps(selector)}).innerText")

    def wait_text(self, selector, part):
        """Until the element's text, as it can be seen, has this part; answers all of the text."""
        self.page.wait_for(f"document.querySelector({json.dumps(selector)})?.innerText.includes({json.dumps(part)})")
        return self.text(selector)

    def click(self, selector):
        self.page.call("click", selector)

    def fill(self, selector, text):
        self.page.call("fill", selector, text)

    def choose(self, selector, value):
        self.page.call("selectOption", selector, value)

    def press(self, *keys):
        for key in keys:
            self.page.call("keyboard.press", key)

    def type(self, text):
        self.page.call("keyboard.type", text)

    def focus(self):
        """The id of what has the focus, or its class."""
        return self.page.evaluate("document.activeElement.id || document.activeElement.className")

    def show_event(self, position):
        """Opens an event and answers the text of what it opens."""
        row = f"#events > .event:has(.position:text-is('{position}'))"
        self.click(f"{row} > .row")
        return self.page.call("innerText", f"{row} > .detail")

    def replay(self, kind, field=None, value=None):
        self.click("#replay-button")
        self.choose("#replay-kind", kind)
        if field:
            self.fill(field, value)
        self.click("#replay-form [type=submit]")

    def complaints(self):
        """What Chromium holds against the page: what its policy forbids, what fails, what is not caught."""
        return [*self.page.console("error"), *self.page.console("warning"), *self.page.errors()]


@contextlib.contextmanager
def console_at(relay):
    """A browser of its own, in which the console is not open yet."""
    with Page() as page:
        made = Console(page, "http://{}:{}/".format(*relay.endpoint))
        yield made
        print("\n".join(made.complaints()))


@pytest.fixture
def console(relay):
    """A console with which everything has to go well."""
    with console_at(relay) as made:
        yield made.open()
        assert made.complaints() == []
