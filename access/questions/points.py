"""Points of one's own, by the million: each with its nearest clinic, and how many people are beyond each limit."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import tee
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from access.errors import SourceError, TableError
from access.places.pack import Pack
from access.places.services import clinics_offering
from access.questions.gaps import EVERYONE, by_rurality_then_all
from access.sources.raster import points_of_raster
from access.tables import require_columns
from access.travel.estimate import MAX_MINUTES
from access.travel.many_points import CHUNK, add_areas, nearest_of_points
from access.travel.origins import origins_of
from access.travel.pack_travel import estimate_of

_GRIDS: Final = (".tif", ".tiff")


def read_points(path: Path, *, chunk: int = CHUNK) -> Iterator[pd.DataFrame]:
    """Points from a population grid (GeoTIFF) or a CSV, in tables of at most `chunk` rows, numbered on.

    A CSV has `latitude` and `longitude`; without `population` each point counts as one. Other columns are kept.

    Raises
    ------
    SourceError
        The file is not there or cannot be read; as `points_of_raster`.
    TableError
        A column is missing, or a cell of it is no number of people.
    """
    tables = points_of_raster(path) if path.suffix.lower() in _GRIDS else _read_csv(path, chunk)
    for table in tables:
        for begin in range(0, len(table), chunk):
            yield table.iloc[begin : begin + chunk]


def _read_csv(path: Path, chunk: int) -> Iterator[pd.DataFrame]:
    try:
        with pd.read_csv(path, chunksize=chunk, dtype=str, encoding="utf-8-sig") as parts:
            for table in parts:
                yield _parse_numbers(table, path.name)
    except FileNotFoundError:
        raise SourceError(f"{path} is not there; check its name.") from None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as failure:
        raise SourceError(f"{path.name} cannot be read as a CSV in UTF-8: {str(failure).splitlines()[0]}.") from failure


def _parse_numbers(table: pd.DataFrame, name: str) -> pd.DataFrame:
    require_columns(table, ["latitude", "longitude"], where=name)
    known = [column for column in ("latitude", "longitude", "population") if column in table]
    table = table.assign(**{column: pd.to_numeric(table[column], errors="coerce") for column in known})
    if "population" not in table:
        return table.assign(population=1.0)
    wrong = ~(table["population"] >= 0)
    if wrong.any():
        raise TableError(
            f"{name}: row {table.index[wrong][0] + 2} has no number of people from 0 ({int(wrong.sum())} such in this "
            "part); correct it, or leave the column out and each row counts as one."
        )
    return table


def nearest_for_points(
    tables: Iterable[pd.DataFrame],
    pack: Pack,
    treatments: Sequence[str],
    *,
    max_minutes: float = MAX_MINUTES,
    cluster: str | None = None,
) -> Iterator[pd.DataFrame]:
    """Each table of points in turn with `state`, `county`, `rurality` of the nearest place, `minutes` and `km`.

    NaN: no clinic that gives any of `treatments` (none named: any) within `max_minutes`. `cluster`: the address of a
    Dask scheduler.

    Raises
    ------
    TableError
        As `nearest_of_points`.
    AccessError
        As `nearest_of_points`.
    """
    landmarks = origins_of(pack.people)
    offering = clinics_offering(pack.services, treatments)
    clinics = pack.clinics[pack.clinics["clinic_id"].isin(offering)]
    asked, kept = tee(tables)
    # The nearest place lends what no point can be trusted to know; bare points are asked, so that both agree.
    bare = (table[["latitude", "longitude"]] for table in asked)
    answers = nearest_of_points(
        bare, clinics, landmarks=landmarks, max_minutes=max_minutes, estimate=estimate_of(pack), cluster=cluster
    )
    for answer in answers:
        points = next(kept)
        yield add_areas(points, pack.people, landmarks=landmarks).assign(minutes=answer["minutes"], km=answer["km"])


def points_beyond(tables: Iterable[pd.DataFrame], limits: Sequence[float]) -> pd.DataFrame:
    """People of the points beyond each of `limits` minutes, by rurality and all; who reaches nothing is beyond all.

    Returns
    -------
    pd.DataFrame
        `rurality`, `beyond`, `people`, `people_beyond`, `share_beyond` (NaN: no people), `people_unreached`.
    """
    parts = [_beyond_by_rurality(table, limits) for table in tables]
    if not parts:
        raise TableError("There are no points with people in them; nothing to answer.")
    keys = ["rurality", "beyond"]
    grouped = pd.concat(parts).groupby(keys, as_index=False).sum()
    everyone = grouped.drop(columns="rurality").groupby("beyond", as_index=False).sum().assign(group=EVERYONE)
    table = by_rurality_then_all(grouped, everyone)
    share = (table["people_beyond"] / table["people"]).where(table["people"] > 0)
    return table.assign(share_beyond=share)[[*keys, "people", "people_beyond", "share_beyond", "people_unreached"]]


def _beyond_by_rurality(table: pd.DataFrame, limits: Sequence[float]) -> pd.DataFrame:
    people = table["population"].to_numpy(float)
    minutes = table["minutes"].to_numpy(float)
    rows = [
        table[["rurality"]].assign(
            beyond=float(limit),
            people=people,
            people_beyond=np.where(minutes <= limit, 0.0, people),
            people_unreached=np.where(np.isnan(minutes), people, 0.0),
        )
        for limit in limits
    ]
    return pd.concat(rows).groupby(["rurality", "beyond"], as_index=False).sum()
