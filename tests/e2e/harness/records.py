"""What a child tells in JSON: an object a line, each with its `kind`. Other lines are for whoever reads the failure."""

import json

from harness.lines import Lines
from harness.waiting import PATIENCE


class Records:
    def __init__(self, pipe):
        self._lines = Lines(pipe)

    def all(self, *kinds):
        """Those that have come so far, in their order."""
        return [record for record in map(_record, self._lines.snapshot()) if record.get("kind") in kinds]

    def wait(self, count, *kinds, timeout=PATIENCE):
        """The same, as soon as there are so many."""
        seen = 0

        def enough(line):
            nonlocal seen
            seen += _record(line).get("kind") in kinds
            return seen >= count

        self._lines.wait_for(enough, f"{' or '.join(kinds)} number {count}", timeout)
        return self.all(*kinds)


def _record(line):
    return json.loads(line) if line.startswith("{") else {}
