"""SAMHSA's locator as its developer guide publishes it, on this machine, from a list of made-up facilities."""

import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import asin, cos, radians, sin, sqrt
from time import sleep
from urllib.parse import parse_qsl, urlsplit

from tests.serving import at_work

# In the order of the locator's numbers, from 1; 17 is nobody's.
_ORDER = """ME MI MA MT NY NC OH PA RI TN TX NV NJ UT WA WI -- MD AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS
KY LA MN MS MO NE NH NM ND OK OR SC SD VT VA WV WY"""
ORDER = _ORDER.split()
WORDS = {
    "KIT": "Ketamine Infusion Therapy (KIT)",
    "TMS": "Transcranial Magnetic Stimulation (TMS)",
    "ECT": "Electroconvulsive therapy",
}


@dataclass
class Facility:
    """`codes`: what the filter knows; `words`: what its text names."""

    frid: str
    state: str
    latitude: float
    longitude: float
    codes: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def row(self) -> dict[str, object]:
        approaches = "; ".join(["Group therapy", *(WORDS[code] for code in sorted(self.words))])
        pay = "Medicare; State-financed health insurance plan other than Medicaid; Cash or self-payment"
        services = [("TAP", approaches), ("SET", "Outpatient"), ("PAY", pay)]
        return {
            "_irow": 1,
            "frid": self.frid,
            "name1": f"Facility {self.frid[:6]}",
            "name2": "",
            "street1": f"{int(self.frid[:5], 16)} Main Street",
            "street2": "",
            "city": f"Town {int(self.frid[:3], 16)}",
            "state": self.state,
            "zip": "02155",
            "phone": f"207-{int(self.frid[5:12], 16) % 10_000_000:07d}",
            "intake1": None,
            "hotline1": None,
            "website": "http://facility.example",
            "latitude": str(self.latitude),
            "longitude": str(self.longitude),
            "miles": 1.0,
            "typeFacility": "MH",
            "services": [{"f1": "Category", "f2": code, "f3": text} for code, text in services],
        }


def facilities(count: int = 12_427, giving: int = 450) -> list[Facility]:
    """The same each time: over 50 states, DC and Puerto Rico; ten more name a treatment that the filter misses."""
    dice = random.Random(20260701)
    states = [*(state for state in ORDER if state != "--"), "PR"]
    made = []
    for number in range(count):
        state = states[number % 52]
        middle = (18.22, -66.43) if state == "PR" else (30 + states.index(state) % 8 * 2, -119 + states.index(state))
        point = [round(middle[0] + dice.uniform(-0.2, 0.2), 6), round(middle[1] + dice.uniform(-0.2, 0.2), 6)]
        made.append(Facility(hashlib.sha256(str(number).encode()).hexdigest(), state, *point))
    for rank, facility in enumerate(dice.sample(made, giving + 10)):
        facility.words = set(dice.sample(sorted(WORDS), dice.choice((1, 1, 1, 2, 3))))
        facility.codes = set(facility.words) if rank < giving else set()
    return made


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """By haversine, as the locator's miles are."""
    north, east = radians(b[0] - a[0]), radians(b[1] - a[1])
    half = sin(north / 2) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(east / 2) ** 2
    return 2 * 6_371_008.8 * asin(sqrt(half))


@dataclass
class World:
    """`mischief`: what the next replies do, one word each in turn; `always`: what all others do."""

    listed: list[Facility]
    base: str = ""
    mischief: list[str] = field(default_factory=list)
    always: str = "good"
    asked: list[dict[str, str]] = field(default_factory=list)

    def matching(self, asked: dict[str, str], word: str) -> list[Facility]:
        found = self.listed
        if asked["limitType"] == "0":
            number = int(asked["limitValue"]) + (1 if word == "wrong_ids" else 0)
            found = [one for one in found if one.state == ORDER[number - 1]]
        else:
            latitude, longitude = asked["sAddr"].split(",")
            middle, far = (float(latitude), float(longitude)), float(asked["limitValue"])
            found = [one for one in found if metres(middle, (one.latitude, one.longitude)) <= far]
        codes = set() if word == "no_filter" else set(filter(None, asked.get("sCodes", "").split(",")))
        return [one for one in found if codes <= one.codes]

    def page(self, asked: dict[str, str], word: str) -> dict[str, object]:
        found = self.matching(asked, word)
        if word == "shrunk":
            found = found[:-3]
        size, number = int(asked["pageSize"]), int(asked["page"])
        taken = 1 if word == "duplicated" else number
        rows = [one.row() for one in found[(taken - 1) * size : taken * size]]
        if word == "short":
            rows = rows[:-2]
        if word == "renamed":
            rows = [{("lat" if name == "latitude" else name): value for name, value in row.items()} for row in rows]
        return {"page": number, "totalPages": -(-len(found) // size), "recordCount": len(found), "rows": rows}


class Handler(BaseHTTPRequestHandler):
    server: "Held"

    def do_GET(self) -> None:
        world = self.server.world
        asked = dict(parse_qsl(urlsplit(self.path).query))
        world.asked.append(asked)
        word = world.mischief.pop(0) if world.mischief else world.always
        if word in ("429", "500", "redirect"):
            return self._status(302 if word == "redirect" else int(word))
        if word == "html":
            return self._send(b"<!DOCTYPE html><html><body>Down for maintenance</body></html>", "text/html")
        if word == "huge":
            return self._huge()
        body = json.dumps(world.page(asked, word)).encode()
        if word == "drip":
            return self._drip(body)
        return self._send(body[: len(body) // 2] if word == "truncated" else body, "application/json")

    def _status(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 302:
            self.send_header("Location", self.server.world.base.replace("127.0.0.1", "localhost") + "/elsewhere")
        else:
            self.send_header("Retry-After", "0")
        self.end_headers()

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(2 << 30))
        self.end_headers()
        self._until_gone(b" " * 65_536 for _ in range(32_768))

    def _drip(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._until_gone((body[at : at + 1] for at in range(len(body))), 0.02)

    def _until_gone(self, parts: Iterator[bytes], pause_seconds: float = 0) -> None:
        try:
            for part in parts:
                self.wfile.write(part)
                sleep(pause_seconds)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class Held(ThreadingHTTPServer):
    daemon_threads = False  # a reply under way is ended before the next test
    world: World


@contextmanager
def serving(listed: list[Facility]) -> Iterator[World]:
    """A locator of these facilities, at `base`."""
    held = Held(("127.0.0.1", 0), Handler)
    held.world = World(listed, f"http://127.0.0.1:{held.server_port}")
    with at_work(held):
        yield held.world
