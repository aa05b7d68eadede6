"""Does the work of a consumer until it is killed or its relay is: notes each event in a file, then acknowledges it.

    consume.py HOST PORT FILE
"""

import http.client
import json
import os
import sys
import urllib.request

host, port, path = sys.argv[1:]
base = f"http://{host}:{port}"


def acknowledge(event_id):
    asked = urllib.request.Request(f"{base}/consumers/lending/ack", json.dumps({"id": event_id}).encode(),
                                   {"Content-Type": "application/json"})
    urllib.request.urlopen(asked, timeout=30).close()


done = os.open(path, os.O_WRONLY | os.O_APPEND)
try:
    with urllib.request.urlopen(f"{base}/events?consumer=lending&from=earliest", timeout=30) as stream:
        for line in stream:
            if line.startswith(b"id:"):
                event_id = line[3:].strip().decode()
                os.write(done, event_id.split("-")[1].encode() + b"\n")
                acknowledge(event_id)
except (OSError, http.client.HTTPException):
    pass  # its relay was killed
