"""ccache's remote storage, so that an image's compilations are those of the last time. A folder of the host cannot be mounted
into `docker build`, but its network is the host's."""

import contextlib
import http.server
import pathlib
import re
import threading
import time

ADDRESS = ("127.0.77.1", 7777)  # as the image of the compiler has it, where it is not to change with each run
_unused_for = 14 * 24 * 3600.0  # seconds after which an entry is removed


@contextlib.contextmanager
def compiler_cache(folder):
    """Serves while it is entered. ccache does without it if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.stat().st_mtime < time.time() - _unused_for:
            entry.unlink()
    handler = type("Handler", (_Handler,), {"folder": folder})
    with http.server.ThreadingHTTPServer(ADDRESS, handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder = pathlib.Path()

    def _entry(self):
        return self.folder / re.sub("[^0-9a-zA-Z]", "-", self.path)

    def _answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        entry = self._entry()
        if not entry.exists():
            return self._answer(404)
        entry.touch()
        return self._answer(200, entry.read_bytes())

    do_HEAD = do_GET

    def do_PUT(self):
        unfinished = self._entry().with_suffix(f".{threading.get_ident()}")
        unfinished.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        unfinished.rename(self._entry())
        self._answer(201)

    def do_DELETE(self):
        self._entry().unlink(missing_ok=True)
        self._answer(204)

    def log_message(self, *_):
        pass
