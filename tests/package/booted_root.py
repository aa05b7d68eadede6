"""The Debian of a folder, booted: its own systemd as process 1, in namespaces."""

import pathlib
import subprocess

from harness.process import children_of, spawn
from harness.waiting import eventually


class BootedRoot:
    def __init__(self, root):
        self._boot = spawn([pathlib.Path(__file__).parent / "boot_root", root.folder], death_signal="TERM")
        try:
            self._systemd = eventually(lambda: _grandchild_of(self._boot.pid), "process 1")
            eventually(lambda: self.run("systemctl", "is-system-running", check=False).strip() == "running",
                       "the end of booting")
        except BaseException:
            self.close()
            raise

    def close(self):
        self._boot.terminate()
        self._boot.wait()

    def run(self, *command, check=True):
        return self._run(["--mount", "--pid", "--uts", "--ipc", "--net", "--root", "--wd"], command, check)

    def curl(self, *arguments, check=True):
        """The machine's curl in the network of the root."""
        return self._run(["--net"], ["curl", "-sS", "--noproxy", "*", "--max-time", "20", *arguments], check)

    def _run(self, namespaces, command, check):
        done = subprocess.run(["nsenter", "--target", str(self._systemd), *namespaces, *command],
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive",
                                   "LC_ALL": "C.UTF-8"},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        assert not check or done.returncode == 0, f"{' '.join(map(str, command))}:\n{done.stdout}"
        return done.stdout


def _grandchild_of(pid):
    return next((one for child in children_of(pid) for one in children_of(child)), None)
