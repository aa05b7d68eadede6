"""Deadlines: no test waits for ever, and none waits for a fixed time in place of a condition."""

import threading
import time

# Generous: a sanitizer build on a busy machine is an order of magnitude slower than a release on an idle one, and a
# passing test never waits for it.
PATIENCE = 60.0

_nothing = threading.Event()


class Deadline:
    def __init__(self, seconds=PATIENCE):
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self, what="the expected"):
        """Seconds left, for a blocking call; raises TimeoutError when none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"{what} did not happen in {self._seconds:.1f} s")
        return left

    @property
    def over(self):
        return time.monotonic() >= self._end


def beats(count, per_second):
    """Numbers from 0 at this rate, for a load: what it is paced by is the clock, and nothing waits for its effect."""
    begin = time.monotonic()
    for number in range(count):
        _nothing.wait(max(0.0, begin + number / per_second - time.monotonic()))
        yield number


def eventually(condition, what, seconds=PATIENCE):
    """Asks until the condition answers something true, which is returned. For what cannot be waited for by reading."""
    deadline = Deadline(seconds)
    while True:
        answer = condition()
        if answer:
            return answer
        deadline.remaining(what)
        _nothing.wait(0.01)
