"""OpenTimes: driving seconds between tracts, worked out for the whole country with OSRM, one table per state."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from numpy.typing import NDArray

from access.errors import SourceError
from access.geo import Floats
from access.settings import settings
from access.sources.fetching.copies import AbsentFileError, FetchedFile
from access.sources.fetching.download import fetch_file
from access.sources.fetching.progress import Progress
from access.vocabulary import STATE_FIPS, STATE_OF_FIPS

# The 50 states and D.C.; no territories.
STATES: Final = frozenset(STATE_OF_FIPS) - {STATE_FIPS["PR"]}
# Each table begins a new part at 475 MB, so a part below this is the last.
FULL_BYTES: Final = 400_000_000
_COLUMNS: Final = ("origin_id", "destination_id", "duration_sec")
_BATCH: Final = 1 << 20


Positions = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TractTimes:
    """Seconds of driving from some tracts to others; a pair that is not in it has no route, or is too far or long.

    `origin`, `destination`: positions in the lists of tracts that were asked for; `seconds`: one for each pair.
    `has_origin`, `has_destination`: whether the tables know each tract that was asked for.
    """

    origin: Positions
    destination: Positions
    seconds: Floats
    has_origin: Flags
    has_destination: Flags


def fetch_state_tables(
    state: str,
    *,
    cache: Path,
    mirror: str | Path | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
    full_bytes: int = FULL_BYTES,
) -> list[FetchedFile]:
    """The parts of one state's table (two digits), in the version and year of the settings.

    Raises
    ------
    SourceError
        As `access.sources.fetching.download.fetch_file`.
    """
    asked = settings()
    address = asked.addresses["opentimes"][0]
    parts: list[FetchedFile] = []
    while not parts or parts[-1].size_bytes >= full_bytes:
        url = address.format(version=asked.opentimes_version, year=asked.opentimes_year, state=state, part=len(parts))
        try:
            parts.append(fetch_file(url, cache=cache, mirror=mirror, refresh=refresh, progress=progress))
        except AbsentFileError:
            if not parts:
                raise
            break
    return parts


def read_times(
    paths: Sequence[Path],
    *,
    origins: pd.Index,
    destinations: pd.Index,
    max_seconds: float,
    names: Mapping[str, str] | None = None,
) -> TractTimes:
    """The times of at most `max_seconds` between some tracts (11 digits, as text), from the tables of their states.

    Only the three columns are read, of them only the row groups that can hold one of `origins`, and of those only
    the pairs that are asked for are kept. Pairs of a tract with itself, which stand as 0, are left out.

    Parameters
    ----------
    names: the tract that is meant by a number of the tables, where it is another; None: none is.

    Raises
    ------
    SourceError
        A file cannot be read, lacks a column, has tracts that are not text, or holds a pair with two times.

    Source
    ------
    OpenTimes (MIT), opentimes.org; github.com/dfsnow/opentimes, README.md and data/src/create_public_files.py.
    """
    sides = _Side.of(origins, names or {}), _Side.of(destinations, names or {})
    itself = destinations.get_indexer(origins).astype(np.int32)
    found = [_no_pairs()]
    for path in paths:
        found.extend(_read_pairs(path, sides, itself, max_seconds))
    origin, destination, seconds = (np.concatenate(column) for column in zip(*found, strict=True))
    origin, destination, seconds = _drop_repeats(origin, destination, seconds, origins, paths)
    return TractTimes(origin, destination, seconds, has_origin=sides[0].is_known, has_destination=sides[1].is_known)


@dataclass(frozen=True, eq=False)
class _Side:
    """The tracts asked for at one end: `numbers` as the tables may write them, and the `position` of each.

    `is_known`: for each tract, whether the tables have been seen to know it.
    """

    tracts: pd.Index
    numbers: pa.Array
    position: Positions
    is_known: Flags

    @classmethod
    def of(cls, tracts: pd.Index, names: Mapping[str, str]) -> "_Side":
        others = [number for number, meant in names.items() if meant in tracts]
        position = tracts.get_indexer(pd.Index([*tracts, *(names[number] for number in others)]))
        numbers = pa.array([*tracts, *others], pa.string())
        # The last stands for what is not asked for.
        return cls(tracts, numbers, np.append(position, -1).astype(np.int32), np.zeros(len(tracts), np.bool_))

    def positions(self, column: pa.Array, path: Path) -> Positions:
        """The position of each row's tract; -1: it is not asked for."""
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if coded.null_count:
            raise SourceError(f"{path}: {coded.null_count} rows name no tract. Fetch it again.")
        at = pc.index_in(coded.dictionary.cast(pa.string()), value_set=self.numbers)
        of_code = self.position[pc.fill_null(at, len(self.numbers)).to_numpy(zero_copy_only=False)]
        self.is_known[of_code[of_code >= 0]] = True
        found: Positions = of_code[coded.indices.to_numpy(zero_copy_only=False)]
        return found


_Pairs = tuple[Positions, Positions, Floats]


def _read_pairs(path: Path, sides: tuple[_Side, _Side], itself: Positions, max_seconds: float) -> Iterator[_Pairs]:
    try:
        with _open_table(path) as file:
            for group in _row_groups(file, sides[0], path):
                # One by one: read together they would all stand in memory for a while.
                for batch in file.iter_batches(_BATCH, row_groups=[group], columns=list(_COLUMNS)):
                    yield _choose_pairs(batch, sides, itself, max_seconds, path)
    except SourceError:
        raise
    except (OSError, pa.ArrowException) as failure:
        why = " ".join(str(failure).split())[:200]
        raise SourceError(f"{path} cannot be read as a table of OpenTimes ({why}). Fetch it again.") from failure


def _no_pairs() -> _Pairs:
    return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0)


def _open_table(path: Path) -> pq.ParquetFile:
    file = pq.ParquetFile(path, read_dictionary=list(_COLUMNS[:2]))
    kinds = {field.name: field.type for field in file.schema_arrow}
    if missing := [name for name in _COLUMNS if name not in kinds]:
        raise SourceError(
            f"{path} has the columns {', '.join(kinds)}, but no {missing[0]}. Give a table of OpenTimes' times."
        )
    if not all(_is_text(kinds[name]) for name in _COLUMNS[:2]):
        raise SourceError(f"{path}: its tracts are no text, so that leading zeros are lost. Fetch it again.")
    if not _is_number(kinds[_COLUMNS[2]]):
        raise SourceError(f"{path}: its durations are no numbers. Fetch it again.")
    return file


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind))


def _row_groups(file: pq.ParquetFile, origins: _Side, path: Path) -> list[int]:
    """The row groups that can hold one of `origins`; a table stands by origin, so that most hold few."""
    numbers = np.array(sorted(origins.numbers.to_pylist()), dtype=object)
    column = file.schema_arrow.get_field_index(_COLUMNS[0])
    about = [file.metadata.row_group(group).column(column).statistics for group in range(file.metadata.num_row_groups)]
    return [group for group, found in enumerate(about) if _can_hold(found, numbers, path)]


def _can_hold(about: pq.Statistics | None, numbers: NDArray[np.object_], path: Path) -> bool:
    if about is None or not about.has_min_max:
        return True
    _refuse_damaged(about.min, path)
    first = np.searchsorted(numbers, about.min)
    return bool(first < len(numbers) and numbers[first] <= about.max)


def _refuse_damaged(tract: str, path: Path) -> None:
    if len(tract) != 11 or not tract.isdecimal():
        raise SourceError(f"{path}: '{tract}' is no tract of 11 digits. Give a table of OpenTimes between tracts.")


def _choose_pairs(
    batch: pa.RecordBatch, sides: tuple[_Side, _Side], itself: Positions, max_seconds: float, path: Path
) -> _Pairs:
    """The pairs of a batch that are asked for; `itself`: where each origin stands among the destinations."""
    origin, destination = (
        side.positions(batch.column(name), path) for side, name in zip(sides, _COLUMNS, strict=False)
    )
    rows = np.flatnonzero((origin >= 0) & (destination >= 0))
    seconds = np.asarray(batch.column(_COLUMNS[2]).take(pa.array(rows)).to_numpy(zero_copy_only=False), np.float64)
    if (seconds < 0).any():
        raise SourceError(f"{path}: a drive takes {seconds.min():g} seconds. Fetch it again.")
    chosen = (seconds <= max_seconds) & (itself[origin[rows]] != destination[rows])
    return origin[rows[chosen]], destination[rows[chosen]], seconds[chosen]


def _drop_repeats(
    origin: Positions,
    destination: Positions,
    seconds: Floats,
    origins: pd.Index,
    paths: Sequence[Path],
) -> _Pairs:
    """The pairs by origin and destination, each once."""
    order = np.lexsort((seconds, destination, origin))
    origin = origin[order]
    destination = destination[order]
    seconds = seconds[order]
    again = (np.diff(origin, prepend=-1) == 0) & (np.diff(destination, prepend=-1) == 0)
    differs = again & (np.diff(seconds, prepend=np.nan) > 0)
    if differs.any():
        first = origins[origin[np.flatnonzero(differs)[0]]]
        raise SourceError(
            f"{paths[0]}: from tract {first} to another there are two times ({int(differs.sum())} such). "
            "Fetch it again."
        )
    return origin[~again], destination[~again], seconds[~again]
