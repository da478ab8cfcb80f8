from pathlib import Path

import pandas as pd
import pytest

from access.errors import SourceError, TableError
from access.places.gazetteer.lookup import load_gazetteer, place_clinics
from access.sources.lists.curated import read_clinic_csv
from access.sources.lists.rules import web_address
from access.tables import CLINICS, SERVICES, check_table

HEADER = "clinic_id,name,city,state,zip,treatments"
ROW = "a,Alpha Clinic,Bozeman,MT,59718,tms"
OUR_LIST = Path(__file__).parents[1] / "data" / "clinics.csv"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "own.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def one_row(folder: Path, **cells: str) -> Path:
    """A file of one good clinic with some cells other than usual."""
    row = dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | cells
    return written(folder, ",".join(row), ",".join(f'"{cell}"' for cell in row.values()))


def test_six_columns_are_enough_and_what_is_not_there_is_not_known(tmp_path: Path) -> None:
    clinics, services = read_clinic_csv(written(tmp_path, HEADER, ROW), source="mine")
    assert clinics[["clinic_id", "name", "state", "zip"]].iloc[0].tolist() == ["a", "Alpha Clinic", "MT", "59718"]
    assert clinics[["address", "phone", "website", "latitude", "location_precision", "setting"]].isna().all(axis=None)
    service = services.iloc[0]
    assert (service["treatment"], service["source"]) == ("tms", "mine")
    assert (service["payers_accepted"], service["payers_refused"]) == ("", "")
    assert services[["price_usd", "rems_certified", "capacity_per_week", "seen_date"]].isna().all(axis=None)


def test_every_optional_column_arrives_where_it_belongs(tmp_path: Path) -> None:
    path = one_row(
        tmp_path, treatments="TMS | esketamine", payers="medicare|private", payers_refused="medicaid",
        rems_certified="Yes", capacity_per_week="30|12.5", latitude="45.67", longitude="-111.2", state="montana",
        zip="59718-1234", website="alpha.org/care", source_url="http://alpha.org", seen_date="2021",
        setting="hospital", checked_on="2026-11-23",
    )  # fmt: skip
    clinics, services = read_clinic_csv(path)
    clinic, by_treatment = clinics.iloc[0], services.set_index("treatment")
    assert (clinic["state"], clinic["zip"], clinic["website"]) == ("MT", "59718", "https://alpha.org/care")
    assert (clinic["latitude"], clinic["longitude"], clinic["location_precision"]) == (45.67, -111.2, "street")
    assert by_treatment["capacity_per_week"].to_dict() == {"tms": 30.0, "esketamine": 12.5}
    assert by_treatment.at["esketamine", "rems_certified"]
    assert pd.isna(by_treatment.at["tms", "rems_certified"])
    assert set(services["payers_accepted"]) == {"medicare|private"}
    assert set(services["payers_refused"]) == {"medicaid"}
    assert set(services["seen_date"]) == {"2021"}


@pytest.mark.parametrize(
    ("treatments", "note", "priced"),
    [
        ("ketamine_iv|tms", "usual price of one ketamine infusion", "ketamine_iv"),
        ("esketamine|ketamine_iv", "one ketamine session", "ketamine_iv"),
        ("esketamine|ketamine_iv", "per Spravato visit", "esketamine"),
        ("ketamine_iv|ketamine_im", "single injection", "ketamine_im"),
        ("tms", "", "tms"),
    ],
)
def test_a_price_is_of_the_treatment_that_its_note_speaks_of(
    tmp_path: Path, treatments: str, note: str, priced: str
) -> None:
    _, services = read_clinic_csv(one_row(tmp_path, treatments=treatments, price_usd="400", price_note=note))
    assert services.dropna(subset="price_usd")[["treatment", "price_usd"]].to_numpy().tolist() == [[priced, 400.0]]


def test_a_price_that_may_be_of_two_treatments_is_refused(tmp_path: Path) -> None:
    path = one_row(tmp_path, treatments="ketamine_iv|ketamine_im", price_usd="400", price_note="ketamine session")
    with pytest.raises(TableError, match=r"line 2 \(a\): price_usd is '400', but price_note does not say of which"):
        read_clinic_csv(path)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"latitude": "450", "longitude": "-111"}, r"latitude is '450', but it must be .* from -90 to 90 \(1 such\)"),
        ({"latitude": "45.6"}, "one of latitude and longitude is empty"),
        ({"latitude": "north", "longitude": "-111"}, "latitude is 'north'"),
        ({"latitude": "nan", "longitude": "-111"}, "latitude is 'nan'"),
        ({"treatments": "tms|hypnosis"}, "treatments is 'tms|hypnosis', but it must be any of ketamine_iv"),
        ({"treatments": ""}, "treatments is empty"),
        ({"treatments": "tms|tms"}, "each once"),
        ({"state": "ZZ"}, "state is 'ZZ', but it must be a state"),
        ({"zip": "2155"}, "zip is '2155', but it must be .*five digits, with the zeros"),
        ({"zip": "", "city": ""}, "city is empty, but the ZIP is empty too"),
        ({"payers": "medicare|gold"}, "payers is"),
        ({"payers": "medicare", "payers_refused": "medicare|va"}, "both among those accepted and among those refused"),
        ({"price_usd": "$400"}, r"price_usd is '\$400'"),
        ({"price_usd": "-5"}, "price_usd is '-5'"),
        ({"seen_date": "5/31/2021"}, "seen_date is '5/31/2021', but it must be empty or a date like 2021"),
        ({"seen_date": "2021-13"}, "seen_date is '2021-13'"),
        ({"seen_date": "2021-02-30"}, "seen_date is '2021-02-30'"),
        ({"zip": "\u0665\u0669\u0667\u0661\u0668"}, "zip is '\u0665"),
        ({"capacity_per_week": "9" * 400}, "capacity_per_week is '9999"),
        ({"name": "Al\x00pha"}, "name is 'Al\x00pha', but it must hold no control characters"),
        ({"name": "al\u202epha"}, "it must hold no control characters"),
        ({"website": "javascript:alert(1)"}, "website is 'javascript.*, but it must be empty or an address of the web"),
        ({"source_url": "a telephone call"}, "source_url is 'a telephone call'"),
        ({"telehealth": "perhaps"}, "telehealth is 'perhaps', but it must be empty, yes or no"),
        ({"note": "x" * 2001}, "note is 'x{59}…', but it must have no more than 2,000 characters"),
        ({"setting": "spa"}, "setting is 'spa'"),
        ({"location_precision": "exact"}, "location_precision is 'exact'"),
        ({"rems_certified": "yes"}, "does not give esketamine"),
        ({"rems_certified": "perhaps"}, "rems_certified is 'perhaps'"),
        ({"capacity_per_week": "10|20"}, "as many numbers as there are treatments"),
        ({"clinic_id": ""}, "clinic_id is empty"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line_and_what_it_must_be(
    tmp_path: Path, cells: dict[str, str], sentence: str
) -> None:
    with pytest.raises(TableError, match=rf"own\.csv, line 2 \(.*{sentence}"):
        read_clinic_csv(one_row(tmp_path, **cells))


def test_the_line_is_that_of_the_file_and_the_others_are_counted(tmp_path: Path) -> None:
    bad = ROW.replace("MT", "ZZ")
    path = written(tmp_path, HEADER, ROW, "", bad.replace("a,", "b,", 1), bad.replace("a,", "c,", 1))
    with pytest.raises(TableError, match=r"line 4 \(b\): state is 'ZZ'.*\(2 such\)"):
        read_clinic_csv(path)


def test_a_repeated_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"line 2 \(a\): clinic_id is 'a', but another line has the same.*2 such"):
        read_clinic_csv(written(tmp_path, HEADER, ROW, ROW))


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(
        TableError, match=r"own\.csv has no column treatments; it has clinic_id, name, city, state, zip\."
    ):
        read_clinic_csv(written(tmp_path, HEADER.removesuffix(",treatments"), ROW.removesuffix(",tms")))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"{HEADER}\n{ROW}\nb,Caf\u00e9,Bozeman,MT,59718,tms\n".encode("cp1252"), r"is not UTF-8 \(line 3\)"),
        (b"", "is empty"),
        (b"\n  \n", "is empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page, not a CSV"),
        (b"PK\x03\x04rest of a workbook", "is a workbook"),
    ],
)
def test_a_file_that_is_no_csv_is_one_plain_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=sentence):
        read_clinic_csv(path)


def test_a_file_that_is_not_there_is_one_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_clinic_csv(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ((HEADER,), "has a header but no rows"),
        ((HEADER, ROW + ",more"), "line 2 has 7 cells, but the header has 6"),
        ((HEADER, "a,Alpha"), "line 2 has 2 cells"),
        ((HEADER + ",name", ROW + ",x"), "the column name more than once"),
        ((HEADER, 'a,"Alpha"x,Bozeman,MT,59718,tms'), "line 2: "),
    ],
)
def test_a_ragged_table_is_refused(tmp_path: Path, lines: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        read_clinic_csv(written(tmp_path, *lines))


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{ROW}\r\n".encode())
    assert read_clinic_csv(path)[0]["clinic_id"].tolist() == ["a"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("uab.edu", "https://uab.edu"),
        ("www.va.gov/palo-alto-health-care", "https://www.va.gov/palo-alto-health-care"),
        ("HTTP://alpha.org", "HTTP://alpha.org"),
        ("javascript:alert(1)", None),
        ("mailto:a@b.org", None),
        ("https://", None),
        ("none", None),
        ("ftp://alpha.org", None),
        ("alpha.org/<script> x", None),
        ("", None),
    ],
)
def test_only_web_addresses_are_kept(text: str, address: str | None) -> None:
    assert web_address(text) == address


def test_our_list_has_305_clinics_and_380_services_and_every_one_is_placed_in_its_state() -> None:
    listed, services = read_clinic_csv(OUR_LIST)
    clinics = check_table(place_clinics(listed, load_gazetteer()), CLINICS, where="test")
    check_table(services, SERVICES, where="test")
    assert (len(clinics), len(services)) == (305, 380)
    assert clinics["state"].nunique() == 51
    assert clinics["location_precision"].value_counts().to_dict() == {"city": 279, "zip": 26}
    assert services["treatment"].value_counts().to_dict() == {
        "tms": 130, "ketamine_iv": 107, "ect": 70, "esketamine": 65, "ketamine_im": 8,
    }  # fmt: skip
    assert services.groupby("treatment")["price_usd"].count().loc[["ketamine_iv", "ketamine_im", "tms"]].tolist() == [
        5,
        2,
        0,
    ]


def test_our_list_is_part_of_the_curated_one_but_for_an_added_zip_and_a_mended_page(shared: Path) -> None:
    theirs = set((shared / "starter" / "clinics.csv").read_text(encoding="utf-8").splitlines())
    ours = OUR_LIST.read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in ours if line not in theirs] == ["st-ga-003", "st-hi-003"]
