"""Settings: every variable of the environment, what a blank one means, and what a slip must not open."""

import pytest

from access.settings import settings


def test_each_variable_is_read_without_the_spaces_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "DATA": "/somewhere",
        "MIRROR": "/copies",
        "PACK": "mine",
        "CENSUS_KEY": " key ",
        "ORS_KEY": "other",
        "OPENTIMES_VERSION": "0.0.2",
        "OPENTIMES_YEAR": " 2023 ",
        "STORE": "postgresql://me:secret@host/base",
        "AUTHOR": " Ana ",
        "ROADS": " maine ",
        "KEEPER": "Yes",
    }
    for name, text in said.items():
        monkeypatch.setenv(f"TRD_ACCESS_{name}", text)
    now = settings()
    assert (str(now.data_folder), str(now.roads_folder)) == ("/somewhere", "/somewhere/roads")
    assert (now.mirror, now.pack, now.author, now.roads, now.keeper) == ("/copies", "mine", "Ana", "maine", True)
    assert (now.opentimes_version, now.opentimes_year) == ("0.0.2", "2023")
    assert now.census_key is not None
    assert now.census_key.get_secret_value() == "key"
    assert "secret" not in repr(now)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_variable_is_as_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    for name in ("MIRROR", "PACK", "CENSUS_KEY", "STORE", "AUTHOR", "ROADS", "KEEPER", "OPENTIMES_YEAR"):
        monkeypatch.setenv(f"TRD_ACCESS_{name}", blank)
    now = settings()
    assert (now.mirror, now.pack, now.census_key, now.store, now.author, now.roads, now.keeper) == (None,) * 7
    assert now.opentimes_year == "2024"


@pytest.mark.parametrize(("text", "keeper"), [("1", True), ("on", True), ("0", False), ("no", False), ("yess", False)])
def test_a_slip_opens_nothing_to_visitors(monkeypatch: pytest.MonkeyPatch, text: str, keeper: bool) -> None:
    monkeypatch.setenv("TRD_ACCESS_KEEPER", text)
    assert settings().keeper is keeper
