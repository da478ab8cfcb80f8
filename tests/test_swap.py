"""A folder is whole, old or new, whenever the program that replaces it is killed."""

from pathlib import Path
from threading import Thread

import pytest

from access.errors import PackError
from access.places.atomic_writes import names_set_aside, replace_folder, restore_folder
from access.places.pack import load_pack, pack_names, save_pack
from tests.killing import killed

REPLACING = """
from pathlib import Path
from access.places.atomic_writes import replace_folder

def write(temporary):
    for name in ("people", "clinics", "services"):
        (temporary / name).write_text("new " * 1000)

def act():
    replace_folder(Path(folder), write)
"""


def old_folder(at: Path) -> Path:
    at.mkdir(parents=True)
    for name in ("people", "clinics", "services"):
        (at / name).write_text("old " * 1000)
    return at


def contents(folder: Path) -> set[str]:
    return {(folder / name).read_text()[:3] for name in ("people", "clinics", "services")}


def test_killed_at_any_moment_the_folder_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    folder = old_folder(tmp_path / "us-2020")
    found: list[str] = []
    for _ in killed(REPLACING, folder):
        restore_folder(folder)
        (state,) = contents(folder)
        found.append(state)
    assert contents(folder) == {"new"}
    assert len(found) > 15, "the program was killed at too few moments to tell"
    assert {"old", "new"} <= set(found)
    # What was left lying by those who were killed is gone.
    assert [path.name for path in tmp_path.iterdir()] == ["us-2020"]


def test_a_pack_that_was_set_aside_is_put_back_by_whoever_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRD_ACCESS_DATA", str(tmp_path))
    starter = load_pack("starter")
    save_pack(starter, tmp_path / "mine")
    (tmp_path / "mine").rename(tmp_path / ".mine-abcd1234-old")
    assert names_set_aside(tmp_path) == {"mine"}
    assert pack_names() == ["starter", "mine"]
    (tmp_path / "mine").rename(tmp_path / ".mine-abcd1234-old")
    assert len(load_pack("mine").clinics) == len(starter.clinics)


def test_another_pack_whose_name_begins_alike_is_left_alone(tmp_path: Path) -> None:
    old_folder(tmp_path / ".us-2020-tract-abcd1234-old")
    restore_folder(tmp_path / "us-2020")
    assert names_set_aside(tmp_path) == {"us-2020-tract"}
    restore_folder(tmp_path / "us-2020-tract")
    assert contents(tmp_path / "us-2020-tract") == {"old"}


def test_a_writer_that_fails_leaves_what_stood_there(tmp_path: Path) -> None:
    folder = old_folder(tmp_path / "us-2020")

    def fails(temporary: Path) -> None:
        (temporary / "people").write_text("new")
        raise OSError(28, "No space left on device")

    with pytest.raises(PackError, match="what was there is untouched"):
        replace_folder(folder, fails)
    assert contents(folder) == {"old"}


def test_two_that_replace_at_once_take_turns(tmp_path: Path) -> None:
    folder = old_folder(tmp_path / "us-2020")
    order: list[str] = []

    def slow(temporary: Path) -> None:
        for name in ("people", "clinics", "services"):
            (temporary / name).write_text("one ")
        order.append("one begins")
        second.start()
        second.join(0.2)
        order.append("one ends")

    def quick(temporary: Path) -> None:
        order.append("two begins")
        for name in ("people", "clinics", "services"):
            (temporary / name).write_text("two ")

    second = Thread(target=replace_folder, args=(folder, quick))
    replace_folder(folder, slow)
    second.join()
    assert order == ["one begins", "one ends", "two begins"]
    assert contents(folder) == {"two"}
