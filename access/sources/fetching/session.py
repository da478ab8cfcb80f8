"""A session with a publisher: who we say we are, where a redirect may lead, how long a busy server is waited for."""

import threading
import time
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from access.errors import SourceError
from access.settings import code_version
from access.sources.domains import registered_domain

BUSY: Final = (429, 500, 502, 503, 504)
LONGEST_WAIT_SECONDS: Final = 120
_REASONS: Final[list[tuple[type[Exception], str]]] = [
    (requests.exceptions.SSLError, "its certificate is not accepted"),
    (requests.exceptions.ProxyError, "the proxy did not let it through"),
    (requests.exceptions.Timeout, "no answer in time"),
    (requests.exceptions.TooManyRedirects, "it sends us in circles"),
    (requests.exceptions.ConnectionError, "no connection"),
]
# When each host was last asked: what politeness has to remember.
_last_asked: Final[dict[str, float]] = {}
_lock: Final = threading.Lock()


class PublisherSession(requests.Session):
    """A session that follows a redirect within the publisher's own hosts only."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """The address of the next step; None: the reply is no redirect.

        Raises
        ------
        SourceError
            It leads to another publisher's host, or out of https.
        """
        target = super().get_redirect_target(resp)
        if target is not None:
            here = urlsplit(resp.url)
            there = urlsplit(urljoin(resp.url, target))
            elsewhere = registered_domain(here.hostname or "") != registered_domain(there.hostname or "")
            if elsewhere or (here.scheme, there.scheme) == ("https", "http"):
                resp.close()
                raise SourceError(
                    f"{here.netloc} sends us on to {there.scheme}://{there.netloc}, which is not asked. If the file "
                    "has moved there, give its new address in TRD_ACCESS_URL_..., or use a mirror."
                )
        return target


def open_session(*, retries: int = 0) -> PublisherSession:
    """A line for one download or question; `retries`: how often a busy server is asked again by the line itself."""
    line = PublisherSession()
    retry = Retry(
        total=retries,
        connect=min(retries, 2),
        # Else a silence would be told as a line that could not be had.
        read=None if retries else False,
        redirect=None,
        status_forcelist=BUSY,
        allowed_methods={"GET"},
        backoff_factor=0.5,
        raise_on_status=False,
        retry_after_max=LONGEST_WAIT_SECONDS,
    )
    line.mount("http://", HTTPAdapter(max_retries=retry))
    line.mount("https://", HTTPAdapter(max_retries=retry))
    # Ranges and lengths count the bytes on the wire, so none may be compressed.
    line.headers.update({"User-Agent": f"trd-access/{code_version()}", "Accept-Encoding": "identity"})
    return line


def reason_of(failure: requests.RequestException) -> str:
    """What kept us from a host, in a few words."""
    return next((words for kind, words in _REASONS if isinstance(failure, kind)), str(failure))


def wait_politely(host: str, pause_seconds: float) -> None:
    """Returns once `pause_seconds` have passed since this host was last asked, by any thread."""
    with _lock:
        now = time.monotonic()
        at = max(now, _last_asked.get(host, -pause_seconds) + pause_seconds)
        _last_asked[host] = at
    time.sleep(at - now)


def retry_after_seconds(reply: requests.Response, attempt: int) -> float:
    """How long the server asks us to wait, by seconds or by date; where it does not say: 1, 2, 4 ... seconds."""
    said = reply.headers.get("Retry-After", "").strip()
    if said.isdigit():
        return float(said)
    try:
        return max(parsedate_to_datetime(said).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError):
        return float(2**attempt)
