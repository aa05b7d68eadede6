"""Proxies from Debian's packages in front of a relay, with the samples of config/proxies and as they are without."""

import contextlib
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile

from harness.lines import Lines
from harness.process import spawn
from harness.waiting import PATIENCE, eventually

SAMPLES = pathlib.Path(__file__).resolve().parents[3] / "config" / "proxies"
_relay = "127.0.0.1:8080"  # in all samples
# What is around the servers in a nginx.conf, in a folder of ours. gzip is on in Debian's.
_nginx = """daemon off; pid nginx.pid; error_log stderr; events {{}}
http {{
  access_log off; gzip on; gzip_types *;
  client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  {servers}
}}
"""
_bare_nginx = "server { listen 80; location / { proxy_pass http://127.0.0.1:8080; } }"
_caddy = """{
  admin off
  auto_https disable_redirects
  skip_install_trust
  servers {
    protocols h1 h2
  }
}
"""


def sample(name):
    return (SAMPLES / name).read_text(encoding="utf-8")


def replaced(text, *changes):
    for old, new in changes:
        assert old in text, f"the sample has no {old!r} any more"
        text = text.replace(old, new)
    return text


def _free_port(address):
    """On an address that nobody else uses, so it is still free when the proxy takes it."""
    with socket.create_server((address, 0)) as probe:
        return probe.getsockname()[1]


class Proxy:
    """One that listens at `endpoint`, and Caddy at `secure_endpoint` as well, with TLS and HTTP/2."""

    def __init__(self, name, relay, changes=()):
        address = relay.endpoint[0]
        self.name = name
        self.endpoint = (address, _free_port(address))
        self.secure_endpoint = (address, _free_port(address))
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="er-proxy-", dir="/tmp"))
        self._user = None
        if os.geteuid() == 0:
            self._user = "www-data"
            account = pwd.getpwnam(self._user)
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        arguments = {"bare nginx": self._bare_nginx, "nginx": self._sample_nginx, "HAProxy": self._haproxy,
                     "Caddy": self._caddy}[name](changes, "{}:{}".format(*relay.endpoint))
        self._process = spawn(arguments, death_signal="TERM", user=self._user, cwd=self._folder,
                              env={"PATH": "/usr/sbin:/usr/bin", "HOME": str(self._folder)},
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._log = Lines(self._process.stderr)

    def __enter__(self):
        try:
            eventually(self._listens, f"{self.name} listens")
            if self.name == "Caddy":
                self._log.wait_for(lambda line: "certificate obtained" in line, "Caddy's certificate")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._log.wait_for_end()
        print(f"=== {self.name} ===\n{self._log.text()[-5000:]}")
        shutil.rmtree(self._folder)

    def _listens(self):
        assert self._process.poll() is None, f"{self.name} has ended:\n{self._log.text()}"
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(self.endpoint).close()
            return True
        return False

    def _write(self, name, text):
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def _run_nginx(self, servers, relay, changes):
        servers = replaced(servers, ("listen 80;", "listen {}:{};".format(*self.endpoint)), (_relay, relay), *changes)
        return ["nginx", "-p", self._folder, "-e", "stderr", "-c",
                self._write("nginx.conf", _nginx.format(servers=servers))]

    def _bare_nginx(self, changes, relay):
        return self._run_nginx(_bare_nginx, relay, changes)

    def _sample_nginx(self, changes, relay):
        return self._run_nginx(sample("nginx.conf"), relay, changes)

    def _haproxy(self, changes, relay):
        bind = ("bind :80", "bind {}:{}".format(*self.endpoint))
        text = replaced(sample("haproxy.cfg"), bind, (_relay, relay), *changes)
        return ["haproxy", "-db", "-f", self._write("haproxy.cfg", text)]

    def _caddy(self, changes, relay):
        # Without a name the second one takes requests for any host.
        site = "https://{0}:{1}, http://:{2} {{\n  bind {0}".format(*self.secure_endpoint, self.endpoint[1])
        text = _caddy + replaced(sample("Caddyfile"), ("events.example.com {", site), (_relay, relay), *changes)
        return ["caddy", "run", "--adapter", "caddyfile", "--config", self._write("Caddyfile", text)]
