"""Does the work of a consumer until it is killed: notes each event in a file, then acknowledges it.

    consume.py HOST PORT FILE
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

host, port, path = sys.argv[1:]
base = f"http://{host}:{port}"


def acknowledge(event_id):
    asked = urllib.request.Request(f"{base}/consumers/lending/ack", json.dumps({"id": event_id}).encode(),
                                   {"Content-Type": "application/json"})
    urllib.request.urlopen(asked, timeout=30).close()


def consume():
    with urllib.request.urlopen(f"{base}/events?consumer=lending&from=earliest", timeout=30) as stream:
        for line in stream:
            if line.startswith(b"id:"):
                event_id = line[3:].strip().decode()
                os.write(done, event_id.split("-")[1].encode() + b"\n")
                acknowledge(event_id)


done = os.open(path, os.O_WRONLY | os.O_APPEND)
while True:
    try:
        consume()
    except (urllib.error.URLError, OSError):
        time.sleep(0.02)  # the relay is away: a client's own pause before it comes back
