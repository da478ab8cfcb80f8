"""A pack: the people, clinics and services that belong together, with a manifest of where they came from."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pydantic import BaseModel, ValidationError

from access.errors import PackError, TableError
from access.places.atomic_writes import names_set_aside, replace_folder, restore_folder
from access.places.directory.corrections import apply_corrections, read_corrections
from access.settings import ROADS, settings, starter_folder
from access.tables import CLINICS, PEOPLE, SERVICES, check_table

STARTER = "starter"
NATIONAL = "us-2020"
LIVE = "starter-live"
CALIBRATION = "calibration.json"
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
_TABLES: dict[str, pa.DataFrameSchema] = {"people": PEOPLE, "clinics": CLINICS, "services": SERVICES}


class SourceRecord(BaseModel):
    """One file that a pack was made from."""

    name: str
    url: str
    sha256: str
    size_bytes: int
    rows: int
    retrieved: str
    vintage: str
    licence: str
    # A key of SOURCES, where it is one of those that list clinics.
    source: str | None = None


class Manifest(BaseModel):
    """Where a pack's tables came from."""

    name: str
    title: str
    origin_unit: str
    built_on: str
    # When its clinics were last asked of their sources, where that was later.
    refreshed_on: str | None = None
    code_version: str
    notes: list[str] = []
    sources: list[SourceRecord] = []


@dataclass(frozen=True)
class Pack:
    """Tables that belong together, checked: `people`, `clinics`, `services` as in `access.tables`.

    `calibration`: the estimate of drives that was fitted to roads here, as JSON (None: the usual one). `roads`: the
    road network, or engine, that drives go along (None: they are estimated); it is not kept with the pack.
    """

    people: pd.DataFrame
    clinics: pd.DataFrame
    services: pd.DataFrame
    manifest: Manifest
    calibration: str | None = None
    roads: str | None = None

    @property
    def name(self) -> str:
        """The name it is loaded by."""
        return self.manifest.name


def pack_names() -> list[str]:
    """The packs that can be loaded: the starter pack, then the user's own by name."""
    folder = settings().data_folder
    for name in names_set_aside(folder):
        restore_folder(folder / name)
    own = sorted(path.parent.name for path in folder.glob("*/manifest.json")) if folder.is_dir() else []
    return [STARTER, *(name for name in own if name != STARTER)]


def pack_folder(name: str) -> Path:
    """The folder of a pack, whether or not it is there.

    Raises
    ------
    PackError
        The name is not letters, digits, dots, dashes and underscores, or is that of the road networks.
    """
    if not _NAME.match(name) or name == ROADS:
        raise PackError(f"'{name}' cannot name a pack; use letters, digits, dots, dashes and underscores.")
    return starter_folder() if name == STARTER else settings().data_folder / name


def default_pack_name() -> str:
    """`TRD_ACCESS_PACK`; else the national pack where built, the starter pack as refreshed, or as it ships."""
    there = pack_names()
    return settings().pack or next(name for name in (NATIONAL, LIVE, STARTER) if name in there)


def load_pack(name: str | None = None, *, as_built: bool = False) -> Pack:
    """The pack of that name (none: the default one), every table checked, with this machine's corrections made.

    `as_built`: without the corrections, as what is made of it needs it.

    Raises
    ------
    PackError
        There is no such pack, or a file of it is damaged; says which and how to make it anew.
    """
    name = name or default_pack_name()
    folder = pack_folder(name)
    restore_folder(folder)
    if not (folder / "manifest.json").is_file():
        raise PackError(
            f"There is no pack named '{name}'; there are {', '.join(pack_names())}. "
            "Build one with: trd-access data build"
        )
    pack = _read_pack(folder)
    return pack if as_built else _with_corrections(pack)


def _with_corrections(pack: Pack) -> Pack:
    corrections = read_corrections()
    known = {one.clinic_id for one in corrections} & set(pack.clinics["clinic_id"])
    if not known:
        return pack
    clinics, services = apply_corrections(pack.clinics, pack.services, corrections)
    note = f"{len(known)} clinics are corrected by the keeper of this machine (trd-access data corrected)."
    manifest = pack.manifest.model_copy(update={"notes": [*pack.manifest.notes, note]})
    return replace(pack, clinics=clinics, services=services, manifest=manifest)


def _read_pack(folder: Path) -> Pack:
    """All tables of one writing: a pack that was replaced meanwhile is read again."""
    while True:
        written = _stamp_of(folder)
        try:
            tables = {table: _read_table(folder / f"{table}.parquet", contract) for table, contract in _TABLES.items()}
            manifest = _read_manifest(folder / "manifest.json")
            pack = Pack(**tables, manifest=manifest, calibration=calibration_in(folder), roads=settings().roads)
        except PackError:
            if _stamp_of(folder) == written:
                raise
            restore_folder(folder)
            continue
        if _stamp_of(folder) == written:
            return pack


def _stamp_of(folder: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = (folder / "manifest.json").stat()
        return found.st_ino, found.st_mtime_ns
    return None


def save_pack(pack: Pack, folder: Path, *, beside: Mapping[str, bytes] | None = None) -> None:
    """The pack written to `folder`, whole or not at all: what stood there before stays until the rename.

    `beside`: other files, by name.

    Raises
    ------
    PackError
        The disk is full or may not be written; the old pack is untouched.
    """

    def write(temporary: Path) -> None:
        for name, contract in _TABLES.items():
            table = check_table(getattr(pack, name), contract, where=f"the new {name} table")
            table.to_parquet(temporary / f"{name}.parquet", compression="zstd", index=False)
        if pack.calibration:
            (temporary / CALIBRATION).write_text(pack.calibration, encoding="utf-8")
        for name, content in (beside or {}).items():
            (temporary / name).write_bytes(content)
        (temporary / "manifest.json").write_text(pack.manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")

    replace_folder(folder, write)


def calibration_in(folder: Path) -> str | None:
    """The fitted estimate that the pack in `folder` keeps, as JSON; None: it keeps none."""
    path = folder / CALIBRATION
    return path.read_text(encoding="utf-8") if path.is_file() else None


def files_beside(folder: Path) -> dict[str, bytes]:
    """What lies beside the tables and the manifest of a pack, by name, as `save_pack` takes it."""
    own = {"manifest.json", CALIBRATION, *(f"{name}.parquet" for name in _TABLES)}
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.*")) if path.name not in own}


def _read_table(path: Path, contract: pa.DataFrameSchema) -> pd.DataFrame:
    try:
        return check_table(pd.read_parquet(path), contract, where=str(path))
    except FileNotFoundError:
        raise PackError(f"{path} is not there. Build it again (trd-access data build) or use --pack starter.") from None
    except TableError as failure:
        raise PackError(f"{failure} Or build it again (trd-access data build) or use --pack starter.") from failure
    except (OSError, ValueError) as failure:
        raise PackError(
            f"{path} is damaged and cannot be read. Build it again (trd-access data build) or use --pack starter."
        ) from failure


def _read_manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as failure:
        raise PackError(
            f"{path} is damaged and cannot be read. Build it again (trd-access data build) or use --pack starter."
        ) from failure
