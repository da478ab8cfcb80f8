"""Centres of population are read exactly, or refused."""

from pathlib import Path

import numpy as np
import pytest

from access.errors import SourceError
from access.geo import great_circle_km
from access.sources.census.centers import (
    PEOPLE_2020,
    block_group_centers,
    centers_by_county,
    county_centers,
    tract_centers,
)

CENTRES = "mirror/www2.census.gov/geo/docs/reference/cenpop2020"
HEADER = "STATEFP,COUNTYFP,TRACTCE,POPULATION,LATITUDE,LONGITUDE\n"
GOOD = "01,001,020100,1775,+32.476823,-086.486599\n"
ALEUTIANS = "02,016,000100,0,+52.100000,+173.200000\n"


def tracts_file(folder: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / "CenPop2020_Mean_TR.txt"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_reads_the_same_with_a_byte_order_mark_and_without(tmp_path: Path, encoding: str) -> None:
    table = tract_centers(tracts_file(tmp_path, HEADER + GOOD + ALEUTIANS, encoding))
    assert table.to_dict("records") == [
        {
            "geoid": "01001020100",
            "population": 1775,
            "latitude": 32.476823,
            "longitude": -86.486599,
            "state": "AL",
            "county": "01001",
        },
        {
            "geoid": "02016000100",
            "population": 0,
            "latitude": 52.1,
            "longitude": 173.2,
            "state": "AK",
            "county": "02016",
        },
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,001,020100,1775,+32.476823,-086.486599", ["STATEFP is '1' on line 3", "2 digits"]),
        ("01,1,020100,1775,+32.476823,-086.486599", ["COUNTYFP is '1' on line 3", "3 digits"]),
        ("01,001,20100,1775,+32.476823,-086.486599", ["TRACTCE is '20100' on line 3", "6 digits"]),
        ("01,001,020200,-5,+32.476823,-086.486599", ["POPULATION is '-5'", "whole number"]),
        ("01,001,020200,,+32.476823,-086.486599", ["POPULATION is ''", "whole number"]),
        ("01,001,020200,10,32.476823,-086.486599", ["LATITUDE is '32.476823'", "degrees like"]),
        ("01,001,020200,10,+82.476823,-086.486599", ["LATITUDE is '+82.476823'", "between 17 and 72"]),
        ("01,001,020200,10,+32.476823,+086.486599", ["LONGITUDE is '+086.486599'", "-180 and -65"]),
        ("01,001,020200,10,+32.476823", ["LONGITUDE is"]),
        ("66,010,950100,10,+13.476823,-086.486599", ["STATEFP is '66'", "Puerto Rico"]),
        ("01,001,020100,10,+32.476823,-086.486599", ["once only", "(1 such)"]),
        ("01,001,020200,10,+32.476823,-086.486599,9", ["cannot be read"]),
    ],
)
def test_a_wrong_row_is_one_sentence_with_its_line(tmp_path: Path, row: str, words: list[str]) -> None:
    with pytest.raises(SourceError) as caught:
        tract_centers(tracts_file(tmp_path, HEADER + GOOD + row + "\n"))
    assert "\n" not in str(caught.value)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_file_cut_in_the_middle_of_a_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="LONGITUDE is '-086' on line 3"):
        tract_centers(tracts_file(tmp_path, HEADER + GOOD + GOOD.replace("0201", "0202")[:-8]))


@pytest.mark.parametrize("header", [HEADER.replace("TRACTCE", "TRACT"), HEADER.replace(",LONGITUDE", ",LONGITUDE,X")])
def test_other_columns_are_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(SourceError, match="but centres of population of tracts have"):
        tract_centers(tracts_file(tmp_path, header + GOOD))


def test_rows_with_a_cell_too_many_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="more cells than its header"):
        tract_centers(tracts_file(tmp_path, HEADER + GOOD.replace("\n", ",\n")))


def test_tracts_under_the_name_of_block_groups_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="of block groups have STATEFP, COUNTYFP, TRACTCE, BLKGRPCE"):
        block_group_centers(tracts_file(tmp_path, HEADER + GOOD))


@pytest.mark.parametrize("text", ["", HEADER])
def test_a_file_without_rows_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError):
        tract_centers(tracts_file(tmp_path, text))


def test_a_county_is_centred_by_people_and_by_the_narrowing_of_meridians(tmp_path: Path) -> None:
    rows = "01,001,000100,300,+60.000000,-090.000000\n01,001,000200,100,+30.000000,-080.000000\n"
    rows += "01,001,000300,0,+71.000000,-179.000000\n01,003,000100,0,+31.000000,-087.000000\n"
    by_county = centers_by_county(tract_centers(tracts_file(tmp_path, HEADER + rows))).set_index("geoid")
    # latitude (300 * 60 + 100 * 30) / 400; longitude weighted by 300 cos 60 = 150 and 100 cos 30 = 86.6025
    assert by_county.at["01001", "population"] == 400
    assert by_county.at["01001", "latitude"] == pytest.approx(52.5)
    assert by_county.at["01001", "longitude"] == pytest.approx(-(150 * 90 + 86.60254 * 80) / 236.60254, abs=1e-6)
    assert by_county.loc["01003", ["latitude", "longitude"]].isna().all()


def test_block_groups_add_up_to_the_published_counties(shared: Path) -> None:
    units = block_group_centers(shared / CENTRES / "blkgrp" / "CenPop2020_Mean_BG.txt")
    counties = county_centers(shared / CENTRES / "county" / "CenPop2020_Mean_CO.txt")
    assert (len(units), len(counties)) == (242_335, 3_221)
    assert (units["population"] == 0).sum() == 1_393
    assert units["population"].sum() == counties["population"].sum() == PEOPLE_2020 == 334_735_155
    both = centers_by_county(units).merge(counties, on="geoid", validate="1:1", suffixes=("", "_published"))
    assert len(both) == 3_221
    assert (both["population"] == both["population_published"]).all()
    metres = 1000 * great_circle_km(
        both["latitude"], both["longitude"], both["latitude_published"], both["longitude_published"]
    )
    assert np.median(metres) < 0.05
    assert np.quantile(metres, 0.99) < 0.085
    assert metres.max() < 75


def test_the_national_tracts_hold_the_tracts_of_michigan_byte_for_byte(shared: Path) -> None:
    nation = tract_centers(shared / CENTRES / "tract" / "CenPop2020_Mean_TR.txt")
    michigan = tract_centers(shared / CENTRES / "tract" / "CenPop2020_Mean_TR26.txt")
    assert len(nation) == 85_395
    assert (nation["population"] == 0).sum() == 614
    assert nation[nation["state"] == "MI"].reset_index(drop=True).equals(michigan)
