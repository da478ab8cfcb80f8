"""SAMHSA's directory says what its codes say, and no more."""

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from access.errors import SourceError
from access.sources.samhsa.directory import SamhsaDirectory, read_samhsa_directory
from access.tables import SERVICES, check_table

REAL = "mirror/www.samhsa.gov/data/national-directory-mh-facilities-2024.xlsx"
URL = "https://www.samhsa.gov/data/national-directory-mh-facilities-2024.xlsx"
COLUMNS = [
    "name1", "name2", "street1", "street2", "city", "state", "zip", "phone",
    "intake1", "intake2", "intake1a", "intake2a", "service_code_info",
]  # fmt: skip
MEANINGS = {
    "KIT": "Ketamine Infusion Therapy",
    "TMS": "Transcranial Magnetic Stimulation",
    "ECT": "Electroconvulsive therapy",
    "MC": "Medicare",
    "MD": "Medicaid",
    "PI": "Private health insurance",
    "MI": "Federal military insurance (e.g., TRICARE)",
    "VAF": "U.S. Department of VA funds",
    "SF": "Cash or self-payment",
    "SS": "Sliding fee scale (fee is based on income and other factors)",
    "TELE": "Telemedicine/telehealth therapy",
    "SP": "Spanish",
}
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Cell = str | float


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Cell]]]) -> Path:
    """A small XLSX by hand: text as inline strings, numbers as spreadsheets keep them."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    numbered = list(enumerate(sheets, 1))
    named = "".join(f'<sheet name="{name}" sheetId="{k}" r:id="r{k}"/>' for k, name in numbered)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": links_xml({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/_rels/workbook.xml.rels": links_xml(
            {f"r{k}": ("worksheet", f"worksheets/sheet{k}.xml") for k, _ in numbered}
        ),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{LINKS}"><sheets>{named}</sheets></workbook>',
    }
    for k, name in numbered:
        rows = "".join(f"<row>{''.join(map(cell_xml, row))}</row>" for row in sheets[name])
        sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{k}.xml"] = sheet
    with ZipFile(path, "w") as file:
        for part, text in parts.items():
            file.writestr(part, text)
    return path


def links_xml(links: dict[str, tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{name}" Type="{LINKS}/{kind}" Target="{target}"/>' for name, (kind, target) in links.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{each}</Relationships>'


def cell_xml(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"<c><v>{cell}</v></c>"
    return f'<c t="inlineStr"><is><t>{cell.replace("&", "&amp;")}</t></is></c>'


def facility(codes: str, **facts: Cell) -> list[Cell]:
    usual: dict[str, Cell] = {
        "name1": "Valley Hospital", "street1": "1 Main Street", "city": "Bozeman", "state": "MT", "zip": "59718",
        "phone": "406-555-0100", "service_code_info": codes,
    }  # fmt: skip
    return [{**usual, **facts}.get(column, "") for column in COLUMNS]


def listing(folder: Path, *rows: list[Cell], meanings: dict[str, str] = MEANINGS) -> SamhsaDirectory:
    reference = [["category_code", "category_name", "service_code", "service_name", "service_description"]]
    reference += [["", "", code, meaning, ""] for code, meaning in meanings.items()]
    sheets = {"Facilities List": [COLUMNS, *rows], "Service Code Reference": reference}
    return read_samhsa_directory(workbook(folder / "directory.xlsx", sheets), source_url=URL)


def payers(found: SamhsaDirectory) -> list[str]:
    return found.services["payers_accepted"].tolist()


def test_each_code_is_one_service_with_its_source_and_the_year_of_the_survey(tmp_path: Path) -> None:
    found = listing(tmp_path, facility("MH * OP * OMH * CBT KIT TMS * PVTP * MC * SS"), facility("MH * OP * CBT"))
    services = check_table(found.services, SERVICES, where="services")
    assert services["treatment"].tolist() == ["ketamine_iv", "tms"]
    assert set(services["source"]) == {"SAMHSA 2024"}
    assert set(services["seen_date"]) == {"2023"}
    assert set(services["source_url"]) == {URL}
    assert services["checked_on"].isna().all()
    assert (len(found.clinics), found.facilities, found.year) == (1, 2, 2024)


def test_codes_are_words_not_letters_inside_words(tmp_path: Path) -> None:
    assert listing(tmp_path, facility("MH * OP * KITE ECTO * TMSX * MCD")).clinics.empty


def test_cash_is_self_pay_and_the_sliding_fee_is_its_own(tmp_path: Path) -> None:
    assert payers(listing(tmp_path, facility("OP * ECT * SF"))) == ["self_pay"]
    assert payers(listing(tmp_path, facility("OP * ECT * SS"))) == ["sliding_scale"]


def test_medicare_and_medicaid_are_not_swapped(tmp_path: Path) -> None:
    assert payers(listing(tmp_path, facility("OP * ECT * MC"))) == ["medicare"]
    assert payers(listing(tmp_path, facility("OP * ECT * MD"))) == ["medicaid"]


def test_every_payer_has_its_code_and_a_payer_without_one_is_unknown_not_refused(tmp_path: Path) -> None:
    found = listing(tmp_path, facility("OP * ECT * MC MD PI MI VAF SF * SS"), facility("OP * TMS * PI", zip="59715"))
    assert payers(found) == ["medicare|medicaid|private|tricare|va|self_pay|sliding_scale", "private"]
    assert set(found.services["payers_refused"]) == {""}


@pytest.mark.parametrize(
    ("cell", "zip_code"),
    [("2155", "02155"), (2155.0, "02155"), ("2155.0", "02155"), (603.0, "00603"), ("603", "00603"),
     ("59718", "59718"), (59718.0, "59718"), ("02155-1234", "02155")],
)  # fmt: skip
def test_a_zip_gets_back_the_zeros_that_a_spreadsheet_took(tmp_path: Path, cell: Cell, zip_code: str) -> None:
    assert listing(tmp_path, facility("OP * ECT", zip=cell)).clinics["zip"].tolist() == [zip_code]


@pytest.mark.parametrize("cell", ["", "12", "ABCDE", "123456", 2155.5])
def test_what_is_no_zip_is_refused_with_the_facilitys_name(tmp_path: Path, cell: Cell) -> None:
    with pytest.raises(SourceError, match=r"the ZIP of Valley Hospital, Bozeman .* 3 to 5 digits \(1 such\)"):
        listing(tmp_path, facility("OP * ECT", zip=cell))


@pytest.mark.parametrize(
    ("codes", "setting"),
    [("OP * VAHC * ECT * VAMC FED", "va"), ("HI OP * PSY * ECT * PVTN", "hospital"), ("HI * OMH * ECT", "hospital"),
     ("OP * CMHC * ECT * PVTN", "community"), ("OP * OMH * ECT * PVTP", "private_clinic"),
     ("OP * OMH * ECT * PVTN", None), ("RES * RTCA * KIT * PVTP", None)],
)  # fmt: skip
def test_the_setting_is_said_only_where_type_and_owner_say_it(tmp_path: Path, codes: str, setting: str | None) -> None:
    got = listing(tmp_path, facility(codes)).clinics["setting"].iloc[0]
    assert pd.isna(got) if setting is None else got == setting


def test_care_by_video_and_in_spanish_is_stated_or_not_known_never_denied(tmp_path: Path) -> None:
    clinics = listing(tmp_path, facility("OP * ECT TELE * SP"), facility("OP * ECT", zip="59715")).clinics
    assert clinics[["telehealth", "speaks_spanish"]].iloc[0].tolist() == [True, True]
    assert clinics[["telehealth", "speaks_spanish"]].iloc[1].isna().all()


def test_a_facility_that_lists_no_outpatient_care_says_so(tmp_path: Path) -> None:
    notes = listing(tmp_path, facility("HI * PSY * ECT"), facility("OP HI * PSY * ECT", zip="59715")).services["note"]
    assert notes.iloc[0] == "lists no outpatient care"
    assert pd.isna(notes.iloc[1])


def test_a_withheld_street_is_no_address_and_a_programme_is_part_of_the_name(tmp_path: Path) -> None:
    found = listing(
        tmp_path,
        facility("OP * ECT", street1="- - -", name2="Day Unit"),
        facility("OP * ECT", street2="Suite 4 & 5", phone="", intake1="406-555-0199"),
    ).clinics
    assert found["address"].isna().tolist() == [True, False]
    assert found["name"].tolist() == ["Valley Hospital, Day Unit", "Valley Hospital"]
    assert found["address"].iloc[1] == "1 Main Street, Suite 4 & 5"
    assert found["phone"].tolist() == ["406-555-0100", "406-555-0199"]


def test_ids_are_distinct_and_stay_when_rows_move(tmp_path: Path) -> None:
    rows = [facility("OP * ECT"), facility("OP * TMS"), facility("OP * KIT", zip="59715")]
    ids = listing(tmp_path, *rows).clinics["clinic_id"].tolist()
    assert len(set(ids)) == 3
    assert listing(tmp_path, rows[2], rows[0]).clinics["clinic_id"].tolist() == [ids[2], ids[0]]


def test_facilities_beyond_the_states_and_puerto_rico_are_counted_not_kept(tmp_path: Path) -> None:
    found = listing(tmp_path, facility("OP * ECT", state="GU"), facility("OP * ECT", state="PR", zip=603.0))
    assert (found.clinics["state"].tolist(), found.elsewhere) == (["PR"], 1)


def test_a_code_with_a_new_meaning_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the code SF should be self_pay, but its reference sheet says 'sliding fee"):
        listing(tmp_path, facility("OP * ECT"), meanings={**MEANINGS, "SF": "Sliding fee scale"})
    without = {code: meaning for code, meaning in MEANINGS.items() if code != "KIT"}
    with pytest.raises(SourceError, match="the code KIT should be ketamine_iv, but its reference sheet says nothing"):
        listing(tmp_path, facility("OP * ECT"), meanings=without)


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    other = workbook(tmp_path / "other.xlsx", {"Sheet1": [["a"]]})
    with pytest.raises(SourceError, match="has no sheet 'Service Code Reference'; it has Sheet1"):
        read_samhsa_directory(other, source_url=URL)
    lacking = workbook(tmp_path / "lacking.xlsx", {"Facilities List": [], "Service Code Reference": [["code"]]})
    with pytest.raises(SourceError, match="has no column service_code, service_name; it has code"):
        read_samhsa_directory(lacking, source_url=URL)
    (tmp_path / "text.xlsx").write_text("not a workbook")
    with pytest.raises(SourceError, match="cannot be read as a workbook"):
        read_samhsa_directory(tmp_path / "text.xlsx", source_url=URL)


def test_an_address_without_a_year_needs_the_year_said(shared: Path) -> None:
    with pytest.raises(SourceError, match="does not say the directory's year"):
        read_samhsa_directory(shared / REAL, source_url="https://www.samhsa.gov/data/latest.xlsx")
    assert read_samhsa_directory(shared / REAL, source_url="https://x.gov/latest.xlsx", year=2024).year == 2024


def test_the_directory_of_2024_has_the_published_counts(shared: Path) -> None:
    found = read_samhsa_directory(shared / REAL, source_url=URL)
    counts = found.services["treatment"].value_counts()
    assert found.facilities == 8_319
    assert (counts["ketamine_iv"], counts["tms"], counts["ect"]) == (138, 205, 235)
    assert (len(found.clinics), found.elsewhere) == (444, 0)
    assert (found.services.groupby("clinic_id").size() == 3).sum() == 19
    by_payer = found.services.drop_duplicates("clinic_id")["payers_accepted"].str.split("|").explode().value_counts()
    assert by_payer[["private", "self_pay", "medicare", "medicaid", "sliding_scale"]].tolist() == [
        428,
        406,
        360,
        341,
        79,
    ]
    assert (found.clinics["setting"] == "va").sum() == 40
    assert found.clinics["state"].value_counts()[["CA", "FL", "UT"]].tolist() == [71, 30, 24]


def test_every_facility_is_listed_when_asked_and_the_ids_of_those_with_a_treatment_stay(shared: Path) -> None:
    found = read_samhsa_directory(shared / REAL, source_url=URL)
    whole = read_samhsa_directory(shared / REAL, source_url=URL, every=True)
    assert (len(whole.clinics) + whole.elsewhere, whole.facilities) == (8319, 8319)
    assert whole.clinics["clinic_id"].is_unique
    pd.testing.assert_frame_equal(whole.clinics[:444], found.clinics)
    pd.testing.assert_frame_equal(whole.services, found.services)


def test_maine_has_three_hospitals_with_ect(shared: Path) -> None:
    found = read_samhsa_directory(shared / REAL, source_url=URL)
    maine = found.clinics[found.clinics["state"] == "ME"].merge(found.services, on="clinic_id", validate="1:m")
    assert sorted(maine.loc[maine["treatment"] == "ect", "city"]) == ["Bangor", "Brunswick", "Lewiston"]
    assert set(maine["zip"].str[:2]) <= {"03", "04"}


def test_video_and_spanish_equal_a_plain_count_of_the_codes(shared: Path) -> None:
    found = read_samhsa_directory(shared / REAL, source_url=URL).clinics
    sheet = CalamineWorkbook.from_path(shared / REAL).get_sheet_by_name("Facilities List").to_python()
    cells = [set(str(row[sheet[0].index("service_code_info")]).split()) for row in sheet[1:]]
    ours = [codes for codes in cells if codes & {"KIT", "TMS", "ECT"}]
    assert found["telehealth"].sum() == sum("TELE" in codes for codes in ours)
    assert found["speaks_spanish"].sum() == sum("SP" in codes for codes in ours)
    assert 0 < found["telehealth"].sum() < len(ours)
