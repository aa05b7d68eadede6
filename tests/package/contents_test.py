"""The package as a file: what Debian's own programs say of it."""

import gzip
import re
import subprocess


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def field(package, name):
    return run("dpkg-deb", "-f", package, name).stdout.strip()


def test_lintian_finds_nothing(package):
    done = run("lintian", "--allow-root", "--fail-on", "error,warning", package)
    assert done.returncode == 0, done.stdout


def test_version_is_the_one_of_the_changelog(package, unpacked):
    changelog = gzip.decompress((unpacked / "usr/share/doc/event-relay/changelog.Debian.gz").read_bytes()).decode()
    newest = re.match(r"event-relay \((\S+)\) ", changelog)[1]
    assert field(package, "Version") == newest
    assert run(unpacked / "usr/bin/event-relay", "--version").stdout.strip() == f"event-relay {newest.split('-')[0]}"


def test_depends_on_what_it_is_linked_with(package):
    depends = field(package, "Depends")
    for library in ("libcaf-core0.17", "libpqxx-6.4", "libsqlite3-0", "libsystemd0", "libboost-url1.81.0"):
        assert library in depends


def test_manual_page_renders_without_a_warning(unpacked):
    page = unpacked / "usr/share/man/man1/event-relay.1.gz"
    done = subprocess.run(["man", "--warnings", "--local-file", page], env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lint = run("mandoc", "-T", "lint", "-W", "warning", page)
    assert (lint.returncode, lint.stdout) == (0, "")


def test_manual_page_has_every_command_and_option(unpacked):
    page = run("man", "--local-file", "--ascii", unpacked / "usr/share/man/man1/event-relay.1.gz").stdout
    help_text = run(unpacked / "usr/bin/event-relay", "--help").stdout
    commands = re.findall(r"^  ([a-z]\S+)  ", help_text, re.MULTILINE)
    assert {"serve", "journal"} <= set(commands)
    for command in commands:
        assert re.search(rf"^ +event-relay {command}$", page, re.MULTILINE), command
    listed = re.findall(r"^  (--\S+)", help_text, re.MULTILINE)
    assert len(listed) > 50
    for option in listed:
        assert re.search(rf"^ +(-h, )?{re.escape(option)}(=[A-Z]+)?$", page, re.MULTILINE), option
    assert "(default: 15s)" in page


def test_unit_leaves_little_exposed(unpacked):
    unit = unpacked / "usr/lib/systemd/system/event-relay.service"
    done = run("systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", unit)
    assert done.returncode == 0, done.stdout  # 20: an exposure of 2.0
