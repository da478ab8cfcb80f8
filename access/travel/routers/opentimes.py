"""Trips by OpenTimes' tables between tracts (roads, without traffic), and by estimate where these do not tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from access.errors import SourceError, TableError
from access.geo import Floats, great_circle_km
from access.settings import settings
from access.sources.census.connecticut import tracts_by_region
from access.sources.fetching.copies import FetchedFile
from access.sources.fetching.download import fetch_first
from access.sources.fetching.progress import Progress
from access.sources.opentimes import STATES, fetch_state_tables, read_times
from access.sources.usda import ruca_by_tract
from access.travel.estimate import BANDED, MAX_MINUTES, DriveEstimate
from access.travel.mode import Mode
from access.travel.origins import Codes, Origins, origins_of, rurality_codes
from access.travel.trips import Trips, merge_trips
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
    files: tuple[FetchedFile, ...]


@dataclass(frozen=True, eq=False)
class _TractTimes:
    """Seconds between tracts by their codes (NaN: within one tract), in the order of `origin`."""

    origin: Codes
    destination: Codes
    seconds: Floats
    has_origin: NDArray[np.bool_]
    has_destination: NDArray[np.bool_]
    files: tuple[FetchedFile, ...]


@dataclass(frozen=True)
class _FetchOptions:
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
    connecticut: its tracts of 2020 by their numbers since 2022, as `access.sources.census.connecticut` reads them;
    None:
        from the RUCA table, which is fetched where it is needed.
    cache, mirror, refresh, progress: as `access.sources.fetching.download.fetch_file`; cache None: in the data folder.

    Raises
    ------
    TableError
        A place is neither tract nor block group, or a clinic's tract is none.
    ValueError
        A factor of congestion that is none, or of no rurality.
    SourceError
        A table cannot be had or read.

    Source
    ------
    OpenTimes, github.com/dfsnow/opentimes (MIT), by OSRM on OpenStreetMap's roads (ODbL).
    """
    factors = congestion_factors(congestion or {})
    reading = _FetchOptions(cache or settings().data_folder / ".cache", mirror, refresh, progress)
    homes = tracts_of(people["geoid"], "people")
    sites = _clinic_tracts(clinics, clinic_tracts, people if landmarks is None else landmarks)
    place_tract, origins = pd.factorize(homes)
    clinic_tract, destinations = pd.factorize(sites)
    names = _connecticut_names(homes, sites, connecticut, reading)
    longest = max_minutes * 60 / float(factors.min())
    times = _read_tract_times(pd.Index(origins), pd.Index(destinations), longest, names, reading)
    trips, is_estimated = _trips_by_tract(
        people, clinics, times, (place_tract, clinic_tract), factors, estimate, max_minutes
    )
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


def congestion_factors(congestion: Mapping[str, float]) -> Floats:
    """One factor for each of `RURALITIES`; 1 where none is given.

    Raises
    ------
    ValueError
        A factor that is none, or of no rurality.
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
    TableError
        One is neither; `what` they are.
    """
    wrong = ~geoids.str.fullmatch(r"\d{11,12}")
    if wrong.any():
        raise TableError(
            f"OpenTimes knows tracts and block groups, but of the {what} {geoids[wrong].iloc[0]} is neither "
            f"({int(wrong.sum())} such). Build a pack of the Census: trd-access data build."
        )
    return geoids.str[:11]


def _clinic_tracts(clinics: pd.DataFrame, known: "pd.Series[str] | None", landmarks: pd.DataFrame) -> "pd.Series[str]":
    if known is None:
        return nearest_tracts(clinics, landmarks)
    given = known.reindex(pd.Index(clinics["clinic_id"]))
    if given.isna().any():
        given = given.fillna(nearest_tracts(clinics, landmarks))
    return tracts_of(given.astype("str"), "clinics' tracts")


def _connecticut_names(
    homes: "pd.Series[str]", sites: "pd.Series[str]", connecticut: "pd.Series[str] | None", reading: _FetchOptions
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


def _read_tract_times(
    origins: pd.Index, destinations: pd.Index, max_seconds: float, names: Mapping[str, str], reading: _FetchOptions
) -> _TractTimes:
    """From the tables of the origins' states, one after another."""
    itself = destinations.get_indexer(origins)
    has_origin = np.zeros(len(origins), np.bool_)
    has_destination = np.zeros(len(destinations), np.bool_)
    found: list[tuple[Codes, Codes, Floats]] = []
    files: list[FetchedFile] = []
    states = pd.Index(origins.str[:2])
    for state in sorted(set(states) & STATES):
        rows = np.flatnonzero(states == state)
        parts = fetch_state_tables(
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
    return _TractTimes(origin[order], destination[order], seconds[order], has_origin, has_destination, tuple(files))


def _trips_by_tract(
    people: pd.DataFrame,
    clinics: pd.DataFrame,
    times: _TractTimes,
    tracts: tuple[Codes, Codes],
    factors: Floats,
    estimate: DriveEstimate,
    max_minutes: float,
) -> tuple[Trips, NDArray[np.bool_]]:
    row, column, seconds = _pairs_of_points(times, *tracts)
    kind = rurality_codes(people["rurality"])[row]
    km = great_circle_km(*_points_at(people, row), *_points_at(clinics, column))
    minutes = seconds / 60
    within = np.isnan(seconds)
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
        modes=(opentimes_mode(factors.tolist()),),
        max_minutes=max_minutes,
    )
    return trips, within[order]


def opentimes_mode(factors: Sequence[float] = ()) -> Mode:
    """The mode of trips by the tables of the settings; `factors`: of congestion, for each rurality."""
    asked = settings()
    slower = [f"{factor:g} {name}" for name, factor in zip(RURALITIES, factors, strict=False) if factor != 1]
    traffic = f"minutes times {', '.join(slower)}" if slower else "without traffic"
    version = f"{asked.opentimes_version}, {asked.opentimes_year}"
    return Mode(f"OpenTimes {version}, between tracts, {traffic}", "car", "road", "OpenTimes", version)


def _pairs_of_points(times: _TractTimes, place_tract: Codes, clinic_tract: Codes) -> tuple[Codes, Codes, Floats]:
    """Row of the place, row of the clinic and seconds: of every place in the origin to every clinic in the other."""
    by_tract = np.argsort(clinic_tract, kind="stable")
    count = np.bincount(clinic_tract, minlength=len(times.has_destination))
    each = count[times.destination]
    clinic = by_tract[_ranges_from((np.cumsum(count) - count)[times.destination], each)]
    origin = np.repeat(times.origin, each)
    seconds = np.repeat(times.seconds, each)
    many = np.bincount(origin, minlength=len(times.has_origin))
    pick = _ranges_from((np.cumsum(many) - many)[place_tract], many[place_tract])
    return np.repeat(np.arange(len(place_tract)), many[place_tract]), clinic[pick], seconds[pick]


def _ranges_from(starts: Codes, counts: Codes) -> Codes:
    """`starts[0]`, `starts[0] + 1` and so on, `counts[0]` of them; then those of the next."""
    return np.asarray(np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts), np.int64)


def _points_at(table: pd.DataFrame, rows: Codes) -> tuple[Floats, Floats]:
    return table["latitude"].to_numpy(float)[rows], table["longitude"].to_numpy(float)[rows]


OPENTIMES: Final = "opentimes"
# Each table ends 300 km beyond its state's border: of longer drives some are lacking, so that none of them is unsaid.
KNOWN_MINUTES: Final = 170.0


def is_opentimes(roads: str) -> bool:
    """Whether `roads` names OpenTimes, with or without factors of congestion."""
    return roads.partition("#")[0] == OPENTIMES


def opentimes_finder(roads: str, estimate: DriveEstimate = BANDED) -> "ByOpenTimes":
    """OpenTimes as `roads` names it: "opentimes", or with factors of congestion "opentimes#urban=1.3&rural=1.1".

    Raises
    ------
    SourceError
        A factor is none, or of no rurality.
    """
    said = dict(parse_qsl(roads.partition("#")[2], keep_blank_values=True))
    try:
        factors = {name: float(text) for name, text in said.items()}
        congestion_factors(factors)
    except ValueError as failure:
        raise SourceError(f"'{roads}' is not OpenTimes: {failure} Write it like opentimes#urban=1.3.") from None
    return ByOpenTimes(estimate, congestion=factors)


@dataclass(frozen=True, eq=False)
class ByOpenTimes:
    """Between tracts as OpenTimes has it, and by `estimate` where it does not tell; each trip says which.

    Estimated are drives within one tract, from or to a tract that the tables do not know, and those that are not in
    the tables and take longer than `KNOWN_MINUTES` by the estimate. What is not in the tables and would be shorter has
    no route, and is no trip. A place that is not itself of the Census is taken to be in the tract of the nearest
    landmark, and so is each clinic. A drive by the tables has no interval: `low` and `high` are 1. `congestion`:
    factors on the minutes by rurality of the place, 1 to 5; the estimate's drives are without.
    """

    estimate: DriveEstimate = BANDED
    low: float = 1.0
    high: float = 1.0
    congestion: Mapping[str, float] = field(default_factory=dict)

    @property
    def mode(self) -> Mode:
        """The version and year of the tables, and the congestion that is asked for."""
        return opentimes_mode([self.congestion.get(name, 1.0) for name in RURALITIES])

    def trips(
        self, origins: Origins, clinics: pd.DataFrame, *, max_minutes: float, landmarks: Origins | None = None
    ) -> Trips:
        """As `access.travel.trip_finder.TripFinder`.

        Raises
        ------
        TableError
            The landmarks are neither tracts nor block groups.
        SourceError
            A table cannot be had or read.
        """
        around = landmarks or origins
        estimated = self.estimate.trips(origins, clinics, max_minutes=max_minutes, landmarks=around)
        people = _people_by_tract(origins, around)
        nearest = around.geoids[around.nearest(clinics["latitude"], clinics["longitude"])]
        sites = tracts_of(pd.Series(nearest, dtype="str"), "places")
        found = opentimes_trips(
            people,
            clinics,
            max_minutes=np.inf,  # so that a pair that is too long is told from one that is not known
            estimate=self.estimate,
            congestion=self.congestion,
            clinic_tracts=sites.set_axis(pd.Index(clinics["clinic_id"])),
            mirror=settings().mirror,
        )
        told = replace(found.trips, places=origins.geoids, max_minutes=max_minutes).where(~found.is_estimated)
        rest = estimated.where(_is_left_to_estimate(estimated, told, people["geoid"], sites, found))
        return merge_trips(told.where(told.minutes <= max_minutes), rest, told.clinics, 0)

    def most_minutes(self, road_km: float, rurality: ArrayLike) -> Floats:
        """As `access.travel.trip_finder.TripFinder`: a road may be slow, so the longest trips that are kept."""
        return np.full(np.shape(rurality), MAX_MINUTES) if road_km > 0 else np.zeros(np.shape(rurality))

    def most_km(self, max_minutes: float) -> float:
        """As `access.travel.trip_finder.TripFinder`, but for how far places and clinics lie from the middles of their
        tracts.
        """
        return max(max_minutes * self.mode.fastest_km_per_minute, self.estimate.most_km(max_minutes))


def _people_by_tract(origins: Origins, around: Origins) -> pd.DataFrame:
    """The places by tract, as a people table; to a place that is itself one of `around`, none is nearer."""
    points = origins.points()
    nearest = around.geoids[around.nearest(points["latitude"], points["longitude"])]
    homes = tracts_of(pd.Series(nearest, dtype="str"), "places")
    return points.assign(geoid=homes, county=homes.str[:5], rurality=np.array(list(RURALITIES))[origins.rurality])


def _is_left_to_estimate(
    estimated: Trips, told: Trips, homes: "pd.Series[str]", sites: "pd.Series[str]", found: OpenTimesTrips
) -> NDArray[np.bool_]:
    """Whether the tables leave each estimated trip to the estimate; `homes`, `sites`: tracts of places and clinics."""
    row = estimated.row_by_trip
    column = estimated.clinic_index
    no_place = homes.isin(found.unknown_places).to_numpy()
    no_clinic = estimated.clinics.isin(found.unknown_clinics.append(found.far_clinics))
    within = homes.to_numpy(object)[row] == sites.to_numpy(object)[column]
    open_to_it = within | no_place[row] | no_clinic[column] | (estimated.minutes > KNOWN_MINUTES)
    return np.asarray(open_to_it & ~np.isin(_pair_codes(row, estimated), _pair_codes(told.row_by_trip, told)))


def _pair_codes(row: Codes, trips: Trips) -> Codes:
    """One number for each trip's place and clinic."""
    return np.asarray(row * len(trips.clinics) + trips.clinic_index, np.int64)
