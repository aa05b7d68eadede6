"""What config/ has for Prometheus and Grafana: sound by their own judgement, and about metrics that there are."""

import json
import pathlib
import re
import subprocess

import pytest

from harness.interface import Interface
from harness.metrics import metrics
from harness.publishing import published
from harness.sse import Stream
from harness.waiting import PATIENCE, eventually

JOURNALS = ["sqlite"]
TESTS = pathlib.Path(__file__).resolve().parent
CONFIG = TESTS.parents[1] / "config"
ALERTS = CONFIG / "prometheus" / "alerts.yml"
DASHBOARD = json.loads((CONFIG / "grafana" / "event-relay.json").read_text(encoding="utf-8"))
NAME = re.compile(r"\b(?:event_relay|process)_[a-z_]+\b")


def promtool(*arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def panels():
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def queries():
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def names_in(text):
    return set(NAME.findall(text))


@pytest.fixture
def known(relay):
    """The names of all samples of a relay that has something to tell."""
    published(relay.endpoint, {})
    with Stream(relay.endpoint, "/events?consumer=lending&from=earliest") as stream:
        stream.next_event()
    eventually(lambda: metrics(relay).get('event_relay_consumer_lag_events{consumer="lending"}'), "a survey")
    return {name.partition("{")[0] for name in metrics(relay)}


def test_prometheus_takes_the_rules_and_the_example():
    promtool("check", "rules", ALERTS)
    promtool("check", "config", CONFIG / "prometheus" / "prometheus.yml")


def test_alerts_are_raised_by_what_they_are_about():
    promtool("test", "rules", TESTS / "monitoring" / "alerts_test.yml")


def test_every_alert_is_tested():
    names = re.findall(r"alert: (\w+)", ALERTS.read_text(encoding="utf-8"))
    tested = (TESTS / "monitoring" / "alerts_test.yml").read_text(encoding="utf-8")
    assert len(names) > 10
    assert not [name for name in names if f'alertname="{name}"' not in tested]


def test_alerts_are_about_metrics_that_there_are(known):
    used = names_in(ALERTS.read_text(encoding="utf-8")) - {"event_relay_dead_letter"}  # a table
    assert len(used) > 15
    assert not used - known


def test_the_dashboard_is_about_metrics_that_there_are(known):
    used = names_in(" ".join(queries()) + json.dumps(DASHBOARD["templating"]))
    assert len(used) > 30
    assert not used - known


def test_the_refusals_that_are_the_relays_own_are_all_in_the_alert(relay):
    interface = Interface.of(relay.endpoint)
    own = set()
    for _, _, operation in interface.operations():
        for status, response in operation["responses"].items():
            if status.startswith("5"):
                own |= set(re.findall(r"urn:event-relay:problem:(\w+)", json.dumps(interface.resolve(response))))
    own.discard("shutting_down")  # somebody has said so
    pattern = re.search(r'reason=~"([^"]*)"', ALERTS.read_text(encoding="utf-8"))[1]
    of_every_request = {"internal", "too_many_connections"}
    assert set(pattern.split("|")) == own | of_every_request


def test_prometheus_understands_every_query(tmp_path):
    rules = []
    for number, query in enumerate(queries()):
        query = query.replace("$__rate_interval", "5m").replace("$instance", ".*")
        rules.append({"record": f"query:{number}", "expr": query})
    file = tmp_path / "queries.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}), encoding="utf-8")
    promtool("check", "rules", file)


def test_the_dashboard_can_be_imported():
    """The data source is asked for, and nothing refers to one of another installation."""
    assert [one["type"] for one in DASHBOARD["templating"]["list"]] == ["datasource", "query"]
    rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert rows == ["Traffic", "Latency", "Lag", "Replay", "Refusals and ends", "Journal", "Process"]
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for panel in panels():
        assert panel["datasource"]["uid"] == "${datasource}"
        assert all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"])
    places = [tuple(panel["gridPos"][side] for side in "xywh") for panel in DASHBOARD["panels"]]
    for number, (x, y, width, height) in enumerate(places):
        assert x + width <= 24
        for other_x, other_y, other_width, other_height in places[:number]:
            assert (x >= other_x + other_width or other_x >= x + width or y >= other_y + other_height
                    or other_y >= y + height), "two panels overlap"
