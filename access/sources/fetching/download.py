"""A publisher's file, from a mirror or from its own server, resumed where a line was cut."""

import json
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests

from access.errors import SourceError
from access.settings import settings
from access.sources.fetching.copies import (
    AbsentFileError,
    FetchedFile,
    find_copy,
    find_in_mirror,
    is_page,
    keep_content,
    keep_download,
    mirror_path_of,
    note_of,
    path_in_cache,
    raise_disk_error,
    raise_page_error,
)
from access.sources.fetching.progress import Progress
from access.sources.fetching.session import BUSY, PublisherSession, open_session, reason_of

# At its DEBUG level urllib3 logs each address with its question.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

_CHUNK: Final = 1 << 14  # what a cut line loses at most
_TIMEOUT_SECONDS: Final = (10, 60)
_ASK_SECONDS: Final = 15
_KEY_ERROR: Final = "X-DataWebAPI-KeyError"


def fetch_first(
    urls: Sequence[str],
    *,
    cache: Path,
    progress: Progress | None = None,
    mirror: str | Path | None = None,
    refresh: bool = False,
) -> FetchedFile:
    """The file at the first of `urls` where there is one; other trouble than absence is raised at once.

    Raises
    ------
    SourceError
        As `fetch_file`; none of the addresses has the file.
    """
    for url in urls[:-1]:
        try:
            return fetch_file(url, cache=cache, progress=progress, mirror=mirror, refresh=refresh)
        except AbsentFileError:
            continue
    return fetch_file(urls[-1], cache=cache, progress=progress, mirror=mirror, refresh=refresh)


def fetch_file(
    url: str,
    *,
    cache: Path,
    progress: Progress | None = None,
    mirror: str | Path | None = None,
    refresh: bool = False,
    attempts: int = 5,
) -> FetchedFile:
    """The file at `url`, whole and checked.

    Parameters
    ----------
    cache: the folder where downloads are kept, and half downloads wait to be resumed.
    mirror: a folder (read in place) or an http base that holds `https://HOST/PATH?QUERY` as
        `HOST/PATH?QUERY`; None: the setting, else the publisher.
    refresh: ask again even where the cache has a whole copy.
    attempts: how often a busy server or a dead line is tried.

    Raises
    ------
    SourceError
        Not there, not reachable, cut short, a web page instead of data, or the disk is full.
    """
    base = str(mirror or settings().mirror or "")
    if base and not base.startswith(("http://", "https://")):
        return find_in_mirror(url, Path(base))
    source = f"{base.rstrip('/')}/{mirror_path_of(url)}" if base else url
    target = path_in_cache(cache, url, base)
    whole = None if refresh else find_copy(target, url)
    return whole or _download(url, source, target, progress, attempts)


def ask_privately(url: str, question: Mapping[str, str]) -> bytes:
    """The reply to one question that is nobody else's business: asked once, kept nowhere, named in no error or log.

    Raises
    ------
    SourceError
        Not reachable in time, or refused; names the host alone.
    """
    try:
        reply = requests.get(url, params=dict(question), timeout=_ASK_SECONDS)
        reply.raise_for_status()
    except requests.RequestException:
        # Not "from" the cause, whose text holds the question.
        raise SourceError(f"{_host(url)} did not answer. Try again later, or ask in another way.") from None
    return reply.content


def fetch_with_key(
    url: str,
    key: str,
    *,
    cache: Path,
    mirror: str | Path | None = None,
    refresh: bool = False,
    attempts: int = 3,
) -> FetchedFile:
    """The reply of the Census API to `url`, asked with a secret key, and kept under its address without the key.

    A mirror is read as by `fetch_file`, and needs no key. The key stands in no error, log or file.

    Raises
    ------
    SourceError
        As `fetch_file`; the key is missing or not accepted; there is no data for this question.
    """
    if mirror or settings().mirror:
        return fetch_file(url, cache=cache, mirror=mirror, refresh=refresh)
    target = path_in_cache(cache, url)
    whole = None if refresh else find_copy(target, url)
    return whole or _keep_reply(_ask_with_key(url, key, attempts), target, url)


def _ask_with_key(url: str, key: str, attempts: int) -> requests.Response:
    for attempt in range(attempts):
        time.sleep(min(2.0 * attempt, 10))
        # Not by a session that tries again itself: that would log the address with the key.
        with suppress(requests.RequestException):
            reply = requests.get(url, params={"key": key}, timeout=_TIMEOUT_SECONDS)
            if reply.status_code not in BUSY:
                return reply
    raise SourceError(f"{_host(url)} did not answer {url}, asked {attempts} times. Try again later, or use a mirror.")


def _keep_reply(reply: requests.Response, target: Path, url: str) -> FetchedFile:
    if any(_KEY_ERROR in step.headers for step in (*reply.history, reply)) or is_page(reply.content):
        raise SourceError(
            f"{_host(url)} did not accept the key. Ask for one at https://api.census.gov/data/key_signup.html and set "
            "TRD_ACCESS_CENSUS_KEY, or leave the key out to read the summary files."
        )
    if reply.status_code == 204:
        raise AbsentFileError(f"{_host(url)} has no data for {url}. Check the year and the state.")
    _check_status(reply, url)
    return keep_content(reply.content, target, url)


def _download(url: str, source: str, target: Path, progress: Progress | None, attempts: int) -> FetchedFile:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        _download_to_part(source, part, progress, attempts)
        return keep_download(part, target, url)
    except SourceError:
        raise
    except requests.RequestException as failure:
        raise SourceError(
            f"{_host(source)} could not be reached for {source} ({reason_of(failure)}). "
            "Check the connection and try again, or use a mirror."
        ) from failure
    except OSError as failure:
        raise_disk_error(failure, target)


def _download_to_part(source: str, part: Path, progress: Progress | None, attempts: int) -> None:
    """`part`, whole. A cut line is taken up again where it broke, `attempts` times."""
    with open_session(retries=attempts) as line:
        for attempt in range(attempts):
            time.sleep(min(0.5 * attempt, 5))
            if _request_rest(line, source, part, progress):
                return
    have = part.stat().st_size if part.exists() else 0
    raise SourceError(
        f"The download of {source} was cut short {attempts} times ({have:,} bytes came). "
        "Try again: it goes on from there if the server allows."
    )


def _request_rest(line: PublisherSession, source: str, part: Path, progress: Progress | None) -> bool:
    headers = _resume_headers(part)
    with line.get(source, headers=headers, stream=True, timeout=_TIMEOUT_SECONDS) as reply:
        have = part.stat().st_size if headers else 0
        misplaced = reply.status_code == 206 and _range_start(reply) != have
        if reply.status_code == 416 or misplaced:
            part.unlink(missing_ok=True)
            return False
        _check_status(reply, source)
        start = have if reply.status_code == 206 else 0
        return _receive_body(reply, part, start, progress)


def _resume_headers(part: Path) -> dict[str, str]:
    """Asks for the rest of a half download, if it is still the rest of the same file."""
    try:
        validator = json.loads(note_of(part).read_text(encoding="utf-8"))["validator"]
        have = part.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {"Range": f"bytes={have}-", "If-Range": validator} if validator and have else {}


def _check_status(reply: requests.Response, source: str) -> None:
    status = f"status {reply.status_code} {reply.reason or ''}".strip()
    if reply.status_code in (404, 410):
        raise AbsentFileError(
            f"{_host(source)} has no file at {source} ({status}). "
            "Give its new address in TRD_ACCESS_URL_..., or use a mirror."
        )
    if reply.status_code not in (200, 206):
        raise SourceError(f"{_host(source)} refused {source} ({status}). Try again later, or use a mirror.")
    if "html" in reply.headers.get("Content-Type", "").lower():
        raise_page_error(source)


def _receive_body(reply: requests.Response, part: Path, start: int, progress: Progress | None) -> bool:
    """Whether all that was announced is now in `part`."""
    total = _total_bytes(reply)
    if start == 0:
        note_of(part).write_text(json.dumps({"validator": _validator(reply)}), encoding="utf-8")
    have = start
    with part.open("ab" if start else "wb") as file:
        try:
            for chunk in reply.iter_content(_CHUNK):
                file.write(chunk)
                have += len(chunk)
                if progress:
                    progress(part.name.removesuffix(".part"), have, total)
        except requests.RequestException:
            return False
    return total is None or have == total


def _is_plain(headers: Mapping[str, str]) -> bool:
    return headers.get("Content-Encoding", "identity") == "identity"


def _range_start(reply: requests.Response) -> int:
    first = reply.headers.get("Content-Range", "").removeprefix("bytes ").split("-")[0]
    return int(first) if first.isdigit() else -1


def _total_bytes(reply: requests.Response) -> int | None:
    """Bytes of the whole file, as announced."""
    whole = reply.headers.get("Content-Range", "").rpartition("/")[2]
    length = whole if reply.status_code == 206 else reply.headers.get("Content-Length", "")
    return int(length) if length.isdigit() and _is_plain(reply.headers) else None


def _validator(reply: requests.Response) -> str | None:
    """What tells that the file has not changed since; a weak tag may not be used for ranges (RFC 9110)."""
    tag = reply.headers.get("ETag", "")
    strong = tag if tag and not tag.startswith("W/") else reply.headers.get("Last-Modified")
    return strong if _is_plain(reply.headers) else None


def _host(source: str) -> str:
    return urlsplit(source).netloc
