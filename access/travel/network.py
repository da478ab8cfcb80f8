"""Road networks on this machine: built once from OpenStreetMap extracts, and asked by name."""

import json
import re
import shutil
import tarfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from pydantic import BaseModel, ValidationError

from access.errors import RoadsError, SourceError
from access.places.atomic_writes import names_set_aside, replace_folder, restore_folder
from access.settings import code_version, settings
from access.sources.fetching.copies import FetchedFile, describe_file
from access.sources.fetching.progress import Progress
from access.sources.openstreetmap.extracts import merge_extracts, timestamp_of_extract
from access.sources.openstreetmap.geofabrik import LICENSE, fetch_extract
from access.travel.routers.osrm import PROFILES, STEM, Osrm, open_osrm, osrm_version, prepare_network

_NETWORK_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRACT_ENDINGS: Final = (".pbf", ".osm", ".osm.bz2", ".osm.gz")


class ExtractRecord(BaseModel):
    """One extract that a network was built from; `timestamp_of_extract`: the moment of the map (None: its header does
    not say).
    """

    url: str
    sha256: str
    size_bytes: int
    retrieved: str
    as_of: str | None


class Network(BaseModel):
    """Where a road network came from, and the degrees between which its roads lie."""

    name: str
    engine: str
    profile: str
    algorithm: str
    south: float
    west: float
    north: float
    east: float
    built_on: str
    build_seconds: float
    size_bytes: int
    code_version: str
    licence: str
    extracts: list[ExtractRecord]


def build_network(
    extracts: Sequence[str | Path],
    *,
    profile: str = "car",
    name: str | None = None,
    contract: bool = False,
    mirror: str | Path | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
) -> Network:
    """A road network of one extract, or of several that together cover a state and its neighbours.

    Parameters
    ----------
    extracts: files, or names as Geofabrik has them (`maine`).
    profile: `car`, `foot` or `bicycle`.
    name: what it is asked by; None: the extract's name, with the profile where that is not `car`.
    contract: prepare for longer (30 times and more), so that it is several times faster to ask.

    Raises
    ------
    SourceError
        An extract cannot be had, or is not one.
    RoadsError
        OSRM is not installed, cannot make a network of it, or the name is not one; an older network of that
        name is untouched.
    PackError
        The disk is full or may not be written; the same.
    """
    folder = _folder_of(name or _name_for(extracts, profile))
    if profile not in PROFILES:
        raise RoadsError(f"'{profile}' is not one of {', '.join(PROFILES)}.")
    engine = f"OSRM {osrm_version()}"
    begun = time.monotonic()
    cache = settings().data_folder / ".cache"
    got = [_get_extract(one, cache, mirror, refresh, progress) for one in extracts]
    records = [_record_of(one) for one in got]

    def write(temporary: Path) -> None:
        own = temporary / "extract"
        own.mkdir()
        source = merge_extracts([one.path for one in got], own, progress=progress)
        algorithm = "CH" if contract else "MLD"
        prepare_network(source, temporary, profile=profile, algorithm=algorithm, progress=progress)
        shutil.rmtree(own)
        south, west, north, east = _bounds_of(temporary)
        network = Network(
            name=folder.name,
            engine=engine,
            profile=profile,
            algorithm=algorithm,
            south=south,
            west=west,
            north=north,
            east=east,
            built_on=datetime.now(UTC).date().isoformat(),
            build_seconds=round(time.monotonic() - begun, 1),
            size_bytes=sum(path.stat().st_size for path in temporary.iterdir()),
            code_version=code_version(),
            licence=LICENSE,
            extracts=records,
        )
        (temporary / "manifest.json").write_text(network.model_dump_json(indent=1) + "\n", encoding="utf-8")

    replace_folder(folder, write)
    return load_network(folder.name)


def network_names() -> list[str]:
    """The road networks on this machine, by name."""
    home = _networks_folder()
    if not home.is_dir():
        return []
    for name in names_set_aside(home):
        restore_folder(home / name)
    return sorted(
        path.parent.name for path in home.glob("*/manifest.json") if _NETWORK_NAME.fullmatch(path.parent.name)
    )


def load_network(name: str) -> Network:
    """What a network was built from.

    Raises
    ------
    RoadsError
        There is none of that name, or its manifest is damaged.
    """
    path = _existing_folder(name) / "manifest.json"
    try:
        return Network.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as failure:
        raise RoadsError(f"{path} is damaged. Build it again: trd-access roads build") from failure


def open_network(name: str) -> Osrm:
    """The engine on that network, read into memory.

    Raises
    ------
    RoadsError
        There is none of that name, it is damaged, or OSRM is not installed.
    """
    network = load_network(name)
    return open_osrm(_existing_folder(name), profile=network.profile, algorithm=network.algorithm)


def network_stamp(name: str) -> int:
    """When the network of that name was built, which tells it from the one before; 0: there is none."""
    path = settings().roads_folder / name / "manifest.json"
    return path.stat().st_mtime_ns if _NETWORK_NAME.fullmatch(name) and path.is_file() else 0


def remove_network(name: str) -> None:
    """The network of that name, gone.

    Raises
    ------
    RoadsError
        There is none of that name, or it cannot be removed.
    """
    folder = _existing_folder(name)
    try:
        # Without its manifest it is none, should this be stopped half way.
        (folder / "manifest.json").unlink(missing_ok=True)
        shutil.rmtree(folder)
    except OSError as failure:
        raise RoadsError(f"{folder} cannot be removed ({failure.strerror}).") from failure


def _networks_folder() -> Path:
    return settings().roads_folder


def _folder_of(name: str) -> Path:
    if not _NETWORK_NAME.fullmatch(name):
        raise RoadsError(f"'{name}' cannot name a road network; use letters, digits, dots, dashes and underscores.")
    return _networks_folder() / name


def _existing_folder(name: str) -> Path:
    folder = _folder_of(name)
    restore_folder(folder)
    if not (folder / "manifest.json").is_file():
        there = ", ".join(network_names()) or "none yet"
        raise RoadsError(f"There is no road network named '{name}' ({there}). Build one: trd-access roads build maine")
    return folder


def _name_for(extracts: Sequence[str | Path], profile: str) -> str:
    if len(extracts) != 1:
        raise RoadsError("Say what to call a network of several extracts: --name north")
    plain = Path(extracts[0]).name
    for ending in (*_EXTRACT_ENDINGS, ".osm", "-latest"):
        plain = plain.removesuffix(ending)
    return plain if profile == "car" else f"{plain}-{profile}"


def _get_extract(
    one: str | Path, cache: Path, mirror: str | Path | None, refresh: bool, progress: Progress | None
) -> FetchedFile:
    if not (isinstance(one, Path) or Path(one).is_file() or str(one).endswith(_EXTRACT_ENDINGS)):
        return fetch_extract(one, cache=cache, progress=progress, mirror=mirror, refresh=refresh)
    path = Path(one)
    if not path.is_file():
        raise SourceError(f"There is no file {path}. Give an OpenStreetMap extract, such as maine-latest.osm.pbf.")
    return describe_file(path, path.name)


def _record_of(got: FetchedFile) -> ExtractRecord:
    return ExtractRecord(
        url=got.url,
        sha256=got.sha256,
        size_bytes=got.size_bytes,
        retrieved=got.retrieved,
        as_of=timestamp_of_extract(got.path),
    )


def _bounds_of(folder: Path) -> tuple[float, float, float, float]:
    """South, west, north and east of the nodes of the network, which OSRM keeps as millionths of a degree."""
    with tarfile.open(folder / f"{STEM}.osrm.nbg_nodes") as nodes:
        packed = nodes.extractfile("/common/nbn_data/coordinates")
        if packed is None:
            raise RoadsError(f"{folder} holds no nodes of a road network; build it again.")
        degrees = np.frombuffer(packed.read(), "<i4").reshape(-1, 2) / 1e6
    (west, south), (east, north) = degrees.min(axis=0), degrees.max(axis=0)
    return float(south), float(west), float(north), float(east)
