"""A web service on this machine that a test plays: of each request it makes a status and a body."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.serving import at_work


@dataclass(frozen=True)
class Request:
    """`path` with its query; `body`: b"" where none was sent."""

    method: str
    path: str
    body: bytes
    authorization: str | None


@dataclass
class Answering:
    """`answer` makes of a request a status and a body; `asked`: those so far."""

    base: str
    answer: Callable[[Request], tuple[int, bytes]] = lambda _request: (200, b"{}")
    asked: list[Request] = field(default_factory=list)


@contextmanager
def answering() -> Iterator[Answering]:
    """A service that answers as long as the test runs, and never lets anybody wait."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = Request(self.command, self.path, body, self.headers.get("Authorization"))
            service.asked.append(request)
            status, said = service.answer(request)
            with suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(said)
            self.close_connection = True

        do_POST = do_GET

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Answering(f"http://127.0.0.1:{server.server_port}")
    with at_work(server):
        yield service
