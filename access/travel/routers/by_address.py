"""A router by the words that name it: which kind, where it answers, and what it takes."""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from access.errors import SourceError
from access.settings import settings
from access.travel.routers.ors_server import PAUSE_SECONDS, OrsServer
from access.travel.routers.osrm_server import OsrmServer
from access.travel.routers.road_server import Server
from access.travel.routers.router import Router
from access.travel.routers.valhalla_server import ValhallaServer

_PUBLIC_ORS: Final = "openrouteservice.org"
# How far apart a pair may be by the usual configuration; on foot or by bicycle half as far.
_MOST_KM: Final = {"auto": 400}
_FORM: Final = (
    "Write an engine like osrm:http://host:5000, valhalla:http://host:8002, ors:https://host/ors, or ors for "
    "openrouteservice.org; #most=, #profile= and, of Valhalla, #most_km= say what the server takes"
)


def open_router(spec: str, *, cache: Path | None = None) -> Router:
    """The engine that `spec` names, as in "osrm:http://host:5000#most=200&profile=foot".

    Parameters
    ----------
    spec: the kind (osrm, valhalla, ors), a colon, and the server's address; after #, what the server takes:
        `most` (OSRM: its --max-table-size; the others: pairs), `profile` (car, auto, driving-car and so on),
        `most_km` (Valhalla). The key of openrouteservice is a setting, TRD_ACCESS_ORS_KEY.
    cache: a folder in which replies are kept, so that a long run can be taken up again; None: they are not kept.

    Raises
    ------
    SourceError
        No such kind, no address, an option that is none, a public demonstration server, or no key.
    """
    kind, _, rest = spec.strip().partition(":")
    if kind not in ROUTER_KINDS:
        raise SourceError(f"'{kind}' is no road engine. {_FORM}.")
    url, _, options = rest.partition("#")
    given = dict(parse_qsl(options, keep_blank_values=True))
    if unknown := set(given) - _OPTIONS[kind]:
        raise SourceError(f"'{min(unknown)}' is nothing that {kind} takes. {_FORM}.")
    return ROUTER_KINDS[kind](url, given, cache)


def _open_osrm_server(url: str, given: dict[str, str], cache: Path | None) -> Router:
    return OsrmServer(Server(url, cache=cache), given.get("profile", "car"), _parse_whole_number(given, "most", 100))


def _open_valhalla_server(url: str, given: dict[str, str], cache: Path | None) -> Router:
    profile = given.get("profile", "auto")
    most = _parse_whole_number(given, "most", 2_500)
    most_km = _parse_whole_number(given, "most_km", _MOST_KM.get(profile, 200))
    return ValhallaServer(Server(url, cache=cache), profile, most, float(most_km))


def _open_ors_server(url: str, given: dict[str, str], cache: Path | None) -> Router:
    key = settings().ors_key
    url = url or settings().addresses["openrouteservice"][0]
    is_public = (urlsplit(url).hostname or "").endswith(_PUBLIC_ORS)
    if is_public and not key:
        raise SourceError(f"{_PUBLIC_ORS} wants a key. Ask for one there, and set TRD_ACCESS_ORS_KEY.")
    server = Server(url, key=key, cache=cache, pause_seconds=PAUSE_SECONDS if is_public else 0.0)
    return OrsServer(server, given.get("profile", "driving-car"), _parse_whole_number(given, "most", 3_500))


def _parse_whole_number(given: dict[str, str], name: str, usual: int) -> int:
    text = given.get(name, str(usual))
    if not text.isdecimal() or not 0 < int(text) <= 10_000_000:
        raise SourceError(f"'{text}' is no number for {name}. {_FORM}.")
    return int(text)


ROUTER_KINDS: Final[dict[str, Callable[[str, dict[str, str], Path | None], Router]]] = {
    "osrm": _open_osrm_server,
    "valhalla": _open_valhalla_server,
    "ors": _open_ors_server,
}
_OPTIONS: Final = {"osrm": {"most", "profile"}, "valhalla": {"most", "profile", "most_km"}, "ors": {"most", "profile"}}
