"""Lines of a child's output, gathered by a thread so that the child never blocks and a test can wait for a line."""

import threading

from harness.waiting import PATIENCE


class Lines:
    def __init__(self, pipe):
        self._pipe = pipe
        self._lines = []
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for line in self._pipe:
            with self._changed:
                self._lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self._changed.notify_all()
        self._pipe.close()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def snapshot(self):
        with self._changed:
            return list(self._lines)

    def text(self):
        return "\n".join(self.snapshot())

    def wait_for(self, wanted, what, timeout=PATIENCE):
        """The first true answer of wanted(line) over all lines, past ones too."""
        seen = 0

        def found():
            nonlocal seen
            while seen < len(self._lines):
                seen += 1
                answer = wanted(self._lines[seen - 1])
                if answer:
                    return answer
            return None

        with self._changed:
            answer = None

            def done():
                nonlocal answer
                answer = found()
                return answer or self._ended

            self._changed.wait_for(done, timeout)
        if not answer:
            why = "its output ended" if self._ended else f"not within {timeout} s"
            raise AssertionError(f"{what}: {why}\n{self.text()}")
        return answer

    def wait_for_end(self):
        """After the child's exit: what it wrote last is then in the snapshot."""
        self._thread.join(PATIENCE)
