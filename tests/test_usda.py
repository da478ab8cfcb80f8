"""Rural-urban codes join the places they are of, and what is not coded is never rural."""

from pathlib import Path

import pandas as pd
import pytest

from access.errors import SourceError
from access.places.rurality import rurality
from access.sources.usda import ruca_by_tract, rucc_by_county

MEDIA = "mirror/www.ers.usda.gov/media"
RUCA_FILE = f"{MEDIA}/5443/2020-rural-urban-commuting-area-codes-census-tracts.csv"
RUCC_FILE = f"{MEDIA}/5768/2023-rural-urban-continuum-codes.csv"
COLUMNS = [
    "TractFIPS23", "CountyFIPS23", "CountyCode23", "CountyName23", "TractFIPS20", "TractCode20", "TractName20",
    "CountyFIPS20", "CountyCode20", "CountyName20", "StateFIPS20", "StateName20", "UrbanAreaCode20",
    "UrbanAreaName20", "UrbanCore", "UrbanCoreType", "PrimaryRUCA", "PrimaryRUCADescription",
    "PrimaryDestinationCode", "PrimaryDestinationName", "SecondaryRUCA", "SecondaryRUCADescription",
    "SecondaryDestinationCode", "SecondaryDestinationName", "Population", "LandArea", "PopDensity",
]  # fmt: skip


def ruca_file(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "ruca.csv"
    table = pd.DataFrame([{"CountyName20": "Doña Ana", **row} for row in rows]).reindex(columns=COLUMNS)
    table.to_csv(path, index=False, encoding="cp1252")
    return path


def tract(code: str, primary: str, secondary: str | None = None, now: str | None = None) -> dict[str, str]:
    return {
        "TractFIPS20": code,
        "TractFIPS23": now or code,
        "PrimaryRUCA": primary,
        "SecondaryRUCA": primary if secondary is None else secondary,
    }


def rucc_file(folder: Path, text: str) -> Path:
    path = folder / "rucc.csv"
    path.write_text("FIPS,State,County_Name,Attribute,Value\r\n" + text, encoding="latin-1")
    return path


def test_codes_are_decimal_text_in_one_spelling(tmp_path: Path) -> None:
    path = ruca_file(tmp_path, tract("35013000100", "10.0", "10.2"), tract("35013000200", " 7", "7.10"))
    table = ruca_by_tract(path)
    assert table["tract"].tolist() == ["35013000100", "35013000200"]
    assert table["primary"].tolist() == ["10", "7"]
    assert table["secondary"].tolist() == ["10.2", "7.1"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (tract("35013000100", "11"), "PrimaryRUCA is '11' on line 3"),
        (tract("35013000100", "1", "3.1"), "SecondaryRUCA is '3.1'"),
        (tract("35013000100", "4.1"), "PrimaryRUCA is '4.1'"),
        (tract("35013000100", "urban"), "PrimaryRUCA is 'urban'"),
        (tract("1001020100", "1"), "TractFIPS20 is '1001020100'"),
        (tract("35013000100", "1", now="9110"), "TractFIPS23 is '9110'"),
        (tract("01001020100", "1"), "there once only"),
    ],
)
def test_a_code_outside_the_scheme_is_refused(tmp_path: Path, row: dict[str, str], words: str) -> None:
    with pytest.raises(SourceError) as caught:
        ruca_by_tract(ruca_file(tmp_path, tract("01001020100", "1"), row))
    assert words in str(caught.value)


def test_a_table_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zip.csv"
    path.write_text("ZIPCode,State,ZIPCodeType,POName,PrimaryRUCA,SecondaryRUCA\n00001,AK,x,y,10,10\n")
    with pytest.raises(SourceError, match="has the columns ZIPCode"):
        ruca_by_tract(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("01001,AL,Autauga,RUCC_2023,0\r\n", "Value is '0' on line 2"),
        ("1001,AL,Autauga,RUCC_2023,2\r\n", "FIPS is '1001'"),
        ("01001,AL,Autauga,RUCC_2013,2\r\n", "Attribute is 'RUCC_2013'"),
        ("01001,AL,Autauga,RUCC_2023,2\r\n" * 2, "there once for each attribute"),
        ("01001,AL,Autauga,Population_2020,2\r\n", "no RUCC_2023 rows"),
        ("", "no rows"),
    ],
)
def test_a_wrong_table_of_counties_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        rucc_by_county(rucc_file(tmp_path, text))
    assert words in str(caught.value)


def test_each_place_takes_its_tracts_code_else_its_countys_else_none(tmp_path: Path) -> None:
    codes = {"1": "urban", "3": "urban", "4": "large_town", "6": "large_town", "7": "small_town",
             "9": "small_town", "10": "rural", "99": "not_coded"}  # fmt: skip
    rows = [tract(f"0100100{n:02d}00", code) for n, code in enumerate(codes)]
    # Connecticut: no code of its own, but a county of 2023, which RUCC knows; and one with no 2023 number.
    rows += [tract("09001010101", "", now="09190010101"), tract("09001990000", "", now="N/A")]
    counties = "".join(
        f"{county},XX,Y,RUCC_2023,{code}\r\n"
        for county, code in [("09190", 1), ("30001", 4), ("30003", 6), ("30005", 9), ("01001", 9)]
    )
    geoids = [
        *(row["TractFIPS20"] + "1" for row in rows),
        "300010000001",
        "300030000001",
        "30005000000",
        "720010000001",
    ]
    places = pd.DataFrame({"geoid": geoids, "county": [geoid[:5] for geoid in geoids]}, index=range(7, 21))
    got = rurality(places, ruca_by_tract(ruca_file(tmp_path, *rows)), rucc_by_county(rucc_file(tmp_path, counties)))
    assert got.index.equals(places.index)
    assert got["rurality"].tolist() == [
        *codes.values(), "urban", "not_coded", "large_town", "small_town", "rural", "not_coded",
    ]  # fmt: skip
    assert got["rurality_scheme"].tolist() == [
        *["RUCA 2020"] * 8, "RUCC 2023", "none", *["RUCC 2023"] * 3, "none",
    ]  # fmt: skip


def test_connecticut_takes_no_code_of_a_county_that_rucc_does_not_have(shared: Path) -> None:
    no_tracts = ruca_by_tract(shared / RUCA_FILE)[:0]
    places = pd.DataFrame({"geoid": ["090010101011", "721537506022"], "county": ["09001", "72153"]})
    got = rurality(places, no_tracts, rucc_by_county(shared / RUCC_FILE))
    assert got["rurality"].tolist() == ["not_coded", "urban"]
    assert got["rurality_scheme"].tolist() == ["none", "RUCC 2023"]


def test_the_real_tables_read_whole(shared: Path) -> None:
    ruca, rucc = ruca_by_tract(shared / RUCA_FILE), rucc_by_county(shared / RUCC_FILE)
    assert len(ruca) == 85_395
    assert (ruca["primary"] == "99").sum() == 361
    assert ruca["county_2023"].isna().sum() == 4
    # 3,235 counties; two islands of American Samoa have no code
    assert len(rucc) == 3_233
    assert rucc["rucc"].between(1, 9).all()


def test_tracts_of_connecticut_are_in_the_planning_regions_of_the_states_crosswalk(shared: Path) -> None:
    ruca = ruca_by_tract(shared / RUCA_FILE)
    crosswalk = pd.read_csv(shared / "mirror" / "ct_2022tractcrosswalk.csv", dtype="str", encoding="utf-8-sig")
    both = ruca.merge(crosswalk, left_on="tract", right_on="tract_fips_2020", validate="1:1")
    assert len(both) == len(crosswalk) == 879
    assert (both["county_2023"] == both["ce_fips_2022"]).all()
    regions = set(rucc_by_county(shared / RUCC_FILE)["county"])
    assert set(both["county_2023"]) <= regions
    assert not set(both["county_fips_2020"]) & regions
