"""A service's reply is whole, checked and bounded, or a plain sentence: against a server that misbehaves on order."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from access.errors import SourceError
from access.sources.fetching.replies import Reply, Request, ask_service
from tests.serving import at_work

GOOD = b'{"rows": [1, 2, 3]}'


class Handler(BaseHTTPRequestHandler):
    """Answers by the next word of its list; then well."""

    server: "Service"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, time.monotonic()))
        word = self.server.words.pop(0) if self.server.words else "good"
        getattr(self, f"say_{word}")()
        self.close_connection = True

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append(sent)
        self.do_GET()

    def head(self, status: int = 200, length: int = len(GOOD), **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def say_good(self) -> None:
        self.head()
        self.wfile.write(GOOD)

    def say_busy(self) -> None:
        self.head(429, 0, Retry_After="0")

    def say_later(self) -> None:
        self.head(429, 0, Retry_After="3600")

    def say_broken(self) -> None:
        self.head(500, 0, Retry_After="0")

    def say_refused(self) -> None:
        self.head(403, 0)

    def say_half(self) -> None:
        self.head(length=len(GOOD) - 4)
        self.wfile.write(GOOD[:-4])

    def say_page(self) -> None:
        self.head(length=len(b"<!DOCTYPE html>"))
        self.wfile.write(b"<!DOCTYPE html>")

    def say_elsewhere(self) -> None:
        self.head(302, 0, Location="http://evil.example/data")

    def say_huge(self) -> None:
        self.head(length=2_000_000_000)

    def say_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(2_000):
                self.wfile.write(b" " * 1_000_000)
        except OSError:
            self.server.words.append("stopped")

    def say_drip(self) -> None:
        self.head(length=1_000_000)
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                time.sleep(0.02)
        except OSError:
            pass

    def say_silent(self) -> None:
        time.sleep(0.15)
        with suppress(OSError):
            self.say_good()

    def log_message(self, *_: object) -> None:
        pass


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.words: list[str] = []
        self.asked: list[tuple[str, float]] = []
        self.posted: list[bytes] = []
        self.url = f"http://127.0.0.1:{self.server_port}/api"


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    with at_work(made):
        yield made


def rows(body: bytes) -> list[int]:
    found: list[int] = json.loads(body)["rows"]
    return found


def ask(service: Service, cache: Path, **how: float) -> Reply[list[int]]:
    most, age = int(how.pop("most_bytes", 10_000)), how.pop("max_age_days", 1.0)
    return ask_service(Request(service.url), rows, cache=cache, most_bytes=most, max_age_days=age, **how)  # type: ignore[arg-type]


def test_a_reply_is_read_and_kept_with_its_address_and_hash(service: Service, tmp_path: Path) -> None:
    got = ask_service(Request(service.url, {"sAddr": "44.8,-68.7", "filter[HCPCS_Cd]": "G2083"}), rows, cache=tmp_path)
    assert got.value == [1, 2, 3]
    assert service.asked[0][0] == "/api?sAddr=44.8,-68.7&filter%5BHCPCS_Cd%5D=G2083"
    assert got.file.path.read_bytes() == GOOD
    # by coreutils' sha256sum
    assert got.file.sha256 == "51d4d28a801cfccfba3583e70bdeb7953a70e8f90c93053e9a6701f885741b6b"


def test_a_young_copy_is_taken_and_an_old_one_is_not(service: Service, tmp_path: Path) -> None:
    first = ask(service, tmp_path)
    assert ask(service, tmp_path).value == [1, 2, 3]
    assert len(service.asked) == 1
    two_days_ago = time.time() - 2 * 86_400
    os.utime(first.file.path, (two_days_ago, two_days_ago))
    ask(service, tmp_path)
    assert len(service.asked) == 2
    ask(service, tmp_path, max_age_days=0)
    assert len(service.asked) == 3


def test_a_kept_copy_that_was_damaged_is_asked_for_again(service: Service, tmp_path: Path) -> None:
    first = ask(service, tmp_path)
    first.file.path.write_bytes(b"x" * len(GOOD))
    assert ask(service, tmp_path).value == [1, 2, 3]


@pytest.mark.parametrize("words", [["busy"], ["broken", "busy"], ["half"], ["page"]])
def test_a_passing_trouble_is_asked_again(service: Service, tmp_path: Path, words: list[str]) -> None:
    service.words = list(words)
    assert ask(service, tmp_path).value == [1, 2, 3]
    assert len(service.asked) == len(words) + 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["broken"] * 4, "asked 4 times .status 500."),
        (["later"], "come back in 60 minutes"),
        (["refused"], "refused the question .status 403."),
        (["half", "half"], "did not answer as it should"),
        (["page", "page"], "a web page instead of data"),
        (["elsewhere"], "sends us on to http://evil.example, which is not asked"),
        (["huge"], "would send 2,000,000,000 bytes, more than the 10,000"),
        (["endless"], "sends more than the 10,000 bytes"),
    ],
)
def test_a_lasting_trouble_is_one_sentence_and_nothing_is_kept(
    service: Service, tmp_path: Path, words: list[str], said: str
) -> None:
    service.words = list(words)
    with pytest.raises(SourceError, match=said):
        ask(service, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_slow_drip_is_given_up_in_time(service: Service, tmp_path: Path) -> None:
    service.words = ["drip"]
    started = time.monotonic()
    with pytest.raises(SourceError, match="sends too slowly"):
        ask(service, tmp_path, deadline_seconds=0.2, most_bytes=10_000_000)
    assert time.monotonic() - started < 1.5


def test_a_service_may_be_silent_for_as_long_as_its_question_says(service: Service, tmp_path: Path) -> None:
    service.words = ["silent", "silent"]
    with pytest.raises(SourceError, match="no answer in time"):
        ask_service(Request(service.url, silence_seconds=0.03), rows, cache=tmp_path, attempts=1)
    assert ask_service(Request(service.url, silence_seconds=5), rows, cache=tmp_path, attempts=1).value == [1, 2, 3]


def test_questions_to_one_host_keep_their_distance(service: Service, tmp_path: Path) -> None:
    for _ in range(3):
        ask(service, tmp_path, max_age_days=0, pause_seconds=0.15)
    times = [at for _, at in service.asked]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.14


def test_a_form_and_a_file_are_posted_and_kept_apart(service: Service, tmp_path: Path) -> None:
    for data in ("one", "two"):
        ask_service(Request(service.url, form={"data": data}), rows, cache=tmp_path)
    ask_service(Request(service.url, form={"benchmark": "x"}, upload={"addressFile": b"1,a,b"}), rows, cache=tmp_path)
    assert service.posted[:2] == [b"data=one", b"data=two"]
    assert b'name="addressFile"; filename="addressFile.csv"' in service.posted[2]
    assert b"1,a,b" in service.posted[2]


def test_a_mirror_folder_answers_what_is_asked_by_address_only(service: Service, tmp_path: Path) -> None:
    (tmp_path / "m" / "x.gov").mkdir(parents=True)
    (tmp_path / "m" / "x.gov" / "api?page=1").write_bytes(GOOD)
    got = ask_service(Request("https://x.gov/api", {"page": "1"}), rows, cache=tmp_path, mirror=tmp_path / "m")
    assert got.value == [1, 2, 3]
    with pytest.raises(SourceError, match="cannot answer what is posted"):
        ask_service(Request("https://x.gov/api", form={"data": "q"}), rows, cache=tmp_path, mirror=tmp_path / "m")
