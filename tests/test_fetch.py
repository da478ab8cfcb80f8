"""Downloads come whole or not at all: against a real server on this machine that misbehaves on order."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from access.errors import SourceError
from access.settings import settings
from access.sources.fetching.download import fetch_file, fetch_first
from tests.serving import at_work

BODY = b"STATEFP,POPULATION\n" + b"".join(b"%06d,%06d\n" % (n, 7 * n) for n in range(9000))
ETAG = '"vintage-2020"'


@dataclass
class Server:
    """What the next replies do (`mischief`, one word each, in turn), and what was asked so far."""

    base: str = ""
    body: bytes = BODY
    content_type: str = "text/plain"
    etag: str = ETAG
    mischief: list[str] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    server: "HeldServer"

    def do_GET(self) -> None:
        world = self.server.world
        world.asked.append((self.path, self.headers.get("Range")))
        word = world.mischief.pop(0) if world.mischief else "good"
        if word in ("503", "404", "500", "403", "429"):
            self._status(int(word))
        else:
            self._data(world, word)

    def _status(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status in (429, 503):
            self.send_header("Retry-After", "0")
        self.end_headers()

    def _data(self, world: Server, word: str) -> None:
        start = self._start(world, word)
        rest = world.body[start:]
        self.send_response(206 if start else 200)
        if start:
            last = len(world.body) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{len(world.body)}")
        self.send_header("Content-Type", world.content_type)
        self.send_header("Content-Length", str(len(rest) + (100 if word == "overstated" else 0)))
        self.send_header("ETag", world.etag)
        self.end_headers()
        self.wfile.write(rest[: len(rest) // 2] if word == "cut" else rest)
        self.close_connection = True

    def _start(self, world: Server, word: str) -> int:
        asked = self.headers.get("Range", "")
        same = self.headers.get("If-Range") == world.etag
        return int(asked[6:-1]) if asked and same and word != "no_range" else 0

    def log_message(self, *_: object) -> None:
        pass


class HeldServer(ThreadingHTTPServer):
    world: Server


@pytest.fixture
def server() -> Iterator[Server]:
    held = HeldServer(("127.0.0.1", 0), Handler)
    held.world = Server(base=f"http://127.0.0.1:{held.server_port}")
    with at_work(held):
        yield held.world


@contextmanager
def sentence(*words: str) -> Iterator[None]:
    """The error is one plain sentence or two that holds these words, and no traceback's text."""
    with pytest.raises(SourceError) as caught:
        yield
    text = str(caught.value)
    assert "\n" not in text
    assert all(word in text for word in words), text


def range_start(server: Server) -> int:
    """The byte at which the last request asked to go on; 0: it asked for all."""
    return int((server.asked[-1][1] or "bytes=0-")[6:-1])


def whole_files(cache: Path) -> list[str]:
    """Files that a reader could take for whole."""
    return [path.name for path in cache.rglob("*") if path.is_file() and path.suffix not in (".part", ".json")]


def test_a_file_comes_whole_with_its_hash_size_and_date(server: Server, tmp_path: Path) -> None:
    got = fetch_file(f"{server.base}/geo/CenPop.txt", cache=tmp_path)
    assert got.path.read_bytes() == BODY
    # by coreutils' sha256sum on the same bytes
    assert got.sha256 == "49710d081027e3b178c129083edb1a3d1b2f58bd483d5e9e0b4afe732e577836"
    assert got.size_bytes == 19 + 9000 * 14
    assert len(got.retrieved) == len("2026-01-01")


def test_a_whole_copy_in_the_cache_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    first = fetch_file(f"{server.base}/a.csv", cache=tmp_path)
    assert fetch_file(f"{server.base}/a.csv", cache=tmp_path) == first
    assert len(server.asked) == 1
    fetch_file(f"{server.base}/a.csv", cache=tmp_path, refresh=True)
    assert len(server.asked) == 2


def test_a_copy_that_was_damaged_on_disk_is_fetched_again(server: Server, tmp_path: Path) -> None:
    first = fetch_file(f"{server.base}/a.csv", cache=tmp_path)
    first.path.write_bytes(BODY[:-1] + b"X")
    assert fetch_file(f"{server.base}/a.csv", cache=tmp_path).path.read_bytes() == BODY


def test_a_line_cut_half_way_is_taken_up_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.mischief = ["cut"]
    assert fetch_file(f"{server.base}/a.csv", cache=tmp_path).path.read_bytes() == BODY
    assert [path for path, _ in server.asked] == ["/a.csv", "/a.csv"]
    assert 0 < range_start(server) <= len(BODY) // 2


def test_a_server_without_ranges_sends_all_again_and_nothing_is_doubled(server: Server, tmp_path: Path) -> None:
    server.mischief = ["cut", "no_range"]
    assert fetch_file(f"{server.base}/a.csv", cache=tmp_path).path.read_bytes() == BODY


def test_a_half_download_waits_and_the_next_run_goes_on(server: Server, tmp_path: Path) -> None:
    server.mischief = ["cut"]
    with sentence("cut short", "Try again"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path, attempts=1)
    assert whole_files(tmp_path) == []
    assert fetch_file(f"{server.base}/a.csv", cache=tmp_path).path.read_bytes() == BODY
    assert 0 < range_start(server) <= len(BODY) // 2


def test_a_half_download_of_a_file_that_changed_since_is_thrown_away(server: Server, tmp_path: Path) -> None:
    server.mischief = ["cut"]
    with sentence("cut short"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path, attempts=1)
    server.body, server.etag = BODY[::-1], '"vintage-2021"'
    assert fetch_file(f"{server.base}/a.csv", cache=tmp_path).path.read_bytes() == BODY[::-1]


def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path) -> None:
    server.mischief = ["503", "429"]
    assert fetch_file(f"{server.base}/a.csv", cache=tmp_path).path.read_bytes() == BODY


def test_a_server_that_stays_busy_is_one_sentence(server: Server, tmp_path: Path) -> None:
    server.mischief = ["503"] * 9
    with sentence("503", "Try again later"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path, attempts=1)


def test_a_web_page_with_status_200_is_not_data(server: Server, tmp_path: Path) -> None:
    server.body, server.content_type = (
        b"<!DOCTYPE html><title>Missing Key</title>",
        "text/html; charset=utf-8",
    )
    with sentence("web page instead of data"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path)
    assert whole_files(tmp_path) == []


def test_a_web_page_that_says_it_is_text_is_still_not_data(server: Server, tmp_path: Path) -> None:
    server.body = b"\xef\xbb\xbf \n<html lang='en'><body>We have moved</body></html>"
    with sentence("web page instead of data"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path)
    assert list(tmp_path.rglob("*.part")) == []


def test_text_under_the_name_of_a_workbook_is_refused(server: Server, tmp_path: Path) -> None:
    with sentence(".xlsx"):
        fetch_file(f"{server.base}/directory.xlsx", cache=tmp_path)


def test_an_empty_reply_is_refused(server: Server, tmp_path: Path) -> None:
    server.body = b""
    with sentence("is empty"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path)


def test_fewer_bytes_than_announced_are_never_a_file(server: Server, tmp_path: Path) -> None:
    server.mischief = ["overstated", "overstated"]
    with sentence("cut short 2 times"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path, attempts=2)
    assert whole_files(tmp_path) == []


def test_an_absent_file_is_one_sentence_that_names_the_setting(server: Server, tmp_path: Path) -> None:
    server.mischief = ["404"]
    with sentence("404", "TRD_ACCESS_URL_"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path)


def test_the_next_address_is_tried_only_when_a_file_is_absent(server: Server, tmp_path: Path) -> None:
    urls = [f"{server.base}/2024.csv", f"{server.base}/2025.csv"]
    server.mischief = ["404"]
    assert fetch_first(urls, cache=tmp_path).url == urls[1]
    server.mischief = ["403"]
    with sentence("403"):
        fetch_first(urls, cache=tmp_path / "other")


def test_a_refused_connection_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with sentence("could not be reached", "no connection"):
        fetch_file(f"http://127.0.0.1:{port}/a.csv", cache=tmp_path, attempts=1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_a_full_disk_is_one_sentence(server: Server, tmp_path: Path) -> None:
    part = tmp_path / "publisher" / server.base[7:].replace(":", "%3A") / "a.csv.part"
    part.parent.mkdir(parents=True)
    part.symlink_to("/dev/full")
    with sentence("disk is full", "Free some space"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path)


def test_a_cache_that_may_not_be_written_is_one_sentence(server: Server, tmp_path: Path) -> None:
    (tmp_path / "publisher").write_text("a file where a folder should be")
    with sentence("could not be written", "TRD_ACCESS_DATA"):
        fetch_file(f"{server.base}/a.csv", cache=tmp_path)


def test_a_mirror_folder_holds_every_address_as_host_path_and_query(tmp_path: Path) -> None:
    (tmp_path / "www.example.gov" / "data").mkdir(parents=True)
    (tmp_path / "www.example.gov" / "data" / "set?year=2020").write_text("a,b\n1,2\n")
    got = fetch_file("https://www.example.gov/data/set?year=2020", cache=tmp_path / "cache", mirror=tmp_path)
    assert got.path.read_text() == "a,b\n1,2\n"
    assert not (tmp_path / "cache").exists()
    with sentence("has no copy of https://www.example.gov/other.csv"):
        fetch_file("https://www.example.gov/other.csv", cache=tmp_path, mirror=tmp_path)
    with sentence("is not a folder"):
        fetch_file("https://www.example.gov/other.csv", cache=tmp_path, mirror=tmp_path / "nowhere")


def test_an_http_mirror_is_asked_for_host_and_path(server: Server, tmp_path: Path) -> None:
    got = fetch_file("https://www.example.gov/data/a.csv?year=2020", cache=tmp_path, mirror=f"{server.base}/m/")
    assert got.path.read_bytes() == BODY
    assert server.asked == [("/m/www.example.gov/data/a.csv?year=2020", None)]
    assert got.url == "https://www.example.gov/data/a.csv?year=2020"


def test_a_mirrors_copy_is_never_taken_for_the_publishers(server: Server, tmp_path: Path) -> None:
    url = f"{server.base}/a.csv"
    fetch_file(url, cache=tmp_path, mirror=f"{server.base}/mirror")
    fetch_file(url, cache=tmp_path)
    assert len(server.asked) == 2


def test_the_mirror_setting_is_used_when_none_is_given(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRD_ACCESS_MIRROR", server.base)
    fetch_file("https://www.example.gov/a.csv", cache=tmp_path)
    assert server.asked[0][0] == "/www.example.gov/a.csv"


def test_an_address_is_overridden_by_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = settings().addresses
    monkeypatch.setenv("TRD_ACCESS_URL_SAMHSA", "https://x.gov/2026.xlsx  https://y.gov/2026.xlsx")
    assert settings().addresses == {**usual, "samhsa": ("https://x.gov/2026.xlsx", "https://y.gov/2026.xlsx")}


def test_progress_counts_up_to_the_whole(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    fetch_file(f"{server.base}/a.csv", cache=tmp_path, progress=lambda *step: seen.append(step))
    assert seen[-1] == ("a.csv", len(BODY), len(BODY))


@pytest.mark.parametrize("url", ["ftp://host/a.csv", "a.csv", "https:///a.csv", "https://host/../a.csv"])
def test_what_is_no_web_address_is_refused(url: str, tmp_path: Path) -> None:
    with sentence("is not a web address"):
        fetch_file(url, cache=tmp_path)
