"""Millions of points against many clinics, in bounded memory: `python -m benchmarks.scale --points 8000000`."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from access.places.pack import NATIONAL, load_pack
from access.travel.many_points import CHUNK, count_within_points, nearest_of_points
from access.travel.origins import Origins, origins_of
from benchmarks.measure import load_average, peak_mib

PEOPLE_COLUMNS = ["latitude", "longitude", "county", "rurality"]
BLOCK_DEGREES = 0.01  # how far points lie around the centre of a block group: about 1 and 2 km
STREET_DEGREES = 0.02
LIMIT_MINUTES = 60


def main() -> int:
    """0: the answers agree with one another and the memory stayed below `--max-mib`."""
    asked = _asked()
    people = load_pack(asked.pack).people
    clinics = around(people, sample(people, asked.clinics, by_population=True), STREET_DEGREES, 2)
    landmarks = origins_of(people)
    print(f"{asked.points:,} points, {len(clinics):,} clinics, {len(people):,} landmarks; load {load_average()}")
    print(f"before: {peak_mib():,.0f} MiB (the pack and the libraries)")
    _compile(clinics, landmarks)
    making = _Watch(_points(people, asked))
    nearest = _nearest(making, clinics, landmarks, asked.cluster)
    counts = _counts(making.again(_points(people, asked)), clinics, landmarks, asked.cluster)
    peak = peak_mib()
    print(f"peak of the process: {peak:,.0f} MiB; load {load_average()}")
    agree = nearest == counts
    print(f"{nearest:,} points have a clinic within {LIMIT_MINUTES} minutes by nearest, {counts:,} by count")
    return int(not agree or peak > asked.max_mib)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--points", type=int, default=8_000_000)
    parser.add_argument("--clinics", type=int, default=20_000)
    parser.add_argument("--chunk", type=int, default=CHUNK)
    parser.add_argument("--pack", default=NATIONAL, help="a pack in TRD_ACCESS_DATA")
    parser.add_argument("--shuffled", action="store_true", help="points in no order; else as the census lists blocks")
    parser.add_argument("--bare", action="store_true", help="points without county and rurality, as of a grid")
    parser.add_argument("--cluster", help="the address of a Dask scheduler")
    parser.add_argument("--max-mib", type=float, default=2048)
    return parser.parse_args()


class _Watch:
    """Counts the seconds that making the points takes, which are not the engine's."""

    def __init__(self, tables: Iterable[pd.DataFrame]) -> None:
        self.again(tables)

    def again(self, tables: Iterable[pd.DataFrame]) -> "_Watch":
        self.tables, self.seconds = iter(tables), 0.0
        return self

    def __iter__(self) -> Iterator[pd.DataFrame]:
        while True:
            begun = time.perf_counter()
            table = next(self.tables, None)
            self.seconds += time.perf_counter() - begun
            if table is None:
                return
            yield table


def _points(people: pd.DataFrame, asked: argparse.Namespace) -> Iterator[pd.DataFrame]:
    rows = sample(people, asked.points, by_population=False)
    if not asked.shuffled:
        rows.sort()
    for number, begin in enumerate(range(0, len(rows), asked.chunk)):
        points = around(people, rows[begin : begin + asked.chunk], BLOCK_DEGREES, 100 + number)
        yield points[["latitude", "longitude"]] if asked.bare else points


def sample(people: pd.DataFrame, many: int, *, by_population: bool) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    weights = people["population"].to_numpy(float)
    return np.random.default_rng(1).choice(len(people), many, p=weights / weights.sum() if by_population else None)


def around(
    people: pd.DataFrame, rows: "np.ndarray[tuple[int], np.dtype[np.int64]]", degrees: float, seed: int
) -> pd.DataFrame:
    """Points scattered around these places, with their county and rurality."""
    rng = np.random.default_rng(seed)
    made = people[PEOPLE_COLUMNS].iloc[rows].reset_index(drop=True)
    latitude = (made["latitude"] + rng.normal(0, degrees, len(rows))).clip(-90, 90)
    longitude = (made["longitude"] + rng.normal(0, degrees, len(rows)) + 180) % 360 - 180
    return made.assign(latitude=latitude, longitude=longitude)


def _compile(clinics: pd.DataFrame, landmarks: Origins) -> None:
    few = clinics.head(10)
    nearest_of_points(few, clinics, landmarks=landmarks)
    count_within_points(few, clinics, landmarks=landmarks, max_minutes=LIMIT_MINUTES)


def _nearest(points: _Watch, clinics: pd.DataFrame, landmarks: Origins, cluster: str | None) -> int:
    """Prints how long it took; gives how many points have a clinic within the limit."""
    begun = time.perf_counter()
    within = 0
    reached = 0
    everyone = 0
    for part in nearest_of_points(points, clinics, landmarks=landmarks, max_minutes=240, cluster=cluster):
        within += int((part["minutes"] <= LIMIT_MINUTES).sum())
        reached += int(part["minutes"].notna().sum())
        everyone += len(part)
    _said("nearest", begun, points, f"{reached:,} of {everyone:,} within 240 minutes")
    return within


def _counts(points: _Watch, clinics: pd.DataFrame, landmarks: Origins, cluster: str | None) -> int:
    begun = time.perf_counter()
    within = 0
    pairs = 0
    for part in count_within_points(points, clinics, landmarks=landmarks, max_minutes=LIMIT_MINUTES, cluster=cluster):
        within += int((part["clinics"] > 0).sum())
        pairs += int(part["clinics"].sum())
    _said(f"within {LIMIT_MINUTES} minutes", begun, points, f"{pairs:,} pairs counted, none kept")
    return within


def _said(what: str, begun: float, points: _Watch, note: str) -> None:
    whole = time.perf_counter() - begun
    engine = f"{whole - points.seconds:.1f} s (and {points.seconds:.1f} s to make the points)"
    print(f"{what}: {engine}; {note}; peak so far {peak_mib():,.0f} MiB; {os.cpu_count()} cores")


if __name__ == "__main__":
    sys.exit(main())
