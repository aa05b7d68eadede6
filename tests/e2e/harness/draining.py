"""What a relay looks like from outside while it stops."""

import re
import select
import time

from harness.http import Connection, head_of
from harness.waiting import Deadline


def refuses(endpoint):
    """Whether nobody listens any more. What the kernel had queued before the listener closed is reset."""
    try:
        with Connection(endpoint) as connection:
            connection.send(head_of("GET", "/healthz", [("Connection", "close")]))
            connection.read_response()
            return False
    except (ConnectionError, BrokenPipeError):
        return True


def end_times(streams):
    """When each stream ended; each must have done so properly."""
    waiting = select.poll()
    by_handle = {stream.fileno(): stream for stream in streams}
    for handle in by_handle:
        waiting.register(handle, select.POLLIN)
    ends = []
    deadline = Deadline()
    while by_handle:
        for handle, _ in waiting.poll(deadline.remaining("the end of all streams") * 1000):
            stream = by_handle.pop(handle)
            waiting.unregister(handle)
            assert stream.read_to_end() == []
            ends.append(time.monotonic())
            assert stream.ending == "final chunk"
            assert stream.on_frame_boundary
            assert re.fullmatch(rb"retry: \d+\n", stream.retries[-1])
    return ends
