"""Drives along roads against the estimate of the same drives: how far it is off, and what would fit better."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import pandas as pd

from access.errors import RoadsError, TableError
from access.places.pack import Pack
from access.travel.by_road import ByRoad, is_within
from access.travel.calibration import (
    Calibration,
    calibrate_estimate,
    estimate_errors,
    is_held_out,
    road_pairs,
    share_between,
)
from access.travel.estimate import MAX_MINUTES, DriveEstimate
from access.travel.origins import origins_of
from access.travel.pack_travel import estimate_of, trip_finder_of
from access.travel.road_trips import road_trips
from access.travel.trip_finder import TripFinder

_MOST_PAIRS: Final = 1_000_000
_ENOUGH_PAIRS: Final = 5_000  # drives to clinics: fewer go to a few clinics alone, and say little of others
NEAR_KM: Final = 0.5  # from a road: the way to it costs no minutes, and where a map ends it is long
_LEAST_DETOUR: Final = 0.98  # the road over the straight line: earth is no sphere, and minutes and km are rounded


class ComparedDrives(StrEnum):
    """Which drives are compared: from places to clinics, or, where clinics are few, from places to one another."""

    CLINICS = "clinics"
    PLACES = "places"


@dataclass(frozen=True, eq=False)
class RoadComparison:
    """Drives by `method` against `estimate`.

    `pairs`: as `access.travel.calibration.road_pairs` gives them, of `places` places, without the
    `off_road` whose road is shorter than the straight line. `errors`: as
    `access.travel.calibration`, of all of them. `calibration`: the estimate fitted to them, None where they are
    too few (`too_few` says so). `held_out`: the errors of trips that the fit has not seen, by the estimate as it is
    ("now") and as "fitted"; `share_between` is of those within the estimate's interval, which the fitted one has of
    these same trips.
    `share_of_people`: of the pack, who live in these places.
    """

    pairs: pd.DataFrame
    between: ComparedDrives
    places: int
    off_road: int
    method: str
    estimate: DriveEstimate
    errors: pd.DataFrame
    calibration: Calibration | None
    held_out: pd.DataFrame
    share_of_people: float
    too_few: str


def road_comparison(
    pack: Pack, people: pd.DataFrame, clinics: pd.DataFrame, *, between: ComparedDrives | None = None
) -> RoadComparison:
    """The drives of `people` that go along the pack's roads, against the pack's estimate of them.

    Left out are drives that are themselves estimated, those of a place to itself, and those whose ends lie off the road
    (the way to it costs no minutes): by more than 0.5 km, or so that the road is shorter than the straight line.

    Parameters
    ----------
    people, clinics: those of the pack to compare.
    between: None: to clinics where that makes 5,000 drives, else from place to place. These are at most a million: to
        a sample of the places, where there are more.

    Raises
    ------
    RoadsError
        The pack has no roads, or they are not for cars.
    TableError
        Nobody of `people` drives along them.
    SourceError
        As `access.travel.pack_travel.trip_finder_of`.
    """
    way = trip_finder_of(pack)
    estimate = estimate_of(pack)
    if isinstance(way, DriveEstimate):
        raise RoadsError("Name the roads to compare with: --roads NAME (trd-access roads list).")
    if not way.mode.is_driven:
        raise RoadsError(f"The estimate is of drives; '{pack.roads}' is not for cars ({way.mode.name}).")
    here = people[is_within(way.network, people)] if isinstance(way, ByRoad) and way.network else people
    pairs, chosen = _choose_pairs(pack, here, clinics, way, [between] if between else list(ComparedDrives))
    is_off_road = pairs["km"] < _LEAST_DETOUR * pairs["straight_km"]
    pairs = pairs[~is_off_road].reset_index(drop=True)
    if pairs.empty:
        raise TableError(
            f"No drive here goes along '{pack.roads}': {len(here):,} places of the pack '{pack.name}' and those that "
            "they could drive to lie where it has roads. Choose another state, pack or road network."
        )
    calibration, too_few = _fit_or_say_why(pairs, way.mode.name)
    heads = pack.people["population"]
    share = float(heads[pack.people["geoid"].isin(pairs["geoid"])].sum() / heads.sum())
    return RoadComparison(
        pairs=pairs,
        between=chosen,
        off_road=int(is_off_road.sum()),
        places=pairs["geoid"].nunique(),
        method=way.mode.name,
        estimate=estimate,
        errors=estimate_errors(pairs, estimate),
        calibration=calibration and _note_where_learnt(calibration, share),
        share_of_people=share,
        held_out=_held_out_errors(pairs, [estimate, *([calibration.estimate] if calibration else [])]),
        too_few=too_few,
    )


def _choose_pairs(
    pack: Pack, here: pd.DataFrame, clinics: pd.DataFrame, way: TripFinder, kinds: Sequence[ComparedDrives]
) -> tuple[pd.DataFrame, ComparedDrives]:
    """The pairs of the first kind that has plenty, else of the last."""
    for kind in kinds:
        ends = clinics if kind is ComparedDrives.CLINICS else _places_as_clinics(here)
        pairs = _pairs_by_road(here, ends, way, estimate_of(pack), pack.people)
        if len(pairs) >= _ENOUGH_PAIRS:
            break
    return pairs, kind


def _places_as_clinics(people: pd.DataFrame) -> pd.DataFrame:
    """Places to drive to, as trips read clinics."""
    most = max(_MOST_PAIRS // max(len(people), 1), 1)
    chosen = people if len(people) <= most else people.sample(most, random_state=0)
    return chosen[["geoid", "latitude", "longitude"]].rename(columns={"geoid": "clinic_id"})


def _pairs_by_road(
    people: pd.DataFrame, ends: pd.DataFrame, way: TripFinder, estimate: DriveEstimate, everyone: pd.DataFrame
) -> pd.DataFrame:
    if isinstance(way, ByRoad):
        trips, _ = road_trips(people, ends, way.router, max_minutes=MAX_MINUTES, snap_km=NEAR_KM)
    else:
        trips = way.trips(origins_of(people), ends, max_minutes=MAX_MINUTES, landmarks=origins_of(everyone))
    pairs = road_pairs(trips, people, ends, measured=trips.method_by_trip() != estimate.name)
    return pairs[pairs["straight_km"] > 0].reset_index(drop=True)


def _fit_or_say_why(pairs: pd.DataFrame, method: str) -> tuple[Calibration | None, str]:
    try:
        return calibrate_estimate(pairs, method=method), ""
    except TableError as failure:
        return None, str(failure)


def _held_out_errors(pairs: pd.DataFrame, estimates: Sequence[DriveEstimate]) -> pd.DataFrame:
    unseen = pairs[is_held_out(pairs["geoid"])]
    rows = pd.concat([estimate_errors(unseen, one).iloc[:1] for one in estimates], ignore_index=True)
    rows = rows.drop(columns=["band", "rurality"]).assign(
        share_between=[share_between(unseen, one) for one in estimates]
    )
    rows.insert(0, "estimate", ["now", "fitted"][: len(estimates)])
    return rows


def _note_where_learnt(calibration: Calibration, share: float) -> Calibration:
    """The same, its source saying of how many people it was learnt: it will be used for all."""
    source = f"{calibration.estimate.source}; learnt where {share:.2%} of the people of the pack live"
    return replace(calibration, estimate=replace(calibration.estimate, source=source))
