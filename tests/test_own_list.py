"""A user's own list: columns by name, words as people write them, and every refused row with why."""

import json
from datetime import date

import pandas as pd
import pytest

from access.errors import SourceError, TableError
from access.places.directory.own_list import OwnList, parse_own_list
from access.places.gazetteer.lookup import load_gazetteer
from access.sources.lists.columns import OBLIGATORY, SYNONYMS
from access.sources.lists.template import csv_template
from access.tables import CLINICS, SERVICES, check_table
from tests.browser import ROOT
from tests.workbooks import workbook

TODAY = date(2026, 11, 29)
GAZETTEER = load_gazetteer()
HEADER = "name,city,state,zip,treatments"
ROW = "Alpha,Bozeman,MT,59718,tms"


def read(text: str | bytes, name: str = "mine.csv", **how: object) -> OwnList:
    content = text if isinstance(text, bytes) else text.encode()
    return parse_own_list(content, name, today=TODAY, gazetteer=GAZETTEER, **how)


def reasons(brought: OwnList) -> list[tuple[int, str, str]]:
    return list(brought.refused[["row", "column", "reason"]].itertuples(index=False, name=None))


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_columns_are_found_by_name_however_they_are_written() -> None:
    brought = read(
        "CLINIC NAME,Street-Address,Town,State,Zip code,Lat,Lng,Phone number,Web site,Treatments,Insurance,As of,"
        "Colour\n"
        'Alpha,1 Main St,Bozeman,Montana,59718-1234,45.68,-111.04,406-555-0100,alpha.org,"Spravato; TMS, IV Ketamine",'
        '"Medicare, Private insurance",2026-05,red\n'
    )
    clinic = brought.clinics.iloc[0]
    assert brought.refused.empty
    assert (clinic["name"], clinic["address"], clinic["city"], clinic["state"]) == (
        "Alpha", "1 Main St", "Bozeman", "MT",
    )  # fmt: skip
    assert (clinic["zip"], clinic["latitude"], clinic["longitude"]) == ("59718", 45.68, -111.04)
    assert (clinic["phone"], clinic["website"]) == ("406-555-0100", "https://alpha.org")
    assert brought.services["treatment"].tolist() == ["esketamine", "tms", "ketamine_iv"]
    assert set(brought.services["payers_accepted"]) == {"medicare|private"}
    assert set(brought.services["checked_on"]) == {"2026-05"}
    assert brought.theirs["longitude"] == "Lng"
    assert brought.passed_over == ["Colour"]


def test_what_a_list_does_not_say_stays_unknown_but_its_source_and_day_are_known() -> None:
    brought = read(f"{HEADER}\n{ROW}\n", "folder/mine.csv")
    service = brought.services.iloc[0]
    assert (service["source"], service["evidence"], service["checked_on"]) == (
        "Own list: mine.csv", "user", "2026-11-29",
    )  # fmt: skip
    assert pd.isna(service[["seen_date", "source_url", "price_usd", "rems_certified", "capacity_per_week"]]).all()
    assert (service["payers_accepted"], service["payers_refused"]) == ("", "")
    check_table(brought.clinics, CLINICS, where="test")
    check_table(brought.services, SERVICES, where="test")
    assert (brought.record.url, brought.record.rows, brought.record.retrieved) == ("mine.csv", 1, "2026-11-29")


def test_an_id_that_is_not_given_stays_when_rows_move() -> None:
    other = "Beta,Billings,MT,59101,ect"
    first = read(f"{HEADER}\n{ROW}\n{other}\n").clinics.set_index("name")["clinic_id"]
    moved = read(f"{HEADER}\n{other}\n{ROW}\n").clinics.set_index("name")["clinic_id"]
    assert first.to_dict() == moved.to_dict()
    assert first.is_unique


def test_a_workbook_says_the_same_as_the_csv_with_its_numbers_days_and_lost_zeros() -> None:
    head = ["Clinic name", "City", "State", "ZIP", "Treatments", "Checked on", "REMS", "Phone", "Price", "Price note"]
    row = ["Alpha", "Boston", "MA", 2155.0, "Spravato; TMS", date(2026, 5, 31), True, 6175550100, 1200.5, "TMS"]
    brought = read(workbook([[None], head, [None], row]), "mine.xlsx")
    assert brought.refused.empty
    assert brought.clinics[["zip", "phone"]].iloc[0].tolist() == ["02155", "6175550100"]
    services = brought.services.set_index("treatment")
    assert services.at["esketamine", "rems_certified"]
    assert services.at["tms", "price_usd"] == 1200.5
    assert set(services["checked_on"]) == {"2026-05-31"}
    assert brought.notes == ["The sheet 'Clinics' was read."]
    assert read(workbook([[None], head, [None], [*row[:2], "ZZ", *row[3:]]]), "mine.xlsx").refused.iloc[0]["row"] == 4


def test_geojson_gives_points_as_coordinates_and_properties_as_columns() -> None:
    point = {"type": "Point", "coordinates": [-111.04, 45.68, 1500]}
    brought = read(
        collection(feature(point, Name="Alpha", state="MT", treatments=["tms", "ect"], latitude=1, telehealth=True)),
        "mine.geojson",
    )
    assert brought.refused.empty
    assert brought.clinics[["latitude", "longitude", "location_precision"]].iloc[0].tolist() == [
        45.68, -111.04, "street",
    ]  # fmt: skip
    assert brought.clinics["telehealth"].iloc[0]
    assert brought.services["treatment"].tolist() == ["tms", "ect"]


def test_geojson_without_points_is_told_by_the_number_of_the_feature() -> None:
    line = {"type": "LineString", "coordinates": [[-111, 45], [-112, 46]]}
    swapped = {"type": "Point", "coordinates": [45.68, -111.04]}
    whole = collection(
        feature(line, name="A", state="MT", treatments="tms", zip="59718"),
        feature(None, name="B", state="MT", treatments="tms", zip="59718"),
        feature(swapped, name="C", state="MT", treatments="tms", zip="59718"),
    )
    assert reasons(read(whole, "mine.json")) == [
        (1, "geometry", "its geometry must be a Point of longitude and latitude"),
        (3, "latitude", "latitude and longitude are swapped"),
    ]


def test_every_fault_of_every_row_is_told_with_the_file_s_own_names_and_words() -> None:
    brought = read(
        "Facility;State;Treatments offered;Zip code;Phone\n"
        "Alpha;MT;leeches;5971;1\n"
        "\n"
        ";Montana;TMS;59718;2\n"
        "Gamma;ZZ;;59718;3\n"
    )
    told = brought.refused
    assert list(told[["row", "column", "value"]].itertuples(index=False, name=None)) == [
        (2, "Treatments offered", "leeches"),
        (2, "Zip code", "5971"),
        (4, "Facility", ""),
        (5, "State", "ZZ"),
        (5, "Treatments offered", ""),
    ]
    assert brought.refused_rows == brought.rows == 3
    assert brought.clinics.empty


def test_a_value_is_cut_to_60_characters() -> None:
    (value,) = read(f"{HEADER}\nAlpha,Bozeman,MT,59718,{'x' * 61}\n").refused["value"]
    assert value == "x" * 59 + "…"


def test_clinics_that_stand_twice_are_all_named() -> None:
    with_ids = read(f"id,{HEADER}\na,{ROW}\nb,{ROW}\na,Other{ROW}\n")
    assert [(row, column) for row, column, _ in reasons(with_ids)] == [(2, "id"), (4, "id")]
    without = read(f"{HEADER}\n{ROW}\nBeta,Billings,MT,59101,ect\n{ROW}\n")
    assert reasons(without) == [(row, "name", "another row has the same name, street, town and ZIP") for row in (2, 4)]


def test_an_id_that_the_data_have_already_is_refused() -> None:
    brought = read(f"id,{HEADER}\nst-me-001,{ROW}\n", taken={"st-me-001"})
    assert "have this clinic_id already" in brought.refused["reason"].iloc[0]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("MT,59718,Bozeman,-111.04,45.68", "lat", "latitude and longitude are swapped"),
        ("FL,33101,Miami,-80.2,25.8", "lat", "latitude and longitude are swapped"),
        ("MT,59718,Bozeman,45.68,111.04", "lng", "it must be negative, since the United States lie in the west"),
        ("MT,59718,Bozeman,51.5,-0.1", "lat", "the point is outside the United States and Puerto Rico"),
        ("MT,59718,Bozeman,0,0", "lat", "the point is outside the United States and Puerto Rico"),
        ("MT,59718,Bozeman,25.8,-80.2", "lat", "km from ZIP 59718; one of the two is wrong"),
        ("MT,59718,Bozeman,45.68,", "lat", "one of latitude and longitude is empty, and both or neither must be"),
        ("MT,33101,,,", "zip", "this ZIP is in Miami, FL: another state than the row says"),
        ("MT,,Bozemann,,", "city", "Our list has no town 'Bozemann' in Montana."),
        ("MT,00000,,,", "zip", "we do not know this ZIP; give a town or coordinates too"),
    ],
)
def test_a_place_that_cannot_be_right_is_one_fault(cells: str, column: str, reason: str) -> None:
    ((row, found, why),) = reasons(read(f"name,treatments,state,zip,city,lat,lng\nAlpha,tms,{cells}\n"))
    assert (row, found) == (2, column)
    assert reason in why


def test_a_zip_that_only_we_do_not_know_is_a_note_where_the_town_places_the_clinic() -> None:
    brought = read(f"{HEADER}\nAlpha,Bozeman,MT,59799,tms\n")
    assert brought.refused.empty
    assert brought.notes == ["These ZIPs are not in our list: 59799."]


def test_a_missing_column_is_one_sentence_with_what_was_found_and_what_is_accepted() -> None:
    with pytest.raises(TableError) as failure:
        read("Klinik,State,Zip\nAlpha,MT,59718\n")
    said = str(failure.value)
    assert said.startswith("mine.csv has no column for name (call it name, clinic name, clinic, facility")
    assert "treatments (call it treatments, treatment, services" in said
    assert said.endswith("Found: 'Klinik', 'State', 'Zip'.")


def test_two_columns_that_mean_the_same_are_one_sentence() -> None:
    with pytest.raises(TableError, match=r"'Phone' and 'Telephone' all mean phone\. Keep one"):
        read("name,state,treatments,Phone,Telephone\nAlpha,MT,tms,1,2\n")


def test_a_row_with_more_or_fewer_cells_than_the_header_is_refused_and_trailing_blanks_are_not() -> None:
    brought = read(f"{HEADER}\n{ROW},,\nBeta,Bozeman,MT,59718,tms,more\nGamma,Bozeman,MT\n")
    assert set(brought.refused["row"]) == {3, 4}
    assert brought.clinics["name"].tolist() == ["Alpha"]


def test_the_template_has_every_column_and_its_example_is_refused() -> None:
    brought = read(csv_template(), "template.csv")
    assert len(brought.theirs) == 25
    assert reasons(brought) == [(2, "clinic_id", "it is the example of the template; delete the row")]
    filled = csv_template().decode("utf-8-sig").replace("example-row", "mine")
    assert read(filled).refused.empty, "all else of the example is right"


def test_what_may_be_one_of_two_treatments_is_not_guessed() -> None:
    assert reasons(read(f"{HEADER}\nAlpha,Bozeman,MT,59718,Ketamine\n"))[0][:2] == (2, "treatments")


def test_every_column_and_every_name_of_one_that_is_needed_is_documented() -> None:
    told = (ROOT / "docs" / "own_list.md").read_text(encoding="utf-8")
    assert [ours for ours in SYNONYMS if f"`{ours}`" not in told] == []
    needed = [word for ours in OBLIGATORY for word in SYNONYMS[ours]]
    assert [word for word in needed if word not in told] == []


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_separator_will_do(separator: str) -> None:
    assert read(f"{HEADER}\n{ROW}\n".replace(",", separator)).clinics["zip"].tolist() == ["59718"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(100), "an old workbook"),
        (b"<!DOCTYPE html><p>Sign in", "is a web page"),
        (b'{"type": "Feature"}', "no FeatureCollection"),
        (b"[]", "no FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "has no features"),
        (b'{"type": "FeatureCollection", "crs": {"name": "EPSG:3857"}, "features": [1]}', "not in degrees"),
        (b'{"type": "FeatureCollection", "features": [', "not JSON that is whole"),
    ],
)
def test_a_file_of_another_kind_is_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        read(content)
