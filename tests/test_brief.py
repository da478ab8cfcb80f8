"""The brief: its figures are those of the terminal, on one page, in both languages, and nothing in it runs."""

import io
import json
import math
import re
import subprocess
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from access.documents.brief import (
    BriefData,
    brief_data,
    brief_html,
    brief_pdf,
    brief_words,
    gap_number,
    own_area,
    state_area,
)
from access.errors import PlaceError
from access.language import use_language
from access.places.pack import load_pack
from tests.payloads import PAYLOADS
from tests.test_shortlist import pages_of, text_of

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def data() -> BriefData:
    return brief_data(load_pack("starter"), ["ect"], 60)


class Tags(HTMLParser):
    """The names of all elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def ends(text: str) -> list[float]:
    return [float(one) for one in re.findall(r"[\d.]+", text)]


@pytest.mark.parametrize("state", ["MT", "MI", "VT", "US"])
def test_the_figures_are_those_of_the_terminal(run, data: BriefData, state: str) -> None:
    words = brief_words(data, state_area(data, None if state == "US" else state), TODAY)
    area = [] if state == "US" else ["--state", state]
    _, out, _ = run("gaps", *area, "-t", "ect", "--beyond", "60", "--csv")
    gaps = pd.read_csv(io.StringIO(out)).set_index("rurality")
    everyone = gaps.loc["all"]
    assert words["numbers"][0]["plain"].startswith(f"{everyone['people_beyond']:,.0f} people, ")
    assert f"{100 * everyone['share_beyond']:.1f} %" in words["numbers"][0]["plain"]
    _, out, _ = run("interval", *area, "-t", "ect", "--beyond", "60", "--json")
    interval = json.loads(out)
    shares = pd.DataFrame(interval["shares"]).set_index("rurality")
    low, high = (100 * shares.loc["all", end] for end in ("low", "high"))
    told = ends(words["numbers"][0]["figure"])
    assert told[0] <= low < told[0] + 1
    assert told[-1] - 1 < high <= told[-1]
    gap = pd.DataFrame(interval["gaps"]).set_index("figure").loc["difference"]
    told = [float(one) for one in re.findall(r"-?\d+", words["numbers"][1]["figure"])]
    low, high = sorted(abs(gap[["low", "high"]]) if gap["high"] < 0 else gap[["low", "high"]])
    assert told == [math.floor(100 * low), math.ceil(100 * high)]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("state", [None, "MO", "AK", "HI", "DC"])
def test_a_brief_is_one_tagged_page_with_all_its_parts(
    data: BriefData, state: str | None, language: str, tmp_path: Path
) -> None:
    with use_language(language):
        words = brief_words(data, state_area(data, state), TODAY)
    pdf = brief_pdf(words)
    assert pages_of(pdf) == 1
    assert b"/MarkInfo" in pdf
    said = text_of(pdf, tmp_path)
    for part in ("title", "map-title", "method-title", "sources-title", "cite-title", "crisis"):
        assert " ".join(words[part].split()[:3]) in said
    for number in words["numbers"]:
        assert number["figure"] in said
    assert "trd-access brief".replace(" ", "") in said.replace(" ", "")
    assert ("--lang es" in words["command"]) == (language == "es")
    assert re.search(r"\{\w*\}", json.dumps({k: v for k, v in words.items() if k not in ("map", "curves")})) is None


def test_a_state_is_held_against_its_neighbours_and_the_nation(data: BriefData) -> None:
    rows = brief_words(data, state_area(data, "VT"), TODAY)["comparison"]
    assert [row[0] for row in rows[1:]] == ["Vermont", "Massachusetts", "New Hampshire", "New York", "Nation"]
    hawaii = brief_words(data, state_area(data, "HI"), TODAY)["comparison"]
    assert [row[0] for row in hawaii[1:]] == ["Hawaii", "Nation"]
    colorado = [row[0] for row in brief_words(data, state_area(data, "CO"), TODAY)["comparison"]]
    assert "Utah" in colorado
    assert "Arizona" not in colorado, "they share but a point"


def test_html_needs_nothing_beside_itself_and_runs_nothing(data: BriefData) -> None:
    people = data.pack.people[data.pack.people["county"] == "30031"]
    for text in PAYLOADS:
        page = brief_html(brief_words(data, own_area(data, people, text, ("--areas", text)), TODAY)).decode()
        tags = Tags()
        tags.feed(page)
        assert not tags.names & {"script", "img", "iframe", "object", "a"}
        assert not {name for name in tags.attributes if name.startswith("on")} | tags.attributes & {"src", "href"}
        assert "default-src 'none'" in page
    pdf = brief_pdf(brief_words(data, own_area(data, people, PAYLOADS[0], ()), TODAY))
    assert pages_of(pdf) == 1


def test_an_area_without_people_or_gap_says_so(data: BriefData) -> None:
    nobody = data.pack.people.head(3).assign(population=0)
    with pytest.raises(PlaceError, match="Nobody in this pack lives in nowhere"):
        own_area(data, nobody, "nowhere", ())
    row = pd.Series({"gap_low": float("nan"), "gap_high": float("nan")})
    assert gap_number(row, "60")["figure"] == "no gap to state"
    turned = pd.Series({"gap_low": -0.205, "gap_high": -0.1, "rural": 0.1, "urban": 0.25})
    assert gap_number(turned, "60")["figure"] == "10 to 21 points"
    assert "more of the urban" in gap_number(turned, "60")["words"]


def test_the_command_writes_one_or_all_and_its_own_command_gives_the_same(run, tmp_path: Path) -> None:
    page = tmp_path / "montana.html"
    assert run("brief", "--state", "Montana", "-t", "tms", "--out", str(page))[0] == 0
    told = re.search(r"<code>(.*?)</code>", page.read_text(encoding="utf-8"))
    assert told
    again = tmp_path / "again.html"
    words = told.group(1).split()[1:-1]
    assert run(*words, str(again))[0] == 0
    assert again.read_bytes() == page.read_bytes()
    assert run("brief", "--all-states", "-t", "tms", "--out", str(tmp_path / "all"))[0] == 0
    there = load_pack("starter").people["state"].nunique()
    files = sorted((tmp_path / "all").glob("*.pdf"))
    assert len(files) == there
    assert all(pages_of(path.read_bytes()) == 1 for path in files)
    assert run("brief", "--state", "MT", "--all-states")[0] == 2
    assert run("brief", "--out", "x.doc")[0] == 2
    assert run("brief", "--county", "99999")[0] == 2


def test_an_area_of_one_s_own_counts_the_people_inside_it(run, tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[-112, 45], [-110, 45], [-110, 47], [-112, 47], [-112, 45]]]}
    feature = {"type": "Feature", "properties": {"name": "Headwaters"}, "geometry": square}
    (tmp_path / "own.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    out = tmp_path / "own.html"
    assert run("brief", "--areas", str(tmp_path / "own.geojson"), "-t", "ect", "--out", str(out))[0] == 0
    people = load_pack("starter").people
    inside = people[people["latitude"].between(45, 47) & people["longitude"].between(-112, -110)]
    page = out.read_text(encoding="utf-8")
    assert "Who can reach ECT in Headwaters?" in page
    everyone = re.search(r"([\d,]+) people, ([\d.]+) %", page)
    assert everyone
    beyond, share = int(everyone.group(1).replace(",", "")), float(everyone.group(2))
    assert beyond / inside["population"].sum() * 100 == pytest.approx(share, abs=0.051)


def test_a_pdf_is_made_from_its_words_alone(data: BriefData, tmp_path: Path) -> None:
    words = brief_words(data, state_area(data, "MT"), TODAY)
    assert json.loads(json.dumps(words)) == words
    assert subprocess.run(["pdffonts", "-"], input=brief_pdf(words), capture_output=True, check=False).returncode == 0
