"""docker/compose.yaml, brought up as it is but for the network: on the host's, which has neither names nor ports of its own.

An override file could add to it, but not take the published ports away, which docker-compose does not allow there."""

import json
import os
import shutil
import signal

import yaml

from containers.images import ROOT
from containers.relay import free_port
from harness.waiting import PATIENCE, eventually

FILE = ROOT / "docker" / "compose.yaml"
PASSWORDS = {f"{name}_PASSWORD": f"{name.lower()}-secret" for name in ("POSTGRES", "RELAY", "RESERVATION", "LENDING")}
SERVICES = ("relay", "lending", "postgres", "reservation")


def on_this_host(text, images, ports):
    """The composition with images that are there, in which the services find each other on 127.0.0.1."""
    for written, name in (("@postgres:5432", "postgres"), ("//relay:8080", "relay"), ("//reservation:8080", "reservation")):
        assert written in text
        text = text.replace(written, f"{written[:written.index(name)]}127.0.0.1:{ports[name]}")
    document = yaml.safe_load(text.replace("host=postgres port=5432", f"host=127.0.0.1 port={ports['postgres']}"))
    services = document["services"]
    for service in services.values():
        service.update(image=images[service["image"]], network_mode="host")
        service.pop("ports", None)
        service.pop("build", None)
    services["postgres"]["command"] = ["postgres", "-c", "listen_addresses=127.0.0.1"]
    services["postgres"]["environment"]["PGPORT"] = ports["postgres"]
    services["relay"]["environment"].update(EVENT_RELAY_HTTP_ADDRESS="127.0.0.1", EVENT_RELAY_HTTP_PORT=ports["relay"])
    for name in ("reservation", "lending"):
        services[name]["environment"]["LISTEN"] = f"127.0.0.1:{ports[name]}"
    return yaml.safe_dump(document)


class Composition:
    def __init__(self, engine, images, folder):
        self._engine = engine
        self.ports = {name: free_port() for name in SERVICES}
        self._file = folder / "compose.yaml"
        self._file.write_text(on_this_host(FILE.read_text(), images, self.ports))
        program = shutil.which("docker-compose", path=engine.environment["PATH"])
        self._command = [program] if program else ["docker", "compose"]

    def run(self, *arguments, file=None, passwords=None, check=True):
        return self._engine.command(
            [*self._command, "--project-name=shop", f"--project-directory={FILE.parent}", f"--file={file or self._file}",
             *arguments], check, timeout=5 * PATIENCE, env=PASSWORDS if passwords is None else passwords)

    def up(self):
        """Comes back when the last of them is started, each having waited for what it depends on."""
        self.run("up", "--detach", "--no-build")

    def logs(self, service=""):
        return self.run("logs", "--no-color", *filter(None, [service])).stdout

    def inspect(self, service):
        container = self.run("ps", "--quiet", service).stdout.strip()
        return json.loads(self._engine.output("inspect", container))[0]

    def kill(self, service):
        """kill -9, as the kernel does it: `docker kill` would be an order, and the engine would not start it again."""
        before = self.inspect(service)
        os.kill(before["State"]["Pid"], signal.SIGKILL)
        eventually(lambda: self.inspect(service)["RestartCount"] > before["RestartCount"], f"a new start of {service}")

    def sql(self, database, statement):
        return self.run("exec", "-T", "postgres", "psql", "-X", "-A", "-t", "-q", "-U", "postgres", "-d",
                        database, "-v", "ON_ERROR_STOP=1", "-c", statement).stdout.split()
