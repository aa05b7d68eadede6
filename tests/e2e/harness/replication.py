"""A primary and its hot standby, by PostgreSQL's own streaming replication."""

from harness.postgres import Cluster, Database
from harness.waiting import eventually

_name = "standby"


class Standby(Cluster):
    """Follows a running primary until it is promoted."""

    _ready = "ready to accept read-only connections"

    def __init__(self, primary):
        self._primary = primary
        super().__init__()

    def _create(self):
        self.run("pg_basebackup", "-D", self._data, "-d", self._following, "-X", "stream", "-c", "fast", "-R",
                 "--no-sync")

    @property
    def _following(self):
        return f"{self._primary.url('postgres')} application_name={_name}"

    def start(self, settings=()):
        super().start(["wal_retrieve_retry_interval=100ms", *settings])

    def promote(self):
        self._ready = Cluster._ready
        assert self.admin.query("SELECT pg_promote(true, 60)") == ["t"]

    @property
    def admin(self):
        return Database(self, "postgres")

    def pause_replay(self):
        self.admin.query("SELECT pg_wal_replay_pause()")
        eventually(lambda: self.admin.query("SELECT pg_get_wal_replay_pause_state()") == ["paused"], "a paused replay")

    def resume_replay(self):
        self.admin.query("SELECT pg_wal_replay_resume()")


class Pair:
    """Both servers. The primary waits for the standby with each commit if `synchronous`."""

    def __init__(self, synchronous):
        self._settings = [f"synchronous_standby_names={_name}"] if synchronous else []
        self.primary = Cluster()
        self.standby = None

    def start(self):
        self.primary.start()
        database = self.primary.create_database()
        self.standby = Standby(self.primary)
        self.standby.start()
        if self._settings:  # only now: without a standby not even CREATE DATABASE would come to its end
            self.primary.stop()
            self.primary.start(self._settings)
        self.wait_streaming()
        return database

    def wait_streaming(self):
        state = "sync" if self._settings else "async"
        query = f"SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '{_name}'"
        admin = Database(self.primary, "postgres")
        eventually(lambda: admin.query(query) == [state], "streaming replication")

    def wait_replayed(self):
        """The standby has everything that the primary has now."""
        there = Database(self.primary, "postgres").query("SELECT pg_current_wal_flush_lsn()")[0]
        eventually(lambda: self.standby.admin.query(f"SELECT pg_last_wal_replay_lsn() >= '{there}'") == ["t"],
                   "the standby's replay")

    def fail_over(self):
        """kill -9 of the primary, and the standby takes over with what it has."""
        self.primary.kill()
        self.standby.promote()

    def url(self, database):
        """Names both hosts: libpq takes the one that can be written."""
        return (f"host={self.primary.folder},{self.standby.folder} user=event_relay dbname={database.name}"
                " target_session_attrs=read-write")

    def remove(self):
        for cluster in (self.primary, self.standby):
            if cluster:
                cluster.remove()
