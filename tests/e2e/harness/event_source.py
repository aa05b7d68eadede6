"""npm's eventsource under Node, as web developers have it."""

from harness.clients import Program


class EventSource(Program):
    def __init__(self, package, relay, query=""):
        super().__init__(package.replace("-", " "), "http://{}:{}/events{}".format(*relay.endpoint, query))
