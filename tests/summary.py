"""Prints how many tests of each label passed: tests/summary.py TESTS RESULTS, as ctest's --show-only=json-v1 and --output-junit
have them. Fails when one was skipped: a test that did not run proves nothing. Not every machine can run containers, though: for
those the last lines say what was not tested."""

import collections
import json
import re
import sys
import xml.etree.ElementTree


def labels_by_test(path):
    with open(path, encoding="utf-8") as file:
        tests = json.load(file)["tests"]
    found = {}
    for test in tests:
        labels = [entry["value"] for entry in test.get("properties", []) if entry["name"] == "LABELS"]
        found[test["name"]] = labels[0] if labels else ["(no label)"]
    return found


def main(tests, results):
    labels = labels_by_test(tests)
    counts = collections.defaultdict(collections.Counter)
    not_tested = {}
    for case in xml.etree.ElementTree.parse(results).iter("testcase"):
        name = case.get("name")
        outcome = {"run": "passed", "fail": "failed"}.get(case.get("status"), "skipped")
        for label in labels[name]:
            counts[label][outcome] += 1
        if outcome == "skipped" and "container" in labels[name]:
            why = re.search("NOT TESTED: (.*?) *!*$", case.findtext("system-out") or "", re.MULTILINE)
            not_tested[name] = why[1] if why else "for no reason that it told"
    print()
    for label, count in sorted(counts.items()):
        print(f"{label:12} {count['passed']:5} passed {count['failed']:3} failed {count['skipped']:3} skipped")
    for name, why in sorted(not_tested.items()):
        print(f"*** NOT TESTED: {name}: {why}")
    return any(count["skipped"] for label, count in counts.items() if label != "container")


sys.exit(main(*sys.argv[1:]))
