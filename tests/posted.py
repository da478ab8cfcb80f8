"""A web service on this machine that is asked by POST, for tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.serving import at_work


@contextmanager
def posted_to(
    monkeypatch: pytest.MonkeyPatch, setting: str, answer: Callable[[bytes, str], bytes]
) -> Iterator[list[bytes]]:
    """A server at the address `setting` that gives `answer` of what is sent and its content type; what was sent."""
    sent: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append(body)
            said = answer(body, self.headers["Content-Type"])
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    monkeypatch.setenv(f"TRD_ACCESS_URL_{setting}", f"http://127.0.0.1:{server.server_port}/service")
    with at_work(server):
        yield sent
