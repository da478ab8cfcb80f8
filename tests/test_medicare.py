"""Medicare's bills become practices and services, or a plain sentence: against a server of the published format."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from access.errors import SourceError
from access.sources.cms import medicare as source
from access.sources.cms.medicare import fetch_medicare_list
from access.sources.source_list import SourceList
from access.tables import SERVICES
from tests.services import Asked, Service, serving

TITLE = "Medicare Physician & Other Practitioners - by Provider and Service"
PAGE = "https://data.cms.gov/provider-summary-by-type-of-service/by-provider-and-service"
Row = dict[str, str]


def row(npi: str, code: str, patients: int | str, **other: str) -> Row:
    """A row as CMS publishes it: every value is text."""
    return {
        "Rndrng_NPI": npi,
        "Rndrng_Prvdr_Last_Org_Name": "Smith",
        "Rndrng_Prvdr_First_Name": "Anna",
        "Rndrng_Prvdr_MI": "",
        "Rndrng_Prvdr_Crdntls": "M.D.",
        "Rndrng_Prvdr_Ent_Cd": "I",
        "Rndrng_Prvdr_St1": "12 Main St",
        "Rndrng_Prvdr_St2": "Suite 3",
        "Rndrng_Prvdr_City": "Bangor",
        "Rndrng_Prvdr_State_Abrvtn": "ME",
        "Rndrng_Prvdr_State_FIPS": "23",
        "Rndrng_Prvdr_Zip5": "04401",
        "Rndrng_Prvdr_Cntry": "US",
        "Rndrng_Prvdr_Type": "Psychiatry",
        "HCPCS_Cd": code,
        "Place_Of_Srvc": "O",
        "Tot_Benes": str(patients),
        "Tot_Srvcs": "400",
    } | other


def edition(base: str, year: int, name: str, **other: str) -> dict[str, str]:
    """A distribution as the catalogue lists it."""
    return {
        "@type": "dcat:Distribution",
        "format": "API",
        "accessURL": f"{base}/data-api/v1/dataset/{name}/data",
        "title": f"{TITLE} : {year}-12-31",
        "temporal": f"{year}-01-01/{year}-12-31",
    } | other


@dataclass
class Cms:
    """The catalogue and the rows of one dataset; `word`: how it misbehaves."""

    service: Service
    rows: list[Row] = field(default_factory=list)
    editions: list[dict[str, str]] = field(default_factory=list)
    word: str = ""

    def answer(self, path: str, asked: Asked) -> object:
        if path == "/data.json":
            return {
                "@type": "dcat:Catalog",
                "dataset": [
                    {"title": "Medicare Part D Prescribers - by Provider", "landingPage": None},
                    {"title": TITLE, "landingPage": PAGE, "distribution": self.editions},
                ],
            }
        filters = {name[7:-1]: value for name, value in asked.items() if name.startswith("filter[")}
        if self.word == "filter ignored":
            filters = {}
        if self.word == "state ignored":
            filters.pop("Rndrng_Prvdr_State_Abrvtn", None)
        found = [item for item in self.rows if all(item.get(name) == value for name, value in filters.items())]
        start = 0 if self.word == "repeated" else int(asked["offset"])
        return found[start : start + int(asked["size"])]

    def read(self, cache: Path, *states: str) -> SourceList:
        return fetch_medicare_list(states=states or None, cache=cache, mirror=None, refresh=True, progress=None)


@pytest.fixture
def cms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cms]:
    with serving() as service:
        made = Cms(service, editions=[edition(service.base, 2022, "older"), edition(service.base, 2023, "newest")])
        service.answer = made.answer
        monkeypatch.setenv("TRD_ACCESS_URL_MEDICARE", f"{service.base}/data.json")
        monkeypatch.setattr(source, "_PAUSE_SECONDS", 0.0)
        yield made


def only_service(got: SourceList) -> dict[str, object]:
    assert len(got.services) == 1
    return dict(got.services.iloc[0])


def test_the_newest_year_with_an_api_is_asked(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("1", "G2083", 14)]
    cms.editions.append(edition(cms.service.base, 2024, "file", format="CSV"))
    got = cms.read(tmp_path)
    assert {path for path, _ in cms.service.asked} == {"/data.json", "/data-api/v1/dataset/newest/data"}
    assert got.vintage == "2023"
    assert only_service(got)["source"] == "Medicare billing 2023"


def test_without_a_period_the_year_is_that_of_the_title(cms: Cms, tmp_path: Path) -> None:
    cms.editions = [edition(cms.service.base, 2021, "a", temporal=""), edition(cms.service.base, 2020, "b")]
    cms.rows = [row("1", "90870", 14)]
    assert cms.read(tmp_path).vintage == "2021"


def test_an_api_that_is_listed_as_a_download_is_asked(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("1", "G2083", 14)]
    address = cms.editions.pop()["accessURL"]
    cms.editions = [edition("", 2023, "", format="", accessURL="", downloadURL=address, temporal="")]
    assert cms.read(tmp_path).vintage == "2023"


def test_a_bill_is_a_service_with_its_meaning(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("1", "G2083", 14)]
    got = cms.read(tmp_path)
    service = only_service(got)
    assert service["treatment"] == "esketamine"
    assert (service["evidence"], service["seen_date"], service["payers_accepted"]) == ("billed", "2023", "medicare")
    assert (service["patients_billed"], service["source_url"]) == (14, PAGE)
    assert str(service["note"]).startswith("billed Medicare for at least 14 patients in 2023")
    assert "registered" in str(service["note"])
    clinic = got.clinics.iloc[0]
    assert (clinic["address"], clinic["city"], clinic["zip"]) == ("12 Main St, Suite 3", "Bangor", "04401")
    assert clinic["name"] == "Practice of A. Smith, MD"
    assert clinic[["latitude", "phone", "setting"]].isna().all()
    assert "10 patients or fewer" in got.notes[0]
    SERVICES.validate(got.services)


def test_each_code_is_its_treatment(cms: Cms, tmp_path: Path) -> None:
    codes = ["G2082", "G2083", "90867", "90868", "90869", "90870", "J3490"]
    cms.rows = [row(str(at), code, 11, Rndrng_Prvdr_St1=f"{at} Elm St") for at, code in enumerate(codes)]
    got = cms.read(tmp_path).services["treatment"]
    assert sorted(got) == ["ect", "esketamine", "esketamine", "tms", "tms", "tms"]


def test_patients_of_a_site_are_its_largest_row_not_the_sum(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [
        row("1", "90867", 12),
        row("1", "90868", 15),
        row("2", "90868", 13),
        row("1", "90868", 40, Place_Of_Srvc="F"),
    ]
    assert only_service(cms.read(tmp_path))["patients_billed"] == 15


def test_people_at_one_address_are_one_record_whatever_their_order(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [
        row("3", "90868", 20, Rndrng_Prvdr_Last_Org_Name="Zhou"),
        row("1", "90868", 20),
        row("2", "90868", 20, Rndrng_Prvdr_Last_Org_Name="Jones", Rndrng_Prvdr_St1="12  MAIN ST."),
    ]
    first = cms.read(tmp_path)
    cms.rows.reverse()
    again = cms.read(tmp_path)
    assert list(first.clinics["name"]) == ["Practice of A. Jones, MD and 2 others"]
    assert first.clinics.equals(again.clinics)
    assert first.services.equals(again.services)


def test_an_organisation_at_the_address_names_it(cms: Cms, tmp_path: Path) -> None:
    organisation = {"Rndrng_Prvdr_Ent_Cd": "O", "Rndrng_Prvdr_First_Name": "", "Rndrng_Prvdr_Crdntls": ""}
    cms.rows = [
        row("1", "90868", 20, Rndrng_Prvdr_Last_Org_Name="Abbot"),
        row("2", "90868", 20, Rndrng_Prvdr_Last_Org_Name="Northern Mind Clinic", **organisation),
    ]
    assert list(cms.read(tmp_path).clinics["name"]) == ["Northern Mind Clinic"]


def test_another_suite_is_another_record(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("1", "90868", 20), row("2", "90868", 20, Rndrng_Prvdr_St2="Suite 4")]
    assert cms.read(tmp_path).clinics["clinic_id"].nunique() == 2


def test_care_in_a_hospital_only_confirms_the_site(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("1", "90870", 50, Place_Of_Srvc="F"), row("1", "90868", 20, Place_Of_Srvc="F")]
    got = cms.read(tmp_path)
    assert (len(got.clinics), len(got.services)) == (1, 0)
    assert "hospital or other facility: 1." in got.notes[-1]


def test_a_zero_in_front_of_a_zip_is_put_back_and_territories_are_told(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [
        row("1", "90868", 20, Rndrng_Prvdr_Zip5="4401"),
        row("2", "90868", 20, Rndrng_Prvdr_State_Abrvtn="GU"),
        row("3", "90868", 20, Rndrng_Prvdr_Cntry="DE"),
    ]
    got = cms.read(tmp_path)
    assert list(got.clinics["zip"]) == ["04401"]
    assert got.notes[-1].endswith("left out: 2.")


@pytest.mark.parametrize("count", [6, 7, 8])
def test_pages_are_read_to_the_end(cms: Cms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(source, "_PAGE_ROWS", 3)
    cms.rows = [row(str(at), "90868", 20, Rndrng_Prvdr_St1=f"{at} Elm St") for at in range(count)]
    assert len(cms.read(tmp_path).clinics) == count
    offsets = [asked["offset"] for _, asked in cms.service.asked if asked.get("filter[HCPCS_Cd]") == "90868"]
    assert offsets == ["0", "3", "6"]


def test_as_many_rows_are_asked_for_as_cms_gives(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("1", "90868", 20)]
    cms.read(tmp_path)
    assert {asked["size"] for _, asked in cms.service.asked if "filter[HCPCS_Cd]" in asked} == {"5000"}


def test_states_are_asked_one_by_one(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row(state, "90868", 20, Rndrng_Prvdr_State_Abrvtn=state) for state in ("ME", "NH", "VT")]
    assert sorted(cms.read(tmp_path, "ME", "VT").clinics["state"]) == ["ME", "VT"]
    assert sum("filter[HCPCS_Cd]" in asked for _, asked in cms.service.asked) == 6 * 2


def test_a_state_without_a_bill_is_an_empty_list(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("1", "90868", 20)]
    got = cms.read(tmp_path, "WY")
    assert (len(got.clinics), len(got.services)) == (0, 0)


def test_kept_replies_are_not_asked_for_again(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("1", "90868", 20)]
    told: list[tuple[str, int, int | None]] = []
    for _ in range(2):
        fetch_medicare_list(states=["ME"], cache=tmp_path, progress=lambda *said: told.append(said))
    assert len(cms.service.asked) == 1 + 1 + 6
    assert told[:6] == told[6:]
    assert told[0] == ("Medicare billing, G2082 ME", 0, 6)


@pytest.mark.parametrize("word", ["filter ignored", "state ignored"])
def test_a_filter_that_is_not_heeded_is_an_error(cms: Cms, tmp_path: Path, word: str) -> None:
    cms.word = word
    cms.rows = [row("1", "90868", 20, Rndrng_Prvdr_State_Abrvtn="NH"), row("2", "99213", 20)]
    with pytest.raises(SourceError, match="not heeded"):
        cms.read(tmp_path, "ME")


def test_a_page_that_comes_again_is_an_error(cms: Cms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_PAGE_ROWS", 2)
    cms.word = "repeated"
    cms.rows = [row(str(at), "90868", 20) for at in range(5)]
    with pytest.raises(SourceError, match="NPI 0, 90868 twice"):
        cms.read(tmp_path)


@pytest.mark.parametrize("column", ["Tot_Benes", "HCPCS_Cd", "Rndrng_Prvdr_State_Abrvtn", "Place_Of_Srvc"])
def test_a_renamed_column_is_named(cms: Cms, tmp_path: Path, column: str) -> None:
    good = row("1", "90868", 20)
    cms.rows = [{(f"New_{name}" if name == column else name): cell for name, cell in good.items()}]
    with pytest.raises(SourceError, match=f"no column {column};"):
        cms.read(tmp_path)


def test_a_number_of_patients_that_is_none_is_an_error(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("77", "90868", "*")]
    with pytest.raises(SourceError, match="NPI 77, 90868 has"):
        cms.read(tmp_path)


def test_a_whole_country_without_any_bill_is_an_error(cms: Cms, tmp_path: Path) -> None:
    cms.rows = [row("1", "99213", 20)]
    with pytest.raises(SourceError, match="no row for any"):
        cms.read(tmp_path)


def test_a_catalogue_without_the_dataset_is_an_error(cms: Cms, tmp_path: Path) -> None:
    cms.editions = [edition(cms.service.base, 2023, "a", format="CSV")]
    with pytest.raises(SourceError, match="lists no dataset"):
        cms.read(tmp_path)


def test_a_catalogue_that_sends_us_elsewhere_is_not_followed(cms: Cms, tmp_path: Path) -> None:
    cms.editions = [edition("http://evil.example", 2023, "a")]
    with pytest.raises(SourceError, match="another host"):
        cms.read(tmp_path)
