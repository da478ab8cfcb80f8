"""A hostile list, end to end: a right result or a plain sentence, text on every card and map, no formula exported."""

import csv
import io
import json
import struct
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from access.documents.cards import care_cards
from access.documents.safe_csv import csv_bytes
from access.errors import AccessError
from access.maps.browser_map import scene
from access.maps.points import points_layer
from access.places.directory.own_list import OwnList, import_clinics, parse_own_list, read_own_list
from access.places.gazetteer.lookup import load_gazetteer
from access.places.pack import load_pack, pack_names
from access.questions.choices import care_choices
from tests.payloads import PAYLOADS
from tests.test_maps import script_of
from tests.workbooks import packed, sheet, workbook

TODAY = date(2026, 11, 29)
GAZETTEER = load_gazetteer()
HEADER = ["id", "name", "address", "city", "state", "zip", "lat", "lng", "phone", "treatments", "note"]
GOOD = "name,city,state,zip,treatments\nAlpha,Bozeman,MT,59718,tms\n"
FORMULAS = ['=HYPERLINK("https://evil.example","x")', "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd"]
HOSTILE = [*PAYLOADS, *FORMULAS, '\t=HYPERLINK("https://evil.example")', "javascript:alert(1)", "'; DROP TABLE x; --"]
DENVER = (39.74, -104.99)


def read(content: bytes | str, name: str = "mine.csv") -> OwnList:
    given = content if isinstance(content, bytes) else content.encode()
    return parse_own_list(given, name, today=TODAY, gazetteer=GAZETTEER)


def table(rows: Sequence[Sequence[object]], line_end: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def hostile_rows() -> list[list[object]]:
    """A clinic for each text, in every field that takes any text, a street apart so that none is another."""
    return [
        HEADER,
        *(
            [f"h{n}", text, text, text, "CO", "80202", 39.70 + n / 200, -104.99, text, "ketamine_iv", text]
            for n, text in enumerate(HOSTILE)
        ),
    ]


def refusal(content: bytes | str, name: str = "mine.csv") -> str:
    with pytest.raises(AccessError) as failure:
        read(content, name)
    said = str(failure.value)
    assert len(said) < 400
    assert said.endswith(".")
    return said


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_a_hostile_list_is_imported_as_text_and_runs_nowhere(form: str) -> None:
    brought = read(*hostile_file(form))
    assert brought.refused.empty
    pack = import_clinics(brought, load_pack("starter"), "hostile", alone=True)
    texts = {" ".join(text.split()) for text in HOSTILE}
    assert set(pack.clinics["name"]) == texts
    cards = care_cards(care_choices(pack, *DENVER), TODAY)
    assert cards.count("<li><h3>") == len(HOSTILE)
    assert [
        sign for sign in ("<img", "<svg", "<script", "${", "`", "{{", "\\", 'javascript:alert(1)"') if sign in cards
    ] == []
    script = script_of(scene([points_layer(pack.clinics)], title=brought.file))
    sent = json.loads(script.removeprefix("accessMap.show(map_div, ").removesuffix(");"))
    assert {point[2] for point in sent["points"][0]["points"]} == texts
    assert not set(script) & set("<>`$'&")
    for exported in (pack.clinics, pack.services, care_choices(pack, *DENVER)):
        cells = [cell for row in csv.reader(io.StringIO(csv_bytes(exported).decode())) for cell in row]
        assert [cell for cell in cells if cell[:1] in "=@+\t\r" and cell] == []
        assert [cell for cell in cells if cell.startswith("-") and not is_number(cell)] == []


def hostile_file(form: str) -> tuple[bytes, str]:
    rows = hostile_rows()
    if form == "xlsx":
        return workbook(rows), "<img src=x onerror=alert(1)>.xlsx"
    if form == "csv":
        return table(rows).encode(), "${alert(1)}{{7*7}}.csv"
    features = [
        {
            "type": "Feature",
            "properties": {name: cell for name, cell in zip(HEADER, row, strict=True) if name not in ("lat", "lng")},
            "geometry": {"type": "Point", "coordinates": [row[7], row[6]]},
        }
        for row in rows[1:]
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode(), "=1+1.geojson"


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_and_line_end_gives_the_same_names(encoding: str, line_end: str) -> None:
    text = GOOD + "Clínica “Niño”,Bozeman,MT,59718,ect\n"
    brought = read(text.replace("\n", line_end).encode(encoding))
    assert brought.refused.empty
    assert brought.clinics["name"].tolist() == ["Alpha", "Clínica “Niño”"]
    assert len(brought.notes) == (encoding == "cp1252")


def test_each_line_of_a_file_of_mixed_encodings_is_read_as_what_it_is() -> None:
    lines = [
        GOOD.encode(),
        "Niño Uno,Bozeman,MT,59718,tms\n".encode(),
        "Niño Dos,Bozeman,MT,59718,tms\n".encode("cp1252"),
    ]
    brought = read(b"".join(lines))
    assert brought.clinics["name"].tolist() == ["Alpha", "Niño Uno", "Niño Dos"]
    assert brought.notes == ["Lines read as Windows-1252, not as UTF-8, so look at their accents: 4."]
    assert "line 3: neither UTF-8 nor Windows-1252" in refusal(GOOD.encode() + b"\x81\x8d,Bozeman,MT,59718,tms\n")


def test_a_cell_of_10_mb_is_refused_with_its_row_and_the_rest_is_read() -> None:
    begun = time.perf_counter()
    brought = read(GOOD + f"{'x' * 10_000_000},Bozeman,MT,59718,tms\nGamma,Bozeman,MT,59718,{'tms;' * 2_000_000}\n")
    assert [
        (row, len(value), reason) for row, value, reason in brought.refused[["row", "value", "reason"]].to_numpy()
    ] == [
        (3, 60, "it must have no more than 2,000 characters"),
        (4, 60, "it must have no more than 2,000 characters"),
    ]
    assert brought.clinics["name"].tolist() == ["Alpha"]
    assert time.perf_counter() - begun < 10


@pytest.mark.parametrize("text", ["Al\x00pha", "al\u202epha", "al\u2066pha", "al\x1bpha", "al\u2028pha\x07"])
def test_a_cell_with_what_is_no_text_is_refused(text: str) -> None:
    brought = read(GOOD + f"{text},Bozeman,MT,59718,tms\n")
    assert brought.refused["reason"].tolist() == ["it must hold no control characters; type it anew"]
    assert brought.clinics["name"].tolist() == ["Alpha"]


def test_a_quote_that_is_never_closed_is_named_where_it_opens() -> None:
    said = refusal(GOOD + '"Beta,Bozeman,MT,59718,tms\n' + "Gamma,Bozeman,MT,59718,tms\n" * 1_000)
    assert said.startswith("mine.csv, row 3 (line 3): a quote that opens here is never closed")


@pytest.mark.parametrize("content", [b"", b"\n\n ,,\n", b"\xef\xbb\xbf", b"\xff\xfe", b"name,state,treatments\n"])
def test_a_file_with_nothing_in_it_is_one_sentence(content: bytes) -> None:
    refusal(content)


@pytest.mark.parametrize(
    "content", [bytes(1_000), bytes(range(256)) * 40, b"%PDF-1.7\n" + bytes(range(256)), b"\xff\xfe\x00"]
)
def test_what_is_no_text_is_one_sentence(content: bytes) -> None:
    refusal(content)


def test_a_file_of_50_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(AccessError, match=r"big\.csv has 50 MB, and 20 MB is the most"):
        read_own_list(path, today=TODAY)
    assert "has 50 MB" in refusal(bytes(50_000_000))


def test_more_rows_than_there_are_clinics_are_refused() -> None:
    assert "has 20,001 rows, and 20,000 is the most" in refusal(GOOD + "a,b,c,d,e\n" * 20_000)


def test_thousands_of_rows_in_which_all_is_wrong_take_seconds_not_minutes() -> None:
    begun = time.perf_counter()
    brought = read(GOOD + "".join(f"Clinic {n},Nowhere {n},MT,,leeches\n" for n in range(4_000)))
    assert len(brought.refused) == 8_000
    assert time.perf_counter() - begun < 20


@pytest.mark.parametrize(
    ("depth", "wrap"),
    [(100_000, ("[", "]")), (100_000, ('{"a":', "}")), (5_000, ('{"type":"FeatureCollection","features":[', "]}"))],
)
def test_geojson_nested_too_deep_is_one_sentence(depth: int, wrap: tuple[str, str]) -> None:
    refusal(wrap[0] * depth + "1" + wrap[1] * depth, "mine.geojson")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", '"x"', "null", "[1]", "9" * 5_000])
def test_a_coordinate_that_is_no_number_is_a_refused_row(number: str) -> None:
    feature = '{"properties": {"name": "A", "state": "MT", "treatments": "tms", "zip": "59718"}, "geometry": '
    point = f'{{"type": "Point", "coordinates": [{number}, 45.6]}}'
    brought = read(f'{{"type": "FeatureCollection", "features": [{feature}{point}}}]}}', "mine.geojson")
    assert brought.refused["row"].tolist() == [1]
    assert brought.clinics.empty


def test_what_a_feature_may_be_instead_is_a_refused_row() -> None:
    odd = [1, "x", None, [], {"geometry": {"type": "Point"}}, {"geometry": {"type": "Point", "coordinates": "ab"}}]
    good = {"properties": {"name": "A", "state": "MT", "treatments": "tms", "zip": "59718"}, "geometry": None}
    brought = read(json.dumps({"type": "FeatureCollection", "features": [good, *odd]}), "mine.geojson")
    assert set(brought.refused["row"]) == {2, 3, 4, 5, 6, 7}
    assert brought.clinics["name"].tolist() == ["A"]


def zip_bomb() -> bytes:
    return packed(sheet("").encode() + b" " * 210_000_000)


def lying_zip_bomb() -> bytes:
    """It says of itself that it is small."""
    return zip_bomb().replace(struct.pack("<I", len(sheet("")) + 210_000_000), struct.pack("<I", 1_000))


def far_corner() -> bytes:
    """Two cells, at the corners of a sheet of 17 thousand million."""
    cell = '<row r="{}"><c r="{}" t="inlineStr"><is><t>x</t></is></c></row>'
    return packed(sheet(cell.format(1, "A1") + cell.format(1_048_576, "XFD1048576")))


def many_times_one_string() -> bytes:
    rows = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(1, 9_000))
    return packed(sheet(rows), f"<si><t>{'y' * 300_000}</t></si>")


def other_archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (zip_bomb, "would unpack to 210 MB, and 200 MB is the most"),
        (lying_zip_bomb, "cannot be read"),
        (far_corner, "takes too much room or time"),
        (many_times_one_string, "takes too much room or time"),
        (other_archive, "is a ZIP archive, not an XLSX workbook"),
        (lambda: workbook(hostile_rows())[:900], "cut short or damaged"),
        (lambda: b"PK\x03\x04 and no more", "cut short or damaged"),
        (lambda: packed("<worksheet><sheetData><row"), "cannot be read"),
        (lambda: workbook([]), "has no sheet with anything in it"),
    ],
)
def test_a_workbook_made_to_harm_is_one_sentence_within_seconds(make: Callable[[], bytes], sentence: str) -> None:
    begun = time.perf_counter()
    assert sentence in refusal(make(), "mine.xlsx")
    assert time.perf_counter() - begun < 20


def test_what_stands_in_a_sheet_beyond_the_limit_is_not_cut_off_silently() -> None:
    assert "40,001 rows" in refusal(packed(sheet('<row r="40001"><c r="A40001"><v>1</v></c></row>')), "mine.xlsx")


def test_a_file_s_name_is_one_short_line() -> None:
    brought = read(GOOD, "../../etc/\x1b[31mred\n" + "x" * 500 + ".csv")
    assert len(brought.file) == 60
    assert brought.file.isprintable()
    assert brought.file.startswith("[31mred x")


def test_every_refused_file_left_no_pack() -> None:
    with pytest.raises(AccessError):
        import_clinics(read(GOOD + ",,,,\n=1,Bozeman,MT,59718,\n"), load_pack("starter"), "mine")
    assert pack_names() == ["starter"]
