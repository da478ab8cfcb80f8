"""OSRM's profile for cars as an oracle reads it: its tables from the file that ships, its rules written anew."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Tags = dict[str, str]
ACCESS = ("motorcar", "motor_vehicle", "vehicle", "access")


@dataclass(frozen=True)
class Road:
    """What a car may do on a way, in one direction: km/h, and the share of it that choosing a route counts with."""

    speed: float
    preference: float


@dataclass(frozen=True)
class CarProfile:
    """The tables of `car.lua`."""

    text: str

    @cached_property
    def speeds(self) -> dict[str, float]:
        return self._numbers(self._block("speeds", self.text))

    @cached_property
    def limits(self) -> dict[str, dict[str, float]]:
        names = ("surface", "tracktype", "smoothness")
        return {name: self._numbers(self._block(f"{name}_speeds", self.text)) for name in names}

    @cached_property
    def service_penalties(self) -> dict[str, float]:
        return self._numbers(self._block("service_penalties", self.text))

    @cached_property
    def words(self) -> dict[str, set[str]]:
        names = ("access_tag_whitelist", "access_tag_blacklist", "restricted_access_tag_list", "barrier_whitelist")
        blocks = {name: self._block(name, self.text) for name in (*names, "restricted_highway_whitelist")}
        return {name: set(re.findall(r"'([\w:-]+)'", block)) for name, block in blocks.items()}

    @staticmethod
    def _block(name: str, text: str) -> str:
        start = text.index("{", re.search(rf"\b{name}\s*=", text).end())  # type: ignore[union-attr]
        depth, at = 1, start
        while depth:
            at += 1
            depth += {"{": 1, "}": -1}.get(text[at], 0)
        return re.sub(r"--.*", "", text[start + 1 : at])

    @staticmethod
    def _numbers(block: str) -> dict[str, float]:
        found = re.findall(r'\[?"?([\w:-]+)"?\]?\s*=\s*(\d+(?:\.\d+)?)', block)
        return {name: float(number) for name, number in found}

    def roads(self, tags: Tags) -> tuple[Road | None, Road | None]:
        """Along the way and against it; None: no car, or only whose destination is on it."""
        if self._is_blocked(tags):
            return None, None
        forward, backward = self._speeds(tags)
        along, against = self._may_enter(tags, "forward"), self._may_enter(tags, "backward")
        one = self._oneway(tags)
        along, against = along and one >= 0 and forward > 0, against and one <= 0 and backward > 0
        share = self._preference(tags, both=one == 0)
        return Road(forward, share) if along else None, Road(backward, share) if against else None

    def _is_blocked(self, tags: Tags) -> bool:
        highway = tags.get("highway")
        return (
            not (highway or tags.get("route"))
            or tags.get("area") == "yes"
            or highway in ("steps", "construction", "proposed")
            or tags.get("railway") == "construction"
            or tags.get("construction", "no") not in ("no", "widening", "minor")
            or tags.get("oneway") == "reversible"
            or tags.get("impassable") == "yes"
            or tags.get("service") == "emergency_access"
            or tags.get("hov") == "designated"
        )

    def _may_enter(self, tags: Tags, way: str) -> bool:
        said = next((tags[key] for name in ACCESS for key in (f"{name}:{way}", name) if key in tags), "")
        parts = [part.strip() for part in said.split(";")]
        if any(part in self.words["access_tag_whitelist"] for part in parts):
            return True
        shut = self.words["access_tag_blacklist"] | self.words["restricted_access_tag_list"]
        return not any(part in shut for part in parts)

    def _oneway(self, tags: Tags) -> int:
        said = next((tags[key] for key in (*(f"oneway:{name}" for name in ACCESS[:3]), "oneway") if key in tags), "")
        if said == "-1":
            return -1
        implied = tags.get("highway") == "motorway" or tags.get("junction") in ("roundabout", "circular")
        return 1 if said in ("yes", "1", "true") or (implied and said != "no") else 0

    def _speeds(self, tags: Tags) -> tuple[float, float]:
        usual = self.speeds.get(tags.get("highway", ""), 0.0)
        if tags.get("route") == "ferry":
            usual = 5.0
        elif not usual and any(name in tags for name in ACCESS):
            usual = 10.0
        keys = ("maxspeed:advisory", "maxspeed", "source:maxspeed", "maxspeed:type")
        found = []
        for way in ("forward", "backward"):
            said = next((tags[key] for name in keys for key in (f"{name}:{way}", name) if key in tags), "")
            posted = _km_per_hour(said) * 0.8
            speed = posted if posted and usual else usual
            for name, limit in self.limits.items():
                speed = min(speed, limit.get(tags.get(name, ""), speed))
            found.append(speed)
        return found[0], found[1]

    def _preference(self, tags: Tags, *, both: bool) -> float:
        share = self.service_penalties.get(tags.get("service", ""), 1.0)
        lanes = re.match(r"\d+", tags.get("lanes", ""))
        if both and lanes and int(lanes[0]) <= 1:
            share = min(share, 0.5)
        if both and tags.get("lane_markings") == "no":
            share = min(share, 0.75)
        if both and (width := re.search(r"\d+\.?\d*", tags.get("width", "").replace(",", "."))):
            metres = float(width[0]) * (0.3048 if "'" in tags["width"] else 1)
            steps = ((3.0, 0.5), (3.999, 0.6), (4.999, 0.75), (5.999, 0.8))
            share = min(share, next((factor for limit, factor in steps if metres <= limit), 1.0))
        if tags.get("oneway") == "alternating":
            share = min(share, 0.4)
        return min(share, 0.8) if tags.get("side_road") in ("yes", "rotary") else share

    def is_barrier(self, tags: Tags) -> bool:
        """Whether no car passes this node."""
        said = next((tags[name] for name in ACCESS if name in tags), None)
        if said is not None:
            shut = self.words["access_tag_blacklist"] - self.words["restricted_access_tag_list"]
            return said in shut
        kind = tags.get("barrier")
        if kind is None or kind in self.words["barrier_whitelist"] or kind in ("gate", "lift_gate"):
            return False
        return tags.get("bollard") != "rising" and not (kind == "kerb" and tags.get("kerb") in ("lowered", "flush"))

    def is_gate(self, tags: Tags) -> bool:
        """Whether a car waits here until somebody opens."""
        return tags.get("barrier") in ("gate", "lift_gate") and not any(name in tags for name in ACCESS)


def _km_per_hour(said: str) -> float:
    digits = re.match(r"\d+", said)
    return float(digits[0]) * (1.609 if "mph" in said else 1) if digits else 0.0


def car_profile(folder: Path) -> CarProfile:
    """The profile of an installed OSRM."""
    return CarProfile((folder / "share" / "profiles" / "car.lua").read_text(encoding="utf-8"))
