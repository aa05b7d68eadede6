"""A clean Debian in a folder, made from Debian's packages. Mounts are made in namespaces alone, which go with the process
that has them: nothing of them is left on the machine, however a test ends."""

import os
import pathlib
import shutil
import subprocess

from harness.process import spawn

TESTS = pathlib.Path(__file__).parent.parent
_mount = 'mount -t proc proc "$0/proc"; exec chroot "$0" "$@"'


class DebianRoot:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "root"
        tar = subprocess.run([TESTS / "container/debian_root"], stdout=subprocess.PIPE, text=True, check=True)
        self.folder.mkdir()
        subprocess.run(["tar", "xf", tar.stdout.strip(), "-C", self.folder], check=True)
        shutil.copy("/etc/resolv.conf", self.folder / "etc/resolv.conf")
        (self.folder / "etc/dpkg/dpkg.cfg.d/99mmdebstrap").unlink(missing_ok=True)  # which leaves manual pages out
        self.run("apt-get", "-q", "update")

    def remove(self):
        shutil.rmtree(self.folder)

    def path(self, name):
        return self.folder / name.lstrip("/")

    def command(self, *command):
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", _mount, self.folder, *command]

    def run(self, *command):
        """Its output; the command must succeed."""
        done = subprocess.run(self.command(*command), env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                                                           "DEBIAN_FRONTEND": "noninteractive"},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}"
        return done.stdout

    def install(self, *packages, options=()):
        """Files of packages are copied into the root; what they depend on comes from the mirrors."""
        return self.run(*self.installation(*packages, options=options))

    def installation(self, *packages, options=()):
        names = [self._bring(one) if isinstance(one, pathlib.Path) else one for one in packages]
        return ["apt-get", "-q", "install", "-y", "--no-install-recommends", *options, *names]

    def _bring(self, package):
        shutil.copy(package, self.folder / "root")
        return f"/root/{package.name}"

    def spawn(self, *command, **options):
        return spawn(self.command(*command), **options)
