"""A web service on this machine whose answers a test writes: what was asked goes to a function, bytes come back."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.serving import at_work

Asked = dict[str, str]


@dataclass
class Service:
    """`answer` makes of a path and its parameters what is sent as JSON; `asked`: those so far."""

    base: str
    answer: Callable[[str, Asked], object] = lambda _path, _asked: {}
    asked: list[tuple[str, Asked]] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Service]:
    """A service that answers as long as the test runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = dict(parse_qsl(parts.query, keep_blank_values=True))
            service.asked.append((parts.path, asked))
            body = json.dumps(service.answer(parts.path, asked)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Service(f"http://127.0.0.1:{server.server_port}")
    with at_work(server):
        yield service
