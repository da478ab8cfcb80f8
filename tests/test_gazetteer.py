from pathlib import Path

import pandas as pd
import pytest

from access.errors import AmbiguousPlaceError, PackError, PlaceError
from access.places.gazetteer.build import town_table, zip_table
from access.places.gazetteer.lookup import (
    Gazetteer,
    Place,
    find_place,
    load_gazetteer,
    place_clinics,
)
from access.places.gazetteer.names import name_key

ZIPS = pd.DataFrame(
    [
        ("02155", "Medford", "MA", 42.42, -71.11, "zip"),
        ("19064", "Springfield", "PA", 39.93, -75.33, "zip"),
        ("18951", "Quakertown", "PA", 40.45, -75.35, "zip"),
        ("59715", "Bozeman", "MT", 45.67, -111.04, "zip"),
        ("59718", "Bozeman", "MT", 45.67, -111.24, "zip"),
        ("59771", "Bozeman", "MT", 45.68, -111.04, "city"),
        ("62701", "Springfield", "IL", 39.80, -89.65, "zip"),
    ],
    columns=["zip", "city", "state", "latitude", "longitude", "location_precision"],
)
TOWNS = pd.DataFrame(
    [
        ("Bozeman", "MT", 45.68, -111.04, 53_293),
        ("Coeur d'Alene", "ID", 47.68, -116.78, 49_122),
        ("Fort Washington", "MD", 38.71, -77.02, 23_717),
        ("Kansas City", "KS", 39.11, -94.63, 151_306),
        ("Kansas City", "MO", 39.10, -94.58, 475_378),
        ("Madison", "WI", 43.07, -89.40, 280_305),
        ("Madison", "WI", 43.60, -89.00, 1_200),
        ("Oklahoma City", "OK", 35.47, -97.52, 681_054),
        ("Saint Paul", "MN", 44.94, -93.09, 311_527),
        ("Springfield", "IL", 39.80, -89.64, 114_230),
        ("Springfield", "PA", 39.93, -75.32, 24_211),
        ("Springfield", "PA", 40.45, -75.30, 5_035),
        ("St. Marys", "GA", 30.73, -81.55, 18_256),
        ("Tiny Post Office", "MT", 46.00, -110.00, None),
    ],
    columns=["name", "state", "latitude", "longitude", "population"],
)


def find(text: str) -> Place:
    return find_place(text, ZIPS, TOWNS)


@pytest.mark.parametrize("text", ["59718", " 59718 ", "59718-1234", "597181234", "59718 1234"])
def test_a_zip_is_found_with_or_without_its_last_four_digits(text: str) -> None:
    assert find(text) == Place("59718 (Bozeman, MT)", 45.67, -111.24, "MT", "zip", "zip")


def test_a_zip_without_a_point_of_its_own_says_so() -> None:
    assert find("59771").precision == "city"


@pytest.mark.parametrize(
    "text", ["Bozeman, MT", "bozeman montana", "BOZEMAN MT", "Bozeman , Montana", "Bozeman, MT, USA", "bozeman"]
)
def test_a_town_is_found_however_its_state_is_written(text: str) -> None:
    assert find(text) == Place("Bozeman, MT", 45.68, -111.04, "MT", "town", "city")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("St. Paul, MN", "Saint Paul, MN"),
        ("Saint Paul minnesota", "Saint Paul, MN"),
        ("saint marys, ga", "St. Marys, GA"),
        ("Coeur d’Alene, ID", "Coeur d'Alene, ID"),
        ("City of Bozeman, MT", "Bozeman, MT"),
        ("Oklahoma, OK", "Oklahoma City, OK"),
        ("Fort Washington", "Fort Washington, MD"),
        ("Ft Washington maryland", "Fort Washington, MD"),
        ("Tiny Post Office, MT", "Tiny Post Office, MT"),
    ],
)
def test_short_forms_accents_and_kinds_of_town_do_not_matter(text: str, label: str) -> None:
    assert find(text).label == label


def test_a_point_is_taken_as_typed_and_named_by_the_nearest_zip() -> None:
    found = find("45.67, -111.2")
    assert (found.latitude, found.longitude, found.state, found.kind) == (45.67, -111.2, "MT", "point")
    assert found.label == "45.67, -111.2 (3 km from Bozeman, MT)"
    assert found.precision == "exact"
    assert find("(45.67 -111.2)") == find("45.67,-111.2")


@pytest.mark.parametrize("text", ["51.5,-0.1", "45.67,111.2", "-111.2,45.67", "0,0", "95,-111", "19.4,-99.1"])
def test_a_point_abroad_is_refused_with_the_order_to_type(text: str) -> None:
    with pytest.raises(PlaceError, match=r"outside the United States .* latitude, then longitude, which is negative"):
        find(text)


@pytest.mark.parametrize(
    "text", ["61.2,-149.9", "52.9,173.2", "21.3,-157.9", "18.4,-66.1", "24.55,-81.78", "47.3,-68.3"]
)
def test_points_in_every_part_of_the_country_are_taken(text: str) -> None:
    assert find(text).kind == "point"


def test_a_town_in_two_states_lists_them_the_most_populous_first() -> None:
    with pytest.raises(AmbiguousPlaceError, match=r"2 places: Springfield, IL; Springfield, PA\.") as caught:
        find("Springfield")
    assert caught.value.choices == ["Springfield, IL", "Springfield, PA"]
    with pytest.raises(AmbiguousPlaceError, match="Kansas City, MO; Kansas City, KS"):
        find("kansas city")


def test_two_towns_of_one_name_in_a_state_are_told_apart_by_zip() -> None:
    with pytest.raises(AmbiguousPlaceError, match="2 places") as caught:
        find("Springfield, PA")
    assert caught.value.choices == ["Springfield, PA 19064", "Springfield, PA 18951"]
    assert [find(choice).label for choice in caught.value.choices] == [
        "19064 (Springfield, PA)",
        "18951 (Quakertown, PA)",
    ]


def test_a_namesake_ten_times_smaller_in_the_state_is_not_asked_about() -> None:
    assert find("Madison, WI").latitude == 43.07


def test_more_than_twelve_choices_are_counted_and_twelve_named() -> None:
    states = ["AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN"]
    towns = pd.DataFrame(
        {"name": "Salem", "state": states, "latitude": 40.0, "longitude": -90.0, "population": range(14, 0, -1)}
    )
    with pytest.raises(AmbiguousPlaceError, match=r"14 places: Salem, AL; .*Salem, ID and 2 more\.") as caught:
        find_place("salem", ZIPS, towns)
    assert len(caught.value.choices) == 14


def test_a_states_name_is_never_silently_a_town() -> None:
    with pytest.raises(AmbiguousPlaceError, match=r"is a state too\. Do you mean Oklahoma City, OK"):
        find("Oklahoma")
    with pytest.raises(PlaceError, match=r"Montana is a state\. Type a town in it"):
        find("mt")


def test_an_unknown_zip_suggests_the_nearest_numbers_of_its_area() -> None:
    with pytest.raises(PlaceError, match=r"no ZIP 59717 .*59718 Bozeman, MT; 59715 Bozeman, MT; 59771 Bozeman, MT"):
        find("59717")
    with pytest.raises(PlaceError, match=r"nor any that begins with 999\. Type a ZIP"):
        find("99999")


def test_a_zip_that_lost_its_zero_is_recognised() -> None:
    with pytest.raises(PlaceError, match=r"2155 has 4\. Did you mean 02155 \(Medford, MA\)"):
        find("2155")


def test_an_unknown_town_suggests_like_spellings() -> None:
    with pytest.raises(PlaceError, match=r"no town 'Bozman' in Montana\. Did you mean Bozeman, MT\?"):
        find("Bozman, MT")
    with pytest.raises(PlaceError, match=r"no town 'Xyzzy'\. Type a ZIP"):
        find("Xyzzy")


def test_an_unknown_state_is_named() -> None:
    with pytest.raises(PlaceError, match="'ZZ' is no state"):
        find("Bozeman, ZZ")


@pytest.mark.parametrize("text", ["", "   ", "!!!", "12", "1234567", "45.67,"])
def test_what_is_no_place_says_what_to_type(text: str) -> None:
    with pytest.raises(PlaceError, match="Type a ZIP"):
        find(text)


def clinic(**cells: object) -> pd.DataFrame:
    usual = {
        "clinic_id": "a", "name": "Alpha", "city": "Bozeman", "state": "MT", "zip": "59718",
        "latitude": float("nan"), "longitude": float("nan"), "location_precision": None,
    }  # fmt: skip
    return pd.DataFrame([usual | cells])


def placed(**cells: object) -> list[object]:
    table = place_clinics(clinic(**cells), Gazetteer(ZIPS, TOWNS))
    return table[["latitude", "longitude", "location_precision"]].iloc[0].tolist()


def test_a_clinic_stands_at_its_own_point_else_its_zip_else_its_town() -> None:
    assert placed(latitude=45.7, longitude=-111.1, location_precision="street") == [45.7, -111.1, "street"]
    assert placed() == [45.67, -111.24, "zip"]
    assert placed(zip=None) == [45.68, -111.04, "city"]
    assert placed(zip="59799") == [45.68, -111.04, "city"]


def test_a_zip_of_another_state_than_the_clinics_gives_way_to_the_town() -> None:
    assert placed(zip="62701") == [45.68, -111.04, "city"]


def test_clinics_without_columns_for_coordinates_are_placed_too() -> None:
    bare = clinic().drop(columns=["latitude", "longitude", "location_precision"])
    assert place_clinics(bare, Gazetteer(ZIPS, TOWNS))["latitude"].tolist() == [45.67]


def test_clinics_that_cannot_be_placed_are_named_and_counted() -> None:
    lost = pd.concat(
        [clinic(), clinic(clinic_id="b", city="Atlantis", zip=None), clinic(clinic_id="c", city=None, zip=None)]
    )
    with pytest.raises(PlaceError, match=r"b \(Alpha\) cannot be placed: .*no town 'Atlantis' in Montana.* 2 such"):
        place_clinics(lost.reset_index(drop=True), Gazetteer(ZIPS, TOWNS))


def test_a_clinic_outside_the_country_is_refused() -> None:
    with pytest.raises(PlaceError, match=r"a \(Alpha\) is at 45\.67, 111\.2, outside .*longitude is negative"):
        placed(latitude=45.67, longitude=111.2, location_precision="street")


PLACES = pd.DataFrame(
    [("Alpha", "MT", 45.0, -110.0, 900), ("Alpha", "MT", 47.0, -108.0, 50)],
    columns=["name", "state", "latitude", "longitude", "population"],
)


def postal(*rows: tuple[str, str, str, float | None, float | None, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["zip", "city", "other_cities", "latitude", "longitude", "kind"])
    return table.assign(state="MT", area_codes=1)


def test_zips_that_share_a_point_stand_at_their_town_and_say_city() -> None:
    zips = zip_table(
        PLACES,
        postal(
            ("59001", "Alpha", "", 45.1, -110.1, "standard"),
            ("59002", "Alpha", "", 45.2, -110.2, "po_box"),
            ("59003", "Alpha", "", 45.2, -110.2, "po_box"),
            ("59004", "Beta", "", 46.0, -109.0, "po_box"),
            ("59005", "Beta", "", 46.0, -109.0, "unique"),
            ("59006", "Beta", "", None, None, "unique"),
            ("59007", "Nowhere", "", None, None, "unique"),
        ),
    ).set_index("zip")
    assert zips["location_precision"].tolist() == ["zip", "city", "city", "city", "city", "city"]
    assert zips.loc[["59002", "59003"], "latitude"].tolist() == [45.0, 45.0]
    assert zips.loc[["59004", "59005", "59006"], "latitude"].tolist() == [46.0, 46.0, 46.0]
    assert "59007" not in zips.index


def test_names_that_only_the_post_office_knows_become_towns_of_unknown_population() -> None:
    towns = town_table(
        PLACES,
        postal(
            ("59001", "Alpha", "Gamma|Delta", 45.1, -110.1, "po_box"), ("59002", "Gamma", "", 46.0, -109.0, "standard")
        ),
    )
    assert towns["name"].tolist() == ["Alpha", "Alpha", "Delta", "Gamma"]
    gamma = towns.set_index("name").loc["Gamma"]
    assert gamma["latitude"] == 46.0
    assert pd.isna(gamma["population"])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("St. Paul", "saint paul"),
        ("Winston-Salem", "winston salem"),
        ("Cañon City", "canon city"),
        ("O'Fallon", "ofallon"),
    ],
)
def test_names_have_one_spelling(name: str, key: str) -> None:
    assert name_key(name) == key


def test_a_gazetteer_that_is_absent_or_damaged_is_one_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"zips\.parquet is not there"):
        load_gazetteer(tmp_path)
    (tmp_path / "zips.parquet").write_bytes(b"PAR1 half a file")
    with pytest.raises(PackError, match=r"zips\.parquet is damaged"):
        load_gazetteer(tmp_path)
    ZIPS.assign(latitude=450.0).to_parquet(tmp_path / "zips.parquet")
    with pytest.raises(PackError, match="latitude is 450"):
        load_gazetteer(tmp_path)


@pytest.mark.parametrize(
    ("text", "state", "latitude", "longitude"),
    [
        ("59718", "MT", 45.67, -111.24),
        ("96950", "", 0, 0),
        ("00601", "PR", 18.18, -66.75),
        ("59771", "MT", 45.72, -111.12),
        ("Bozeman, MT", "MT", 45.68, -111.04),
        ("St. Paul, MN", "MN", 44.94, -93.09),
        ("Washington, DC", "DC", 38.90, -77.04),
        ("Citrus Park, FL", "FL", 28.08, -82.57),
        ("San Juan, PR", "PR", 18.47, -66.11),
    ],
)
def test_the_gazetteer_that_ships_knows_the_country(text: str, state: str, latitude: float, longitude: float) -> None:
    gazetteer = load_gazetteer()
    if not state:
        with pytest.raises(PlaceError, match=f"no ZIP {text}"):
            find_place(text, *gazetteer)
        return
    found = find_place(text, *gazetteer)
    assert found.state == state
    assert found.latitude == pytest.approx(latitude, abs=0.05)
    assert found.longitude == pytest.approx(longitude, abs=0.05)


def test_waimea_is_on_two_islands() -> None:
    with pytest.raises(AmbiguousPlaceError) as caught:
        find_place("Waimea, HI", *load_gazetteer())
    assert caught.value.choices == ["Waimea, HI 96743", "Waimea, HI 96752"]
