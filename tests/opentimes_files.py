"""Tables as OpenTimes publishes them, made up by hand, in a mirror folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

Times = Mapping[tuple[str, str], float]


def table_of(times: Times) -> pa.Table:
    """By origin, with the columns of README.md: text, text and a double; and one that nobody asks for."""
    rows = sorted((origin, destination, float(seconds)) for (origin, destination), seconds in times.items())
    origin, destination, seconds = (list(column) for column in zip(*rows, strict=True))
    return pa.table(
        {
            "origin_id": pa.array(origin, pa.string()),
            "destination_id": pa.array(destination, pa.string()),
            "duration_sec": pa.array(seconds, pa.float64()),
            "chunk_id": pa.array(["0-1"] * len(rows), pa.string()),
        }
    )


def place_of_table(mirror: Path, state: str, *, year: str = "2024", part: int = 0) -> Path:
    """Where a mirror has one part of a state's table."""
    folder = mirror / f"data.opentimes.org/times/version=0.0.1/mode=car/year={year}/geography=tract/state={state}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"times-0.0.1-car-{year}-tract-{state}-{part}.parquet"


def publish(mirror: Path, state: str, times: Times, *, rows_a_group: int = 2, **where: Any) -> Path:
    """The table in its place, in small row groups."""
    path = place_of_table(mirror, state, **where)
    pq.write_table(table_of(times), path, row_group_size=rows_a_group, compression="zstd")
    return path


def people_at(points: Mapping[str, tuple[float, float, str]]) -> pd.DataFrame:
    """A people table of `{geoid: (latitude, longitude, rurality)}`."""
    latitude, longitude, rurality = zip(*points.values(), strict=True)
    return pd.DataFrame(
        {
            "geoid": list(points),
            "latitude": latitude,
            "longitude": longitude,
            "population": 100,
            "county": [geoid[:5] for geoid in points],
            "rurality": rurality,
        }
    )


def clinics_at(points: Mapping[str, tuple[float, float]]) -> pd.DataFrame:
    """The columns of a clinics table that trips read, of `{clinic_id: (latitude, longitude)}`."""
    latitude, longitude = zip(*points.values(), strict=True)
    return pd.DataFrame({"clinic_id": list(points), "latitude": latitude, "longitude": longitude})
