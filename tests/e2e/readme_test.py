"""What the README tells a new user to paste works, in the order in which it stands there."""

import pathlib
import re
import subprocess

import pytest

from harness.http import get
from harness.lines import Lines
from harness.process import spawn
from harness.waiting import PATIENCE

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
ENDPOINT = "http://127.0.0.1:8080"


def blocks(language):
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [text for of, text in found if of == language]


def curl_lines():
    commands = "".join(blocks("sh")).replace("\\\n", " ").splitlines()
    return [command for command in commands if ENDPOINT in command]


def pasted(command, endpoint):
    """As a user's shell runs it, but that a refusal is a failure."""
    command = command.replace(ENDPOINT, "http://{}:{}".format(*endpoint))
    return ["bash", "-o", "pipefail", "-c", command.replace("curl ", "exec curl --fail-with-body --noproxy '*' ", 1)]


def is_endless(command):
    return " -N " in command and "limit=" not in command


def test_curl_lines(relay):
    commands = curl_lines()
    assert len(commands) > 8
    for command in commands:
        if is_endless(command):
            process = spawn(pasted(command, relay.endpoint), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            lines = Lines(process.stdout)
            wanted = "id: " if "from=earliest" in command else ":ok"
            lines.wait_for(lambda line, wanted=wanted: line.startswith(wanted), f"{wanted} from {command}")
            process.terminate()
            process.wait(PATIENCE)
        else:
            done = subprocess.run(pasted(command, relay.endpoint), capture_output=True, text=True, timeout=PATIENCE,
                                  check=False)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            assert done.stdout.strip(), command


def test_answer_that_is_shown(relay):
    """Ids and lengths differ from relay to relay, names and order do not."""
    publish = next(command for command in curl_lines() if "?type=created" in command)
    shown = next(text for text in blocks("") if text.startswith("HTTP/1.1 201"))
    done = subprocess.run(pasted(publish, relay.endpoint), capture_output=True, text=True, timeout=PATIENCE, check=True)
    number = re.compile(r"\d+-1\b")
    head, body = number.sub("N-1", done.stdout.replace("\r\n", "\n")).split("\n\n")
    shown_head, shown_body = number.sub("N-1", shown).split("\n\n")
    assert set(shown_head.splitlines()) <= set(head.splitlines())
    assert body.strip() == shown_body.strip()


@pytest.mark.parametrize("text", blocks("sql"))
def test_sql(relay, database, text):
    database.query("CREATE TABLE reservation (book text, reader int)", "DROP ROLE IF EXISTS shop", "CREATE ROLE shop")
    database.query(text)
    if "COMMIT" in text:
        page = get(relay.endpoint, "/events?limit=1&timeout=20s", headers=[("Accept", "application/json")])
        assert b'"type":"created"' in page.body
    database.query("DROP OWNED BY shop", "DROP ROLE shop")
