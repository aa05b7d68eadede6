"""The console's modules by themselves, in the browser that they are for."""

import json

import pytest

from harness.console import console_at
from harness.fixtures import relays
from harness.sqlite import File


@pytest.fixture(scope="module")
def module(binary, loopback, tmp_path_factory):
    """module("format")("count(1000)") imports a module and answers what the expression makes of it."""
    with relays(binary, loopback) as make, console_at(make(File(tmp_path_factory.mktemp("journal")))) as console:
        console.open()
        yield lambda name: lambda expression: console.page.evaluate(
            f"import('./console/{name}.js').then((module) => {{ with (module) return {expression}; }})")
        assert console.complaints() == []


def test_lines_are_whole_wherever_they_are_cut(module):
    text = '{"a":1}\n\n\n{"b":"ü"}\n{"c":'
    assert module("event_line")(f"""Array.from({{length: {len(text)}}}, (_, cut) => {{
        const lines = [], splitter = new LineSplitter();
        for (const part of [{json.dumps(text)}.slice(0, cut), {json.dumps(text)}.slice(cut)])
          splitter.push(part, (line) => lines.push(line));
        return lines.join();
      }})""") == ['{"a":1},{"b":"ü"}'] * len(text)


@pytest.mark.parametrize("members, data, is_json", [
    ({"topic": "a", "type": None}, '{"n": 1.0, "data":{"data":2}}', True),
    ({"topic": "a", "attributes": {"text": 'x,"data":1'}}, "1", True),
    ({"topic": ',"data":', "type": ',"data":}'}, '"}"', True),
])
def test_data_is_cut_out_of_its_line(module, members, data, is_json):
    line = json.dumps({"id": "4711-8", **members})[:-1] + ',"data":' + data + "}"
    assert module("event_line")(f"readEvent({json.dumps(line)})") == {
        "id": "4711-8", **members, "data": data, "isJson": is_json}


def test_text_is_read_as_text(module):
    line = json.dumps({"id": "4711-8", "topic": "a", "text": 'two\n"lines", {'})
    assert module("event_line")(f"readEvent({json.dumps(line)})") == {
        "id": "4711-8", "topic": "a", "data": 'two\n"lines", {', "isJson": False}


@pytest.mark.parametrize("text, shown", [
    ("{}", "{}"),
    ("[ ]", "[]"),
    ("17.00", "17.00"),
    ('"{[:,\\"]}"', '"{[:,\\"]}"'),
    ('{"a":[1,{"b":null}],"a":true}', '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "a": true\n}'),
    ("[" * 60 + "]" * 60, None),
    ('{"half": "way', None),
    ("]]]}}}", None),
])
def test_json_is_indented_without_a_change(module, text, shown):
    made = module("json_view")(f"indented({json.dumps(text)}).map(({{text}}) => text).join('')")
    assert shown is None or made == shown
    assert "".join(made.split()) == "".join(text.split())


def test_json_has_kinds(module):
    pieces = module("json_view")("""indented('{"a": "b", "c": [1, null]}')""")
    assert [(piece["text"], piece["kind"]) for piece in pieces if piece["kind"]] == [
        ('"a"', "name"), ('"b"', "string"), ('"c"', "name"), ("1", "number"), ("null", "word")]


def test_what_is_remembered_is_bounded(module):
    store = module("event_store")
    assert store("mostEvents") == 500
    assert store("""(() => {
        const list = new BoundedList();
        for (let i = 0; i < 100; ++i) list.add({i, bytes: mostBytes / 10});
        list.add({i: 100, bytes: mostBytes * 2});
        return list.entries.map(({i}) => i);
      })()""") == [100]
    assert store("""(() => {
        const list = new BoundedList();
        for (let i = 0; i < 100; ++i) list.add({i, bytes: mostBytes / 10});
        return list.entries.map(({i}) => i);
      })()""") == list(range(90, 100))


def test_another_filter_shows_what_the_one_before_hid_in_order(module):
    assert module("event_store")("""(() => {
        const store = new EventStore();
        const event = (n) => ({id: `1-${n}`, topic: n % 2 ? "odd" : "even", type: null, data: `"${n}"`});
        store.setFilter(makeFilter({topic: "odd"}));
        for (let n = 1; n <= 6; ++n) store.add({event: event(n)});
        store.add({note: {}});
        const shown = () => store.shown.map((entry) => entry.event ? entry.event.data : "note").join("");
        const first = shown();
        store.setFilter(makeFilter({}));
        return [first, shown(), store.hiddenCount];
      })()""") == ['"1""3""5"note', '"1""2""3""4""5""6"note', 0]


def test_a_gap_is_a_gap_in_the_line(module):
    path = module("chart")("""pathOf([1, 2, undefined, 3].map((value, i) => ({at: i * 20000, values: [value]})), 0, 3, 60000)""")
    assert path.count("M") == 2 and path.count("L") == 1


def test_numbers_and_times_are_short(module):
    form = module("format")
    assert form("[0, 7, 2.5, 950, 1200, 34000, 5600000].map(brief).join('|')") == "0|7|2.5|950|1.2\u202fk|34\u202fk|5.6\u202fM"
    assert form("[0, 0.01, 2.5, 75, 3600, 90000].map((s) => duration(s)).join('|')") == "0 s|10 ms|2.5 s|1 m 15 s|1 h|1 d 1 h"
    assert form("duration(75, 1)") == "1 m"
    assert form("[5, 2048, 3145728].map(bytes).join('|')") == "5 B|2.0 KiB|3.0 MiB"
    assert form("count(1234567)") == "1\u202f234\u202f567"
    assert form("clock('2026-11-24T10:00:00.5Z', new Date('2026-11-26T10:00:00Z')).length") == len("2026-11-24 10:00:00")


def test_a_token_that_was_entered_meanwhile_is_tried_and_not_asked_for(module):
    assert module("api")("""(async () => {
        const { access } = await import('./console/access.js');
        const real = window.fetch, shown = [];
        let questions = 0;
        access.addEventListener('wanted', () => ++questions);
        window.fetch = async (path, options) => {
          if (path !== 'nothing') return real(path, options);
          shown.push(options.headers.Authorization ?? '');
          if (shown.length === 1) access.use('read', 'second');
          return new Response('{}', {status: shown.length === 1 ? 401 : 200});
        };
        try {
          await ask('nothing');
        } finally {
          window.fetch = real;
          access.forget();
        }
        return [shown, questions];
      })()""") == [["", "Bearer second"], 0]
