"""Layers beside people: shortage areas, FORHP's rural places, types of county; what is not known is never no."""

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from access.cli import main
from access.errors import SourceError
from access.places.designations import forhp_note, forhp_rural, hpsa_of
from access.places.pack import Pack, load_pack, pack_folder, save_pack
from access.sources.census.tract_land import land_by_tract
from access.sources.hpsa import read_hpsa

CODE = "State and County Federal Information Processing Standard Code"
HPSA = ["HPSA Name", "HPSA ID", "Designation Type", "HPSA Score", "HPSA Status", CODE]


def hpsa_file(folder: Path, *rows: tuple[str, str, str, str, str], header: list[str] = HPSA) -> Path:
    """Each row: id, type, score, status, county. The published file ends its lines with a comma."""
    path = folder / "BCD_HPSA_FCT_DET_MH.csv"
    lines = [",".join([*header, ""]), *(",".join(["Doña Ana", *row, ""]) for row in rows)]
    path.write_text("\r\n".join(lines) + "\r\n", encoding="latin-1")
    return path


def test_a_county_has_its_highest_designation_and_a_facility_makes_none(tmp_path: Path) -> None:
    path = hpsa_file(
        tmp_path,
        ("7301", "Geographic HPSA", "12", "Designated", "30031"),
        ("7301", "Geographic HPSA", "12", "Designated", "30031"),  # another tract of it
        ("7301", "Geographic HPSA", "12", "Designated", "30033"),  # another county of it
        ("7302", "HPSA Population", "18", "Designated", "30031"),
        ("7303", "HPSA Population", "9", "Designated", "01001"),
        ("7304", "High Needs Geographic HPSA", "20", "Withdrawn", "01001"),
        ("7305", "Correctional Facility", "24", "Designated", "01003"),
        ("7306", "High Needs Geographic HPSA", "", "Designated", "01005"),
    )
    found = read_hpsa(path).set_index("county")
    assert found["hpsa_kind"].to_dict() == {
        "01001": "population", "01003": "none", "01005": "geographic", "30031": "geographic", "30033": "geographic",
    }  # fmt: skip
    scores = found["hpsa_score_max"]
    assert (scores["30031"], scores["30033"], scores["01001"]) == (18, 12, 9)
    assert scores[["01003", "01005"]].isna().all()
    people = pd.DataFrame({"county": ["30031", "01001", "01003", "56001", "09001"]})
    assert hpsa_of(people, read_hpsa(path)).tolist() == ["geographic", "population", "none", "none", "none"]


def test_connecticut_is_not_known_where_its_planning_regions_are_designated(tmp_path: Path) -> None:
    path = hpsa_file(tmp_path, ("1", "Geographic HPSA", "12", "Designated", "09110"))
    people = pd.DataFrame({"county": ["09001", "30031"]})
    assert hpsa_of(people, read_hpsa(path)).tolist() == ["not_known", "none"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("1", "Geographic HPSA", "12", "Designated", "1001"), "'1001', but it must be five digits"),
        (("1", "Geographic HPSA", "99", "Designated", "01001"), "must be a number from 0 to 26"),
        (("1", "Geographic HPSA", "12", "Withdrawn", "01001"), "no designated area"),
        (("1", "Area", "12", "Designated", "01001"), "no designated area"),
    ],
)
def test_a_changed_file_of_shortage_areas_is_refused(tmp_path: Path, row: tuple[str, ...], says: str) -> None:
    with pytest.raises(SourceError, match=says):
        read_hpsa(hpsa_file(tmp_path, row))


def test_another_layout_of_shortage_areas_is_refused(tmp_path: Path) -> None:
    path = hpsa_file(tmp_path, header=[*HPSA[:-1], "County"])
    with pytest.raises(SourceError, match=f"has no column {CODE}"):
        read_hpsa(path)
    with pytest.raises(SourceError, match="cannot be read"):
        read_hpsa(tmp_path / "absent.csv")


TABS = "USPS\tGEOID\tALAND\tAWATER\tALAND_SQMI\tAWATER_SQMI\tINTPTLAT\tINTPTLONG                          \n"
PIPES = "USPS|GEOID|GEOIDFQ|ALAND|AWATER|ALAND_SQMI|AWATER_SQMI|INTPTLAT|INTPTLONG\n"


def test_a_gazetteer_of_either_layout_gives_the_land_of_tracts(tmp_path: Path) -> None:
    tabs, pipes, packed = tmp_path / "2020.txt", tmp_path / "2025.txt", tmp_path / "2025.zip"
    tabs.write_text(TABS + "MT\t30031000100\t2500000\t0\t0.965\t0\t45.0\t-110.0     \n")
    pipes.write_text(PIPES + "MT|30031000100|1400000US30031000100|2500000|0|0.965|0|45.0|-110.0\n")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.write(pipes, "2025_Gaz_tracts_national.txt")
    packed.write_bytes(content.getvalue())
    for path in (tabs, pipes, packed):
        assert land_by_tract(path).to_dict() == {"30031000100": 2.5}
    for wrong in (TABS + "MT\t3003100100\t1\n", TABS + "MT\t30031000100\t\n", TABS + "MT\t30031000100\t1\n" * 2):
        tabs.write_text(wrong)
        with pytest.raises(SourceError, match="no tract of 11 digits, comes twice, or has no area"):
            land_by_tract(tabs)
    tabs.write_text("USPS\tNAME\nMT\tx\n")
    with pytest.raises(SourceError, match="no GEOID and ALAND"):
        land_by_tract(tabs)


RUCA = {  # by tract: its code
    "30001000100": "1",  # nonmetro
    "30003000100": "1",
    "30003000200": "2",
    "30003000300": "3",
    "30003000400": "4",
    "30003000500": "99",
    "56001000100": "10",  # a county without a code
    "56001000200": "3",
    "09001000100": "2",
}


def forhp_world() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    ruca = pd.DataFrame({"tract": list(RUCA), "primary": list(RUCA.values())})
    ruca["county_2023"] = ruca["tract"].str[:5].replace("09001", "09190")
    rucc = pd.DataFrame({"county": ["30001", "30003", "09190"], "rucc": [4, 3, 1]})
    geoids = [tract + digit for tract in RUCA for digit in "12"]
    places = pd.DataFrame({"geoid": geoids, "population": 7_000})
    return places.assign(county=places["geoid"].str[:5]), ruca, rucc


def test_rural_by_county_and_code_and_what_cannot_be_judged() -> None:
    found = forhp_rural(*forhp_world())
    assert found.iloc[::2].tolist() == [True, False, False, False, True, pd.NA, True, pd.NA, False]
    assert found.iloc[1::2].tolist() == found.iloc[::2].tolist()
    assert "large tracts of few people (give --tract-land)" in forhp_note(None)


def test_large_tracts_of_few_people_are_rural_where_their_land_is_known() -> None:
    # 14,000 people of two block groups: at 35 on a square mile they need 400 square miles, 1,035.995 km2.
    land = pd.Series({"30003000100": 5_000.0, "30003000200": 1_036.1, "30003000300": 1_035.9, "09190000100": 2_000.0})
    found = forhp_rural(*forhp_world(), land_km2=land)
    assert found.iloc[::2].tolist() == [True, False, True, False, True, pd.NA, True, pd.NA, True]
    without = forhp_rural(*forhp_world(), land_km2=land.drop("30003000200"))
    assert without.iloc[4] is pd.NA
    places, *codes = forhp_world()
    crowded = forhp_rural(places.assign(population=7_001), *codes, land_km2=land)
    assert not crowded.iloc[4], "just above 35 on a square mile"
    assert "--tract-land" not in forhp_note(land)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["trd-access", "gaps", "-t", "ect", "--state", "MT", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return call


def people_by(out: str, by: str) -> dict[str, int]:
    table = pd.read_csv(io.StringIO(out))
    return table[table["beyond"] == 60].set_index(by)["people"].to_dict()


def test_gaps_are_grouped_by_each_layer(run, tmp_path: Path) -> None:
    pack = load_pack("starter")
    montana = pack.people["state"] == "MT"
    everyone = pack.people.loc[montana, "population"].sum()
    path = hpsa_file(tmp_path, ("1", "Geographic HPSA", "12", "Designated", "30031"))
    code, out, _ = run("--pack", "starter", "--by", "hpsa", "--hpsa", str(path), "--csv")
    gallatin = pack.people.loc[pack.people["county"] == "30031", "population"].sum()
    assert (code, people_by(out, "hpsa")) == (0, {"geographic": gallatin, "none": everyone - gallatin})
    code, out, _ = run("--pack", "starter", "--by", "county_type", "--csv")
    types = people_by(out, "county_type")
    assert code == 0
    assert set(types) <= {"ceac", "rural", "micro", "metro", "large_metro"}
    assert sum(types.values()) == everyone
    rural = (pack.people["rurality"] == "rural").astype("boolean").mask(pack.people["rurality"] == "small_town")
    people = pack.people.assign(is_forhp_rural=rural)
    save_pack(Pack(people, pack.clinics, pack.services, pack.manifest), pack_folder("forhp"))
    code, out, _ = run("--pack", "forhp", "--by", "forhp", "--csv")
    assert set(people_by(out, "forhp")) == {"rural", "not_rural", "not_known"}
    assert run("--pack", "forhp", "--by", "forhp")[0] == 0


def test_a_layer_that_is_not_there_is_one_sentence(run, tmp_path: Path) -> None:
    assert run("--pack", "starter", "--by", "hpsa")[0] == 2
    assert run("--pack", "starter", "--hpsa", str(tmp_path))[0] == 2
    code, _, said = run("--pack", "starter", "--by", "forhp")
    assert (code, said.count("\n")) == (1, 1)
    assert "trd-access data build" in said
