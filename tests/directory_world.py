"""All live sources of the directory on this machine, each in its published format, for tests of a refresh."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest

from access.sources.cms import medicare, nppes
from access.sources.openstreetmap import overpass
from access.sources.samhsa import locator
from tests import locator_server
from tests.locator_server import Facility, World
from tests.posted import posted_to
from tests.services import serving
from tests.test_geocoder_batch import match, served
from tests.test_medicare import Cms, edition
from tests.test_nppes import Registry
from tests.test_overpass import AREA, whole

Element = dict[str, object]


@dataclass
class Directory:
    """The locator, Medicare's bills, the NPI registry, OpenStreetMap (by question), and where the geocoder says."""

    locator: World
    cms: Cms
    registry: Registry
    elements: Callable[[str], list[Element]] = lambda _question: []
    located: Callable[[list[str]], list[str]] = match
    geocoded: list[bytes] = field(default_factory=list)


@contextmanager
def directory(patch: pytest.MonkeyPatch, listed: list[Facility]) -> Iterator[Directory]:
    """Servers of all sources, at the addresses that the settings name, without pauses between questions."""
    patch.setattr(locator, "PAUSE_SECONDS", 0.0)
    for module in (medicare, nppes, overpass):
        patch.setattr(module, "_PAUSE_SECONDS", 0.0)
    with ExitStack() as stack:
        world = stack.enter_context(locator_server.serving(listed))
        patch.setenv("TRD_ACCESS_URL_FINDTREATMENT", f"{world.base}/locator/exportsAsJson/v2")
        bills, numbers = stack.enter_context(serving()), stack.enter_context(serving())
        made = Directory(world, Cms(bills, editions=[edition(bills.base, 2023, "newest")]), Registry(numbers))
        bills.answer, numbers.answer = made.cms.answer, made.registry.answer
        patch.setenv("TRD_ACCESS_URL_MEDICARE", f"{bills.base}/data.json")
        patch.setenv("TRD_ACCESS_URL_NPPES", f"{numbers.base}/api/")

        def mapped(body: bytes, _kind: str) -> bytes:
            return whole([AREA, *made.elements(body.decode())])

        def points(body: bytes, kind: str) -> bytes:
            return served(lambda row: made.located(row))(body, kind)

        stack.enter_context(posted_to(patch, "OVERPASS", mapped))
        made.geocoded = stack.enter_context(posted_to(patch, "GEOCODER_BATCH", points))
        yield made


def facility(name: str, state: str, latitude: float, longitude: float, *codes: str) -> Facility:
    """A facility of the locator whose id begins with `name`, in hexadecimal."""
    return Facility(name.ljust(64, "0"), state, latitude, longitude, set(codes), set(codes))


def loads(text: str) -> dict[str, object]:
    """A JSON object."""
    found = json.loads(text)
    assert isinstance(found, dict)
    return found
