"""What /metrics says, as Prometheus would read it."""

import re

from harness.http import get

_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (\S+)")


def metrics_text(relay):
    response = get(relay.endpoint, "/metrics")
    assert response.status == 200, response.body
    return response.body.decode()


def samples(text):
    """{'name{label="value"}': number}"""
    found = {}
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        sample = _SAMPLE.fullmatch(line)
        assert sample, line
        key = sample[1] + (sample[2] or "")
        assert key not in found, f"twice: {key}"
        found[key] = float(sample[3])
    return found


def metrics(relay):
    return samples(metrics_text(relay))


def metric(relay, name):
    return metrics(relay)[f"event_relay_{name}"]
