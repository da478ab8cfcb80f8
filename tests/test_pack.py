"""A pack on disk: whole or not at all, and one sentence for whatever is wrong with it."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from access.errors import PackError, TableError
from access.places.pack import Pack, load_pack, pack_folder, pack_names, save_pack

# A limit on the size of files stands for a disk that is full: the write itself fails, half-way.
FULL_DISK = """
import resource, sys
from pathlib import Path
from access.errors import PackError
from access.places.pack import load_pack, save_pack
pack = load_pack("starter")
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    save_pack(pack, Path(sys.argv[1]))
except PackError as failure:
    print(failure)
"""


@pytest.fixture
def saved() -> Pack:
    pack = load_pack("starter")
    mine = Pack(pack.people, pack.clinics, pack.services, pack.manifest.model_copy(update={"name": "mine"}))
    save_pack(mine, pack_folder("mine"))
    return mine


def test_a_pack_survives_its_folder(saved: Pack) -> None:
    again = load_pack("mine")
    for table in ("people", "clinics", "services"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(saved, table))
    assert again.manifest == saved.manifest
    assert pack_names() == ["starter", "mine"]


def test_a_full_disk_leaves_the_old_pack_whole_and_nothing_else(saved: Pack) -> None:
    folder = pack_folder("mine")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = subprocess.run([sys.executable, "-c", FULL_DISK, str(folder)], capture_output=True, text=True, check=True)
    assert "could not be written" in said.stdout
    assert "untouched" in said.stdout
    assert said.stdout.count("\n") == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["mine"]


def test_a_table_that_breaks_its_contract_is_not_saved(saved: Pack) -> None:
    people = saved.people.assign(latitude=450.0)
    with pytest.raises(TableError, match=r"latitude is 450 \(row 1"):
        save_pack(Pack(people, saved.clinics, saved.services, saved.manifest), pack_folder("mine"))
    assert load_pack("mine").people["latitude"].max() < 90


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda folder: (folder / "people.parquet").write_bytes(b"PAR1"), "people.parquet is damaged"),
        (lambda folder: (folder / "services.parquet").unlink(), "services.parquet is not there"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json is damaged"),
        (lambda folder: halved(folder / "clinics.parquet"), "clinics.parquet is damaged"),
        (lambda folder: without_column(folder / "people.parquet"), "has no column latitude"),
    ],
)
def test_a_damaged_pack_is_one_sentence_that_says_what_to_do(saved: Pack, damage, says: str) -> None:
    damage(pack_folder("mine"))
    with pytest.raises(PackError, match=says) as refused:
        load_pack("mine")
    assert "trd-access data build" in str(refused.value)
    assert "\n" not in str(refused.value)


def halved(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def without_column(path: Path) -> None:
    pd.read_parquet(path).drop(columns="latitude").to_parquet(path)


def test_a_name_that_leaves_the_data_folder_is_refused() -> None:
    for name in ("../up", "a/b", "", ".hidden"):
        with pytest.raises(PackError, match="cannot name a pack"):
            pack_folder(name)


def test_a_folder_that_may_not_be_written_is_one_sentence(saved: Pack, tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    with pytest.raises(PackError, match="cannot be written"):
        save_pack(saved, blocker / "pack")
