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
    shelf_name,
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


@dataclass(frozen=True)
class _Limits:
    """How much may come, in what time as a whole, in how many attempts, and how long one waits between questions."""

    most_bytes: int
    deadline_seconds: float
    attempts: int
    pause_seconds: float


@dataclass(frozen=True)
class Request:
    """What one service is asked.

    `params`: of the address; a comma and a semicolon stand as they are. `form`: sent by POST. `upload`: files by
    field, sent by POST with `form` as the other fields. `body`: sent by POST as JSON. `key`: a secret, sent as
    the Authorization header and written nowhere. `silence_seconds`: how long it may work without a word.
    `explaining_statuses`: those other than 200 whose body says what is wrong, so that it is read too. `remedy`: what to
    do where there is no answer.
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
    """`value`: what was read of the body. `file`: the body, its hash, and the UTC date it came."""

    value: T
    file: FetchedFile


def ask_service(
    request: Request,
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
        return _ask_mirror(request, read, base, cache)
    limits = _Limits(most_bytes, deadline_seconds, attempts, pause_seconds)
    return _find_or_ask(request, read, cache, max_age_days, limits)


def ask_own_server(
    request: Request,
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
    limits = _Limits(most_bytes, deadline_seconds, attempts, pause_seconds)
    if cache:
        return _find_or_ask(request, read, cache, max_age_days, limits).value
    return _ask_until_read(request, read, limits)[0]


def _find_or_ask(
    request: Request, read: Callable[[bytes], T], cache: Path, max_age_days: float, limits: _Limits
) -> Reply[T]:
    target = _copy_path(request, cache)
    if found := _find_young_copy(target, request, max_age_days):
        try:
            return Reply(read(found.path.read_bytes()), found)
        except ValueError:
            target.unlink()
    value, body = _ask_until_read(request, read, limits)
    return Reply(value, keep_content(body, target, request.address))


def _ask_until_read(request: Request, read: Callable[[bytes], T], limits: _Limits) -> tuple[T, bytes]:
    """What `read` makes of the body, and the body."""
    host = urlsplit(request.url).netloc
    trouble = ""
    for _ in range(_READINGS):
        body = _fetch_body(request, limits)
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


def _ask_mirror(request: Request, read: Callable[[bytes], T], base: str, cache: Path) -> Reply[T]:
    if request.is_posted:
        raise SourceError(f"The mirror {base} cannot answer what is posted to {request.url}. Ask the service itself.")
    if base.startswith(("http://", "https://")):
        inside = Request(f"{base.rstrip('/')}/{mirror_path_of(request.url)}", request.params)
        body = _fetch_body(inside, _Limits(most_bytes=1 << 30, deadline_seconds=600, attempts=4, pause_seconds=0.0))
        file = keep_content(body, cache / shelf_name(base) / _copy_name(request), request.address)
    else:
        file = find_in_mirror(request.address, Path(base))
    try:
        return Reply(_read_body(read, file.path.read_bytes()), file)
    except ValueError as failure:
        why_not = " ".join(str(failure).split())[:300]
        raise SourceError(f"The mirror {base} has no good copy of {request.address} ({why_not}).") from None


def _copy_path(request: Request, cache: Path) -> Path:
    return cache / shelf_name() / urlsplit(request.url).netloc.replace(":", "%3A") / _copy_name(request)


def _copy_name(request: Request) -> str:
    """A file name for the question: its address where short enough, and a hash of all that is sent."""
    posted = repr((sorted((request.form or {}).items()), sorted((request.upload or {}).items())))
    if request.body is not None:
        posted += json.dumps(request.body, sort_keys=True)
    digest = hashlib.sha256(f"{request.address}|{posted}".encode()).hexdigest()[:16]
    plain = urlsplit(request.address)
    asked = f"{plain.path.strip('/')}?{plain.query}" if plain.query else plain.path.strip("/")
    safe = "".join(letter if letter.isalnum() or letter in "._-=&," else "_" for letter in asked)
    return f"{safe[:_LONGEST_NAME]}.{digest}"


def _find_young_copy(target: Path, request: Request, max_age_days: float) -> FetchedFile | None:
    if max_age_days <= 0 or not target.is_file():
        return None
    age = time.time() - target.stat().st_mtime
    return find_copy(target, request.address) if 0 <= age <= max_age_days * _SECONDS_A_DAY else None


def _fetch_body(request: Request, limits: _Limits) -> bytes:
    """The whole body; a busy server and a dead line are asked again, after as long as the server says."""
    host = urlsplit(request.url).netloc
    trouble = ""
    with open_session() as line:
        for attempt in range(limits.attempts):
            wait_politely(host, limits.pause_seconds)
            try:
                with _send(line, request) as reply:
                    if reply.status_code not in BUSY:
                        _check_status(reply, host, request.explaining_statuses)
                        return _receive_body(reply, host, limits.most_bytes, time.monotonic() + limits.deadline_seconds)
                    trouble = _busy_words(reply.status_code)
                    wait = retry_after_seconds(reply, attempt)
            except requests.RequestException as failure:
                trouble = reason_of(failure)
                wait = float(2**attempt)
            if wait > LONGEST_WAIT_SECONDS:
                raise SourceError(
                    f"{host} asks us to come back in {wait / 60:.0f} minutes ({trouble}). Try again then."
                )
            if attempt + 1 < limits.attempts:
                time.sleep(wait)
    raise SourceError(f"{host} did not answer, asked {limits.attempts} times ({trouble}). {request.remedy}.")


def _send(line: PublisherSession, request: Request) -> requests.Response:
    timeout = (_CONNECT_SECONDS, request.silence_seconds)
    headers = {"Authorization": request.key.get_secret_value()} if request.key else {}
    if request.body is not None:
        return line.post(request.address, json=dict(request.body), headers=headers, stream=True, timeout=timeout)
    if request.is_posted:
        files = {name: (f"{name}.csv", content) for name, content in (request.upload or {}).items()}
        return line.post(
            request.address, data=dict(request.form or {}), files=files or None, stream=True, timeout=timeout
        )
    return line.get(request.address, headers=headers, stream=True, timeout=timeout)


def _busy_words(status: int) -> str:
    return f"too many questions, status {status}" if status == 429 else f"status {status}"


def _check_status(reply: requests.Response, host: str, explaining_statuses: tuple[int, ...]) -> None:
    if reply.status_code != 200 and reply.status_code not in explaining_statuses:
        raise SourceError(f"{host} refused the question (status {reply.status_code}). Try again later.")


def _receive_body(reply: requests.Response, host: str, most: int, deadline: float) -> bytes:
    announced = reply.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > most:
        raise SourceError(f"{host} would send {int(announced):,} bytes, more than the {most:,} that are taken.")
    body = bytearray()
    while chunk := _next_chunk(reply):
        body += chunk
        if len(body) > most:
            raise SourceError(f"{host} sends more than the {most:,} bytes that are taken.")
        if time.monotonic() > deadline:
            raise SourceError(f"{host} sends too slowly: {len(body):,} bytes came in time. Try again later.")
    return bytes(body)


def _next_chunk(reply: requests.Response) -> bytes:
    """What has come by now, so that a slow drip is seen at once; b"": that was all."""
    try:
        return reply.raw.read1(_CHUNK, decode_content=True)
    except urllib3.exceptions.HTTPError as failure:
        raise requests.ConnectionError(str(failure)) from failure


class LenientModel(BaseModel):
    """Numbers are read as text where text is meant; what is null counts as not there."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        return {name: cell for name, cell in given.items() if cell is not None} if isinstance(given, dict) else given
