"""The journal in a file, and what an operator does to it."""

import contextlib
import pathlib
import sqlite3


class File:
    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "journal.db"

    @property
    def url(self):
        return f"sqlite:{self.path}"

    def back_up(self, to):
        """While the relay runs, as sqlite3's .backup does it."""
        with contextlib.closing(sqlite3.connect(self.path)) as source, contextlib.closing(sqlite3.connect(to)) as copy:
            source.backup(copy)

    def restore(self, backup):
        """Of a relay that has stopped."""
        self.remove()
        pathlib.Path(backup).rename(self.path)

    def remove(self):
        """All but the lock's file, which is nobody's idea of the journal."""
        for end in ("", "-wal", "-shm"):
            pathlib.Path(f"{self.path}{end}").unlink(missing_ok=True)
