"""Clinics are found by their addresses, each by its own number: against recorded replies and a shuffling server."""

import csv
import io
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pandas as pd
import pytest
import yaml

from access.errors import SourceError, TableError
from access.sources.census import geocoder_batch
from access.sources.census.geocoder_batch import COLUMNS, MOST_ROWS, geocode_addresses
from tests.posted import posted_to

MAINE = "-69.78,44.31"


class Cassette(yaml.SafeLoader):
    """Reads the recordings; the Python objects in the questions are left out."""


Cassette.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)


def recorded(shared: Path, which: int) -> bytes:
    """The Census Bureau's own reply to three addresses: 0 with places alone, 1 with their tracts."""
    text = (shared / "recorded" / "censusgeocoder_vcr_address-batch.yaml").read_text(encoding="utf-8")
    return str(yaml.load(text, Loader=Cassette)["interactions"][which]["response"]["body"]["string"]).encode()


def fields(body: bytes, content_type: str) -> dict[str, str]:
    """The fields of a posted form, by the standard library's reader of MIME."""
    form = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=policy.HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): (part.get_payload(decode=True) or b"").decode()
        for part in form.iter_parts()
    }


def sent_rows(body: bytes, content_type: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(fields(body, content_type)["addressFile"])))


def served(line_of: Callable[[list[str]], list[str]]) -> Callable[[bytes, str], bytes]:
    """A service that says `line_of` each address, the last first, each cell in quotation marks."""

    def answer(body: bytes, content_type: str) -> bytes:
        text = io.StringIO()
        rows = [line_of(row) for row in reversed(sent_rows(body, content_type))]
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
        return text.getvalue().encode()

    return answer


def match(row: list[str], kind: str = "Exact", point: str = MAINE) -> list[str]:
    number, street, city, state, zip_code = row
    shouted = f"{street.upper()}, {city.upper()}, {state}, {zip_code}"
    return [number, f"{street}, {city}, {state}, {zip_code}", "Match", kind, shouted, point, "59653655", "R"]


def clinics(*streets: str, state: str = "ME") -> pd.DataFrame:
    rows = [
        (f"own-{letter}", street, "Augusta", state, "04330") for letter, street in zip("abcdef", streets, strict=False)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geocoder_batch, "_PAUSE_SECONDS", 0.0)


@pytest.mark.parametrize("which", [0, 1])
def test_the_recorded_replies_give_the_one_address_that_was_found(
    which: int, shared: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = pd.DataFrame(
        [
            ("x", "4600 Silver Hill Rd", "SUITLAND", "MD", "20746"),
            ("y", "79 Wistful Vista", "Wistful Vista", "IL", None),
            ("z", "3 Gramercy Park West", "New York", "NY", "10003"),
        ],
        columns=list(COLUMNS),
    )
    with posted_to(monkeypatch, "GEOCODER_BATCH", lambda *_: recorded(shared, which)):
        found = geocode_addresses(asked, cache=tmp_path, refresh=False, progress=None)
    assert found.to_dict("records") == [
        {
            "clinic_id": "z",
            "latitude": 40.738323,
            "longitude": -73.98658,
            "matched_address": "3 GRAMERCY PARK W, NEW YORK, NY, 10003",
            "match_kind": "exact",
        }
    ]
    assert found.attrs == {"asked": 3, "no_street": 0, "no_match": 2, "tie": 0, "other_state": 0}


def test_the_published_example_is_sent_as_it_is_but_for_its_ids(
    shared: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    example = (shared / "recorded" / "censusgeocoder_batch_input.csv").read_text(encoding="utf-8")
    asked = pd.read_csv(io.StringIO(example), names=list(COLUMNS), dtype="str")
    seen: list[dict[str, str]] = []

    def answer(body: bytes, content_type: str) -> bytes:
        seen.append(fields(body, content_type))
        return b"".join(b'"%d","an address","No_Match"\n' % number for number in range(1, 8))

    with posted_to(monkeypatch, "GEOCODER_BATCH", answer):
        geocode_addresses(asked, cache=tmp_path, refresh=False, progress=None)
    (form,) = seen
    lines = [line.split(",", 1)[1] for line in example.splitlines()]
    assert form["addressFile"].splitlines() == [f"{number},{line}" for number, line in enumerate(lines, 1)]
    assert form["benchmark"] == "Public_AR_Current"
    assert form.keys() == {"addressFile", "benchmark"}


def test_shuffled_answers_go_to_their_own_clinics_and_misses_are_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = {
        "1 First St": lambda row: match(row, point="-69.1,44.1"),
        "2 Second St": lambda row: [row[0], "2 Second St, Augusta, ME, 04330", "Tie"],
        "3 Third St": lambda row: match(row, "Non_Exact", "-69.3,44.3"),
        "4 Fourth St": lambda row: [row[0], "4 Fourth St, Augusta, ME, 04330", "No_Match"],
    }
    with posted_to(monkeypatch, "GEOCODER_BATCH", served(lambda row: said[row[1]](row))):
        found = geocode_addresses(clinics(*said, "", " "), cache=tmp_path, refresh=False, progress=None)
    assert found[["clinic_id", "latitude", "longitude", "match_kind"]].to_numpy().tolist() == [
        ["own-a", 44.1, -69.1, "exact"],
        ["own-c", 44.3, -69.3, "non_exact"],
    ]
    assert found.attrs == {"asked": 4, "no_street": 2, "no_match": 1, "tie": 1, "other_state": 0}


def test_a_match_in_another_state_is_left_out_and_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def elsewhere(row: list[str]) -> list[str]:
        return match([*row[:3], "GA" if row[0] == "1" else "ME", row[4]])

    asked = clinics("1 First St", "2 Second St", state="Maine")
    with posted_to(monkeypatch, "GEOCODER_BATCH", served(elsewhere)):
        found = geocode_addresses(asked, cache=tmp_path, refresh=False, progress=None)
    assert found["clinic_id"].tolist() == ["own-b"]
    assert found.attrs["other_state"] == 1


def test_one_row_stays_one_row_and_nothing_but_the_address_is_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = clinics('1 "Old" Mill Rd,\r\nSuite 2', "2 Calle Niño\x00\u2028Ponce").assign(name="Secret Clinic")
    with posted_to(monkeypatch, "GEOCODER_BATCH", served(match)) as sent:
        found = geocode_addresses(asked, cache=tmp_path, refresh=False, progress=None)
    assert found["clinic_id"].tolist() == ["own-a", "own-b"]
    assert b'1,"1 Old Mill Rd, Suite 2",Augusta,ME,04330\n2,2 Calle Ni\xc3\xb1o Ponce,Augusta,ME,04330\n' in sent[0]
    assert b"own-" not in sent[0]
    assert b"Secret" not in sent[0]


def test_a_long_list_goes_in_several_files_and_a_kept_answer_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [(f"c{n}", f"{n} Main St", "Augusta", "ME", "04330") for n in range(MOST_ROWS + 2)]
    asked, steps = pd.DataFrame(rows, columns=list(COLUMNS)), []
    answer = served(lambda row: match(row, point=f"-69.5,{44 + int(row[1].split()[0]) / 10_000}"))
    with posted_to(monkeypatch, "GEOCODER_BATCH", answer) as sent:
        found = geocode_addresses(asked, cache=tmp_path, refresh=False, progress=lambda *step: steps.append(step))
        again = geocode_addresses(asked, cache=tmp_path, refresh=False, progress=None)
        assert len(sent) == 2
        geocode_addresses(asked, cache=tmp_path, refresh=True, progress=None)
    assert len(sent) == 4
    assert found["clinic_id"].tolist() == [f"c{n}" for n in range(MOST_ROWS + 2)]
    assert found["latitude"].to_numpy() == pytest.approx([44 + n / 10_000 for n in range(MOST_ROWS + 2)])
    pd.testing.assert_frame_equal(again, found)
    assert [step[1:] for step in steps] == [(0, MOST_ROWS + 2), (MOST_ROWS, MOST_ROWS + 2)]
    assert MOST_ROWS <= 10_000


WRONG = {
    "not sent": b'"1","a","No_Match"\n"2","a","No_Match"\n"7","a","No_Match"\n',
    "twice": b'"1","a","No_Match"\n"2","a","No_Match"\n"2","a","No_Match"\n',
    "says nothing of number 2": b'"1","a","No_Match"\n',
    "invalid literal": b'"1","a","No_Match"\n"own-b","a","No_Match"\n',
    "not as published": b'"1","a","No_Match"\n"2","a","Perhaps"\n',
    "a row that": b'"1","a","No_Match"\n"2","a","Match","Exact","2 ELM ST, AUGUSTA, ME, 04330"\n',
    "not in the country": b'"1","a","No_Match"\n"2","a","Match","Exact","2 ELM ST, ME","44.3,-69.7","5","R"\n',
    "web page": b"<!DOCTYPE html><html><body>We are being mended</body></html>",
    "unexpected end": b'"1","a","No_Match"\n"2","a',
}


@pytest.mark.parametrize("words", WRONG)
def test_an_answer_that_is_not_one_line_for_each_address_is_refused(
    words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (
        posted_to(monkeypatch, "GEOCODER_BATCH", lambda *_: WRONG[words]),
        pytest.raises(SourceError, match=f"did not answer as it should.*{words}"),
    ):
        geocode_addresses(clinics("1 Elm St", "2 Elm St"), cache=tmp_path, refresh=False, progress=None)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_list_that_lacks_a_column_or_repeats_an_id_is_not_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with posted_to(monkeypatch, "GEOCODER_BATCH", served(match)) as sent:
        with pytest.raises(TableError, match="no column zip"):
            geocode_addresses(clinics("1 Elm St").drop(columns="zip"), cache=tmp_path, refresh=False, progress=None)
        with pytest.raises(TableError, match="'own-a' more than once"):
            geocode_addresses(
                clinics("1 Elm St", "2 Elm St").assign(clinic_id="own-a"), cache=tmp_path, refresh=False, progress=None
            )
        nothing = geocode_addresses(clinics(), cache=tmp_path, refresh=False, progress=None)
    assert (len(nothing), sent) == (0, [])
