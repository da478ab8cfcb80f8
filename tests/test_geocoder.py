"""A street address is asked of the Census Bureau alone, and nothing of it is kept: against recorded replies."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from access.errors import AmbiguousPlaceError, PlaceError, SourceError
from access.sources.census.geocoder import find_address

STREET = "1600 Pennsylvania Avenue NW, Washington, DC, 20500"


class Cassette(yaml.SafeLoader):
    """Reads the recordings, whose texts are marked as those of Python 2."""


Cassette.add_constructor("tag:yaml.org,2002:python/unicode", lambda loader, node: loader.construct_scalar(node))


def recorded(shared: Path) -> bytes:
    """The Census Bureau's own reply about one address."""
    path = shared / "recorded" / "censusgeocoder_vcr_address-locations.yaml"
    (one,) = yaml.load(path.read_text(encoding="utf-8"), Loader=Cassette)["interactions"]
    return str(one["response"]["body"]["string"]).encode()


@contextmanager
def service(monkeypatch: pytest.MonkeyPatch, body: bytes, status: int = 200) -> Iterator[list[str]]:
    """A server that always gives this reply; the addresses that it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("TRD_ACCESS_URL_GEOCODER", f"http://127.0.0.1:{server.server_port}/geocoder")
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()


def test_the_recorded_reply_gives_the_point(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with service(monkeypatch, recorded(shared)) as asked:
        found = find_address(f"  {STREET} ")
    assert (found.coordinates.y, found.coordinates.x) == pytest.approx((38.89, -77.03), abs=0.02)
    assert found.addressComponents.state == "DC"
    question = parse_qs(urlsplit(asked[0]).query)
    assert question == {"address": [STREET], "benchmark": ["Public_AR_Current"], "format": ["json"]}
    assert len(asked) == 1


def test_an_address_that_is_not_known_or_is_several_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with service(monkeypatch, b'{"result": {"addressMatches": []}}'), pytest.raises(PlaceError, match="does not know"):
        find_address(STREET)
    match = '{"matchedAddress": "%s", "coordinates": {"x": -77.0, "y": 38.9}}'
    both = f'{{"result": {{"addressMatches": [{match % "1 A ST"}, {match % "1 B ST"}]}}}}'.encode()
    with service(monkeypatch, both), pytest.raises(AmbiguousPlaceError, match="2 addresses: 1 A ST; 1 B ST"):
        find_address(STREET)
    for words in ("   ", "x" * 201):
        with pytest.raises(PlaceError, match="at most 200 characters"):
            find_address(words)


@pytest.mark.parametrize(("body", "status"), [(b"<html>busy</html>", 200), (b"{}", 200), (b"", 503), (b"no", 404)])
def test_trouble_is_one_sentence_that_holds_nothing_of_the_address(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, body: bytes, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    with service(monkeypatch, body, status), pytest.raises(SourceError, match="Try a ZIP or a town") as trouble:
        find_address(STREET)
    assert trouble.value.__cause__ is None
    assert "Pennsylvania" not in str(trouble.value) + caplog.text


def test_nothing_of_an_address_is_logged_or_kept(
    shared: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    with service(monkeypatch, recorded(shared)):
        find_address(STREET)
    assert "Pennsylvania" not in caplog.text
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_service_at_all_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_ACCESS_URL_GEOCODER", "http://127.0.0.1:9/geocoder")
    with pytest.raises(SourceError, match="Try a ZIP or a town"):
        find_address(STREET)
