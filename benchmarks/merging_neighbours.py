"""Sites of the merged directory that a person should read side by side: is any of them there twice?"""

import argparse
import random
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from access.geo import great_circle_km
from access.places.directory.spelling import phone_of
from benchmarks.merging import merged_lists

SAMPLE = 100
NEAREST = 3
AROUND_KM = 2.0
BESIDE_KM = 0.3
ALIKE = 70
REGION_KM = 30.0

Site = dict[str, Any]


def sites(mirror: Path) -> list[Site]:
    """The starter list and SAMHSA's directory of 2024 as one, in order of their ids."""
    merged = merged_lists(mirror).clinics
    shown = merged.astype("object").where(merged.notna(), "").sort_values("clinic_id")
    return shown.to_dict("records")


def km(one: Site, other: Site) -> float:
    return float(great_circle_km(one["latitude"], one["longitude"], other["latitude"], other["longitude"]))


def is_near_or_alike(one: Site, other: Site) -> bool:
    """Within 2 km, or of a like name in one state and under one ZIP3 or within 30 km."""
    if one["state"] != other["state"]:
        return False
    away = km(one, other)
    same_region = (one["zip"] != "" and one["zip"][:3] == other["zip"][:3]) or away <= REGION_KM
    alike = fuzz.token_set_ratio(one["name"].lower(), other["name"].lower()) >= ALIKE
    return away <= AROUND_KM or (alike and same_region)


def nearest(one: Site, of: list[Site]) -> list[Site]:
    """The three nearest sites that are near or alike."""
    found = [other for other in of if other is not one and is_near_or_alike(one, other)]
    return sorted(found, key=lambda other: (km(one, other), other["clinic_id"]))[:NEAREST]


def beside_or_one_phone(of: list[Site]) -> Iterator[tuple[Site, Site]]:
    for one, other in combinations(of, 2):
        same_phone = phone_of(one["phone"]) != "" and phone_of(one["phone"]) == phone_of(other["phone"])
        if same_phone or km(one, other) <= BESIDE_KM:
            yield one, other


def line(site: Site) -> str:
    told = ("clinic_id", "name", "address", "city", "state", "zip", "phone", "website")
    return " | ".join(str(site[column]) for column in told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=715)
    asked = parser.parse_args()
    of = sites(asked.mirror)
    print(f"{len(of)} sites; a sample of {SAMPLE}, with the nearest that are near or alike:")
    for one in random.Random(asked.seed).sample(of, SAMPLE):
        print(line(one), *(f"    {km(one, other):.1f} km {line(other)}" for other in nearest(one, of)), sep="\n")
    pairs = list(beside_or_one_phone(of))
    print(f"{len(pairs)} pairs of sites within {BESIDE_KM} km or with one telephone:")
    for one, other in pairs:
        print(line(one), f"    {km(one, other):.1f} km {line(other)}", sep="\n")


if __name__ == "__main__":
    main()
