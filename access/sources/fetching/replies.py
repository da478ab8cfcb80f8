"""A web service's reply to one request: asked politely, bounded, checked, and kept for a while."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, TypeVar
from urllib.parse import urlencode, urlsplit

import requests
import urllib3
from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from access.errors import SourceError
from access.settings import settings
from access.sources.fetching.copies import (
    FetchedFile,
    find_copy,
    find_in_mirror,
    is_page,
    keep_content,
    mirror_path_of,
)
from access.sources.fetching.session import (
    BUSY,
    LONGEST_WAIT_SECONDS,
    PublisherSession,
    open_session,
    reason_of,
    retry_after_seconds,
    wait_politely,
)

T = TypeVar("T")
_CONNECT_SECONDS: Final = 10
_CHUNK: Final = 1 << 16
_SECONDS_A_DAY: Final = 86_400
_LONGEST_NAME: Final = 180
_READINGS: Final = 2  # how often a body that cannot be read is asked for
_Limits = tuple[int, float, int, float]  # most bytes, deadline in seconds, attempts, pause in seconds


@dataclass(frozen=True)
class Request:
    """What one service is asked.

    `params`: of the address; a comma and a semicolon stand as they are. `form`: sent by POST. `upload`: files by
    field, sent by POST with `form` as the other fields. `body`: sent by POST as JSON. `key`: a secret, sent as
    the Authorization header and written nowhere. `silence_seconds`: how long it may work without a word.
    `told`: statuses other than 200 whose body says what is wrong, so that it is read too. `remedy`: what to do
    where there is no answer.
    """

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    upload: Mapping[str, bytes] | None = None
    body: Mapping[str, object] | None = None
    key: SecretStr | None = None
    silence_seconds: float = 30
    explaining_statuses: tuple[int, ...] = ()
    remedy: str = "Try again later, or use a mirror"

    @property
    def address(self) -> str:
        """The address with its question, as it is asked and kept."""
        return f"{self.url}?{urlencode(self.params, safe=',;')}" if self.params else self.url

    @property
    def is_posted(self) -> bool:
        """Whether the question goes by POST."""
        return self.form is not None or self.upload is not None or self.body is not None


@dataclass(frozen=True)
class Reply(Generic[T]):
    """`value`: what was read of the body. `got`: the body, its hash, and the UTC date it came."""

    value: T
    file: FetchedFile


def ask_service(
    question: Request,
    read: Callable[[bytes], T],
    *,
    cache: Path,
    max_age_days: float = 1.0,
    mirror: str | Path | None = None,
    most_bytes: int = 64_000_000,
    deadline_seconds: float = 120,
    attempts: int = 4,
    pause_seconds: float = 0.0,
) -> Reply[T]:
    """What `read` makes of the service's reply.

    A reply that `read` refuses with a ValueError is never kept; it is asked for once more.

    Parameters
    ----------
    max_age_days: a kept copy up to this age is taken instead; 0: none is.
    mirror: as `access.sources.fetching.download.fetch_file`; it holds no answers to what is posted.
    most_bytes, deadline_seconds: a reply that is larger, or slower as a whole, is given up.
    attempts: how often a busy or dead server is asked. pause_seconds: between questions to one host.

    Raises
    ------
    SourceError
        Not reachable, refused, too large, too slow, sent elsewhere, a web page, or not what it should be.
    """
    base = str(mirror or settings().mirror or "")
    if base:
        return _ask_mirror(question, read, base, cache)
    limits = (most_bytes, deadline_seconds, attempts, pause_seconds)
    return _find_or_ask(question, read, cache, max_age_days, limits)


def ask_own_server(
    question: Request,
    read: Callable[[bytes], T],
    *,
    cache: Path | None = None,
    max_age_days: float = 1.0,
    most_bytes: int = 256_000_000,
    deadline_seconds: float = 600,
    attempts: int = 4,
    pause_seconds: float = 0.0,
) -> T:
    """As `ask_service`, of a server that the user has chosen, for which no mirror stands; `cache` None: kept nowhere.

    Raises
    ------
    SourceError
        As `ask_service`.
    """
    limits = (most_bytes, deadline_seconds, attempts, pause_seconds)
    if cache:
        return _find_or_ask(question, read, cache, max_age_days, limits).value
    return _ask_until_read(question, read, limits)[0]


def _find_or_ask(
    question: Request, read: Callable[[bytes], T], cache: Path, max_age_days: float, limits: _Limits
) -> Reply[T]:
    target = _copy_path(question, cache)
    if found := _find_young_copy(target, question, max_age_days):
        try:
            return Reply(read(found.path.read_bytes()), found)
        except ValueError:
            target.unlink()
    value, body = _ask_until_read(question, read, limits)
    return Reply(value, keep_content(body, target, question.address))


def _ask_until_read(question: Request, read: Callable[[bytes], T], limits: _Limits) -> tuple[T, bytes]:
    """What `read` makes of the body, and the body."""
    host = urlsplit(question.url).netloc
    trouble = ""
    for _ in range(_READINGS):
        body = _fetch_body(question, *limits)
        try:
            return _read_body(read, body), body
        except ValueError as failure:
            trouble = " ".join(str(failure).split())[:300]
    raise SourceError(
        f"{host} did not answer as it should ({trouble}). Try again later, or report that it has changed."
    )


def _read_body(read: Callable[[bytes], T], body: bytes) -> T:
    if is_page(body):
        raise ValueError("a web page instead of data")
    return read(body)


def _ask_mirror(question: Request, read: Callable[[bytes], T], base: str, cache: Path) -> Reply[T]:
    if question.is_posted:
        raise SourceError(f"The mirror {base} cannot answer what is posted to {question.url}. Ask the service itself.")
    if base.startswith(("http://", "https://")):
        inside = Request(f"{base.rstrip('/')}/{mirror_path_of(question.url)}", question.params)
        body = _fetch_body(inside, 1 << 30, 600, 4, 0.0)
        shelf = "mirror-" + hashlib.sha256(base.encode()).hexdigest()[:12]
        got = keep_content(body, cache / shelf / _copy_name(question), question.address)
    else:
        got = find_in_mirror(question.address, Path(base))
    try:
        return Reply(_read_body(read, got.path.read_bytes()), got)
    except ValueError as failure:
        why_not = " ".join(str(failure).split())[:300]
        raise SourceError(f"The mirror {base} has no good copy of {question.address} ({why_not}).") from None


def _copy_path(question: Request, cache: Path) -> Path:
    return cache / "publisher" / urlsplit(question.url).netloc.replace(":", "%3A") / _copy_name(question)


def _copy_name(question: Request) -> str:
    """A file name for the question: its address where short enough, and a hash of all that is sent."""
    posted = repr((sorted((question.form or {}).items()), sorted((question.upload or {}).items())))
    if question.body is not None:
        posted += json.dumps(question.body, sort_keys=True)
    digest = hashlib.sha256(f"{question.address}|{posted}".encode()).hexdigest()[:16]
    plain = urlsplit(question.address)
    asked = f"{plain.path.strip('/')}?{plain.query}" if plain.query else plain.path.strip("/")
    safe = "".join(letter if letter.isalnum() or letter in "._-=&," else "_" for letter in asked)
    return f"{safe[:_LONGEST_NAME]}.{digest}"


def _find_young_copy(target: Path, question: Request, max_age_days: float) -> FetchedFile | None:
    if max_age_days <= 0 or not target.is_file():
        return None
    age = time.time() - target.stat().st_mtime
    return find_copy(target, question.address) if 0 <= age <= max_age_days * _SECONDS_A_DAY else None


def _fetch_body(question: Request, most: int, deadline_seconds: float, attempts: int, pause_seconds: float) -> bytes:
    """The whole body; a busy server and a dead line are asked again, after as long as the server says."""
    host = urlsplit(question.url).netloc
    trouble = ""
    with open_session() as line:
        for attempt in range(attempts):
            wait_politely(host, pause_seconds)
            try:
                with _send(line, question) as got:
                    if got.status_code not in BUSY:
                        _check_status(got, host, question.explaining_statuses)
                        return _receive_body(got, host, most, time.monotonic() + deadline_seconds)
                    trouble = _busy_words(got.status_code)
                    wait = retry_after_seconds(got, attempt)
            except requests.RequestException as failure:
                trouble = reason_of(failure)
                wait = float(2**attempt)
            if wait > LONGEST_WAIT_SECONDS:
                raise SourceError(
                    f"{host} asks us to come back in {wait / 60:.0f} minutes ({trouble}). Try again then."
                )
            if attempt + 1 < attempts:
                time.sleep(wait)
    raise SourceError(f"{host} did not answer, asked {attempts} times ({trouble}). {question.remedy}.")


def _send(line: PublisherSession, question: Request) -> requests.Response:
    timeout = (_CONNECT_SECONDS, question.silence_seconds)
    headers = {"Authorization": question.key.get_secret_value()} if question.key else {}
    if question.body is not None:
        return line.post(question.address, json=dict(question.body), headers=headers, stream=True, timeout=timeout)
    if question.is_posted:
        files = {name: (f"{name}.csv", content) for name, content in (question.upload or {}).items()}
        return line.post(
            question.address, data=dict(question.form or {}), files=files or None, stream=True, timeout=timeout
        )
    return line.get(question.address, headers=headers, stream=True, timeout=timeout)


def _busy_words(status: int) -> str:
    return f"too many questions, status {status}" if status == 429 else f"status {status}"


def _check_status(got: requests.Response, host: str, told: tuple[int, ...]) -> None:
    if got.status_code != 200 and got.status_code not in told:
        raise SourceError(f"{host} refused the question (status {got.status_code}). Try again later.")


def _receive_body(got: requests.Response, host: str, most: int, deadline: float) -> bytes:
    announced = got.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > most:
        raise SourceError(f"{host} would send {int(announced):,} bytes, more than the {most:,} that are taken.")
    body = bytearray()
    while chunk := _next_chunk(got):
        body += chunk
        if len(body) > most:
            raise SourceError(f"{host} sends more than the {most:,} bytes that are taken.")
        if time.monotonic() > deadline:
            raise SourceError(f"{host} sends too slowly: {len(body):,} bytes came in time. Try again later.")
    return bytes(body)


def _next_chunk(got: requests.Response) -> bytes:
    """What has come by now, so that a slow drip is seen at once; b"": that was all."""
    try:
        return got.raw.read1(_CHUNK, decode_content=True)
    except urllib3.exceptions.HTTPError as failure:
        raise requests.ConnectionError(str(failure)) from failure


class LenientModel(BaseModel):
    """Numbers are read as text where text is meant; what is null counts as not there."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        return {name: cell for name, cell in given.items() if cell is not None} if isinstance(given, dict) else given
