"""Trips by OpenTimes: driving times along roads between tracts, worked out beforehand, without traffic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import TableError
from access.geo import Floats, great_circle_km
from access.settings import settings
from access.sources.connecticut import tracts_by_region
from access.sources.copies import Fetched
from access.sources.fetch import Progress, fetch_first
from access.sources.opentimes import STATES, fetch_state, read_times
from access.sources.usda import ruca_by_tract
from access.travel.estimate import BANDED, MAX_MINUTES, DriveEstimate
from access.travel.origins import Codes, origins_of, rurality_codes
from access.travel.trips import Trips
from access.vocabulary import RURALITIES

_REGIONS_SINCE: Final = "2022"  # Connecticut's planning regions in the Census Bureau's tract numbers

# The states whose tables reach Connecticut: within 300 km of it.
_NEAR_CONNECTICUT: Final = ("09", "10", "23", "24", "25", "33", "34", "36", "42", "44", "50")


@dataclass(frozen=True, eq=False)
class OpenTimesTrips:
    """`trips`, and what to know about them.

    `is_estimated`: for each trip, whether it stays within one tract, so that its minutes are the estimate's.
    `clinic_tracts`: the tract in which each clinic was taken to be, by `clinic_id`.
    `unknown_places`, `unknown_clinics`: those whose tract the tables do not know. They have no trips, and that is
    not known, not out of reach. `far_clinics`: the same of clinics in states that the tables are not of: most lie
    beyond 300 km. `files`: what was read.
    """

    trips: Trips
    is_estimated: NDArray[np.bool_]
    clinic_tracts: "pd.Series[str]"
    unknown_places: pd.Index
    unknown_clinics: pd.Index
    far_clinics: pd.Index
    files: tuple[Fetched, ...]


@dataclass(frozen=True, eq=False)
class _Times:
    """Seconds between tracts by their codes (NaN: within one tract), in the order of `origin`."""

    origin: Codes
    destination: Codes
    seconds: Floats
    has_origin: NDArray[np.bool_]
    has_destination: NDArray[np.bool_]
    files: tuple[Fetched, ...]


@dataclass(frozen=True)
class _Reading:
    """How the tables are had."""

    cache: Path
    mirror: str | Path | None
    refresh: bool
    progress: Progress | None


def opentimes_trips(
    people: pd.DataFrame,
    clinics: pd.DataFrame,
    *,
    max_minutes: float = MAX_MINUTES,
    estimate: DriveEstimate = BANDED,
    congestion: Mapping[str, float] | None = None,
    clinic_tracts: "pd.Series[str] | None" = None,
    landmarks: pd.DataFrame | None = None,
    connecticut: "pd.Series[str] | None" = None,
    cache: Path | None = None,
    mirror: str | Path | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
) -> OpenTimesTrips:
    """Trips of at most `max_minutes` from tracts, or from block groups by their tract, to clinics by theirs.

    Minutes run between the tracts' centres of population, so block groups of one tract share them, and a clinic
    far from its tract's centre is as near as that centre. Within one tract they are the estimate's, from the
    place's point to the clinic's. All km are the estimate's: OpenTimes has none. Each state's table ends 300 km
    beyond its border: of trips beyond about 170 minutes some are lacking.

    Parameters
    ----------
    people: `geoid` are tracts (11 digits) or block groups (12) of 2020.
    congestion: a factor on the minutes by rurality of the place; absent: 1. OpenTimes drives at the speed limit,
        and says of itself that cities take at least 10 to 15 minutes more; it publishes no factors, and neither do
        we: they are the user's own.
    clinic_tracts: the tract (2020) of each `clinic_id`, where it is known; else it is taken to be that of the
        nearest of `landmarks`, a people table; none given: of `people`.
    connecticut: its tracts of 2020 by their numbers since 2022, as `access.sources.connecticut` reads them; None:
        from the RUCA table, which is fetched where it is needed.
    cache, mirror, refresh, progress: as `access.sources.fetch.fetch`; cache None: in the data folder.

    Raises
    ------
    TableError: a place is neither tract nor block group, or a clinic's tract is none.
    ValueError: a factor of congestion that is none, or of no rurality.
    SourceError: a table cannot be had or read.

    Source
    ------
    OpenTimes, github.com/dfsnow/opentimes (MIT), by OSRM on OpenStreetMap's roads (ODbL).
    """
    factors = checked_congestion(congestion or {})
    reading = _Reading(cache or settings().data_folder / ".cache", mirror, refresh, progress)
    homes = tracts_of(people["geoid"], "people")
    sites = _sites(clinics, clinic_tracts, people if landmarks is None else landmarks)
    place_tract, origins = pd.factorize(homes)
    clinic_tract, destinations = pd.factorize(sites)
    names = _names(homes, sites, connecticut, reading)
    longest = max_minutes * 60 / float(factors.min())
    times = _times(pd.Index(origins), pd.Index(destinations), longest, names, reading)
    trips, is_estimated = _trips(people, clinics, times, (place_tract, clinic_tract), factors, estimate, max_minutes)
    beyond = ~times.has_destination & ~pd.Index(destinations).str[:2].isin(list({tract[:2] for tract in origins}))
    return OpenTimesTrips(
        trips=trips,
        is_estimated=is_estimated,
        clinic_tracts=sites,
        unknown_places=trips.places[~times.has_origin[place_tract]],
        unknown_clinics=trips.clinics[(~times.has_destination & ~beyond)[clinic_tract]],
        far_clinics=trips.clinics[beyond[clinic_tract]],
        files=times.files,
    )


def nearest_tracts(clinics: pd.DataFrame, places: pd.DataFrame) -> "pd.Series[str]":
    """The tract of the place nearest to each clinic, by `clinic_id`: an approximation, for want of tracts' outlines.

    How good it is, as far as centres can tell: 8.7 % of the people of 2020 live in block groups whose centre is
    nearer to another tract's centre than to that of their own. The two are then 2.4 km apart (median; 1 in 10: more
    than 10.7 km).
    """
    tracts = tracts_of(places["geoid"], "places").to_numpy()
    nearest = origins_of(places).nearest(clinics["latitude"], clinics["longitude"])
    return pd.Series(tracts[nearest], index=pd.Index(clinics["clinic_id"]), dtype="str")


def checked_congestion(congestion: Mapping[str, float]) -> Floats:
    """One factor for each of `RURALITIES`; 1 where none is given.

    Raises
    ------
    ValueError: a factor that is none, or of no rurality.
    """
    if unknown := set(congestion) - set(RURALITIES):
        raise ValueError(f"'{min(unknown)}' is no rurality; congestion is given for {', '.join(RURALITIES)}.")
    factors = np.array([float(congestion.get(name, 1.0)) for name in RURALITIES])
    if not ((factors >= 1) & (factors <= 5)).all():
        raise ValueError("A factor of congestion lies between 1 (none) and 5.")
    return factors


def tracts_of(geoids: "pd.Series[str]", what: str) -> "pd.Series[str]":
    """The tract of each tract or block group.

    Raises
    ------
    TableError: one is neither; `what` they are.
    """
    wrong = ~geoids.str.fullmatch(r"\d{11,12}")
    if wrong.any():
        raise TableError(
            f"OpenTimes knows tracts and block groups, but of the {what} {geoids[wrong].iloc[0]} is neither "
            f"({int(wrong.sum())} such). Build a pack of the Census: trd-access data build."
        )
    return geoids.str[:11]


def _sites(clinics: pd.DataFrame, known: "pd.Series[str] | None", landmarks: pd.DataFrame) -> "pd.Series[str]":
    if known is None:
        return nearest_tracts(clinics, landmarks)
    given = known.reindex(pd.Index(clinics["clinic_id"]))
    if given.isna().any():
        given = given.fillna(nearest_tracts(clinics, landmarks))
    return tracts_of(given.astype("str"), "clinics' tracts")


def _names(
    homes: "pd.Series[str]", sites: "pd.Series[str]", connecticut: "pd.Series[str] | None", reading: _Reading
) -> dict[str, str]:
    """The tract of 2020 that is meant by each number of Connecticut's since 2022."""
    here = homes.str.startswith("09").any() or sites.str.startswith("09").any()
    if not here or not homes.str[:2].isin(_NEAR_CONNECTICUT).any() or settings().opentimes_year < _REGIONS_SINCE:
        return {}
    if connecticut is None:
        urls = settings().addresses["ruca"]
        ruca = fetch_first(urls, cache=reading.cache, mirror=reading.mirror, progress=reading.progress)
        connecticut = tracts_by_region(ruca_by_tract(ruca.path))
    return {str(since): str(tract) for since, tract in connecticut.items()}


def _times(
    origins: pd.Index, destinations: pd.Index, max_seconds: float, names: Mapping[str, str], reading: _Reading
) -> _Times:
    """From the tables of the origins' states, one after another."""
    itself = destinations.get_indexer(origins)
    has_origin, has_destination = np.zeros(len(origins), np.bool_), np.zeros(len(destinations), np.bool_)
    found: list[tuple[Codes, Codes, Floats]] = []
    files: list[Fetched] = []
    states = pd.Index(origins.str[:2])
    for state in sorted(set(states) & STATES):
        rows = np.flatnonzero(states == state)
        parts = fetch_state(
            state, cache=reading.cache, mirror=reading.mirror, refresh=reading.refresh, progress=reading.progress
        )
        paths = [part.path for part in parts]
        part = read_times(paths, origins=origins[rows], destinations=destinations, max_seconds=max_seconds, names=names)
        files.extend(parts)
        found.append((rows[part.origin], part.destination.astype(np.int64), part.seconds))
        has_origin[rows] = part.has_origin
        has_destination |= part.has_destination
    own = np.flatnonzero(has_origin & (itself >= 0))
    found.append((own, itself[own].astype(np.int64), np.full(len(own), np.nan)))
    origin, destination, seconds = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(origin, kind="stable")
    return _Times(origin[order], destination[order], seconds[order], has_origin, has_destination, tuple(files))


def _trips(
    people: pd.DataFrame,
    clinics: pd.DataFrame,
    times: _Times,
    tracts: tuple[Codes, Codes],
    factors: Floats,
    estimate: DriveEstimate,
    max_minutes: float,
) -> tuple[Trips, NDArray[np.bool_]]:
    row, column, seconds = _pairs(times, *tracts)
    kind = rurality_codes(people["rurality"])[row]
    km = great_circle_km(*_points(people, row), *_points(clinics, column))
    minutes, within = seconds / 60, np.isnan(seconds)
    minutes[within] = estimate.minutes(km[within], people["rurality"].to_numpy()[row[within]])
    minutes *= factors[kind]
    kept = np.flatnonzero(minutes <= max_minutes)
    order = kept[np.lexsort((column[kept], minutes[kept], row[kept]))]
    trips = Trips(
        places=pd.Index(people["geoid"], name="geoid"),
        clinics=pd.Index(clinics["clinic_id"], name="clinic_id"),
        indptr=np.searchsorted(row[order], np.arange(len(people) + 1)).astype(np.int64),
        clinic_index=column[order].astype(np.int32),
        minutes=minutes[order].astype(np.float32),
        km=(km[order] * estimate.factors[kind[order]]).astype(np.float32),
        method=opentimes_method(factors.tolist()),
        max_minutes=max_minutes,
    )
    return trips, within[order]


def opentimes_method(factors: Sequence[float] = ()) -> str:
    """What trips by the tables of the settings bear as their method; `factors`: of congestion, for each rurality."""
    asked = settings()
    slower = [f"{factor:g} {name}" for name, factor in zip(RURALITIES, factors, strict=False) if factor != 1]
    traffic = f"minutes times {', '.join(slower)}" if slower else "without traffic"
    return f"OpenTimes {asked.opentimes_version}, {asked.opentimes_year}, between tracts, {traffic}"


def _pairs(times: _Times, place_tract: Codes, clinic_tract: Codes) -> tuple[Codes, Codes, Floats]:
    """Row of the place, row of the clinic and seconds: of every place in the origin to every clinic in the other."""
    by_tract = np.argsort(clinic_tract, kind="stable")
    count = np.bincount(clinic_tract, minlength=len(times.has_destination))
    each = count[times.destination]
    clinic = by_tract[_spread((np.cumsum(count) - count)[times.destination], each)]
    origin, seconds = np.repeat(times.origin, each), np.repeat(times.seconds, each)
    many = np.bincount(origin, minlength=len(times.has_origin))
    pick = _spread((np.cumsum(many) - many)[place_tract], many[place_tract])
    return np.repeat(np.arange(len(place_tract)), many[place_tract]), clinic[pick], seconds[pick]


def _spread(starts: Codes, counts: Codes) -> Codes:
    """`starts[0]`, `starts[0] + 1` and so on, `counts[0]` of them; then those of the next."""
    return np.asarray(np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts), np.int64)


def _points(table: pd.DataFrame, rows: Codes) -> tuple[Floats, Floats]:
    return table["latitude"].to_numpy(float)[rows], table["longitude"].to_numpy(float)[rows]
