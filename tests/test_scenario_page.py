"""The report of a scenario as PDF and HTML: all its parts, in both languages, and nothing in it runs."""

import json
import re
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from access.documents.scenario_report import MOST_EDITS, report_html, report_pdf, report_words
from access.language import use_language
from access.places.pack import Pack, load_pack
from access.questions.gaps import people_of
from access.questions.what_if import Baseline, Outcome, baseline, outcome
from access.scenarios.edits import CloseClinic, RideProgram
from access.scenarios.scenario import Scenario, parse_scenario, scenario_text
from tests.payloads import PAYLOADS
from tests.test_brief import Tags
from tests.test_scenario_report import TODAY, miles_city, plan
from tests.test_shortlist import pages_of

MARKUP = ('#import "x": *', "<script>window.top.ran=1</script>", "$x$ *a* _b_ `c` @d", "W" * 80)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("starter")


@pytest.fixture(scope="module")
def base(pack: Pack) -> Baseline:
    return baseline(pack, "esketamine", people_of(pack.people, "MT"))


@pytest.fixture(scope="module")
def found(base: Baseline) -> Outcome:
    return outcome(base, plan())


def words_of(pdf: bytes) -> str:
    """All text of a PDF as it is read aloud, without spaces and ends of lines."""
    read = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(read.stdout.decode().split())


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_report_is_a_tagged_document_with_all_its_parts(
    base: Baseline, found: Outcome, language: str, tmp_path: Path
) -> None:
    with use_language(language):
        report = report_words(base, found, 60, "MT", TODAY)
    pdf = report_pdf(report)
    assert 2 <= pages_of(pdf) <= 4
    assert b"/MarkInfo" in pdf
    assert b"/Lang" in pdf
    said = words_of(pdf)
    page = report_html(report).decode()
    for one in (report["edits"], report["figures"], *report["tables"]):
        assert one["title"] in page
        for text in (one["title"], one["note"], *one["rows"][-1]):
            assert "".join(text.split()) in said
    for words in (*(one["figure"] for one in report["cards"]), *(name for _, name in report["legend"])):
        assert "".join(words.split()) in said
        assert words in page
    assert ("--lang es" in report["command"]) == (language == "es")
    assert ("before" in json.dumps(report["figures"])) == (language == "en")
    (tmp_path / "report.pdf").write_bytes(pdf)
    subprocess.run(["pdfdetach", "-saveall", "report.pdf"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "scenario.yaml").read_text(encoding="utf-8") == report["scenario"]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_names_is_text_on_paper(pack: Pack, text: str) -> None:
    clinics = pack.clinics.assign(name=pack.clinics["name"].mask(pack.clinics["state"] == "MT", text))
    base = baseline(replace(pack, clinics=clinics), "esketamine", people_of(pack.people, "MT"))
    edits = (
        miles_city(treatments=("esketamine",)).model_copy(update={"name": text}),
        CloseClinic(clinic_id="st-mt-001"),
    )
    report = report_words(base, outcome(base, Scenario(name=text, note=text, edits=edits)), 60, "MT", TODAY)
    assert report["title"] == report["note"] == text
    # Title, note, three cells and the file at the end, whatever the lines are broken into.
    assert words_of(report_pdf(report)).count("".join(text.split())) >= 6
    assert parse_scenario(report["scenario"]).name == text


def test_html_needs_nothing_beside_itself_and_runs_nothing(pack: Pack) -> None:
    texts = [*PAYLOADS, *MARKUP, "\U0001f9e0 مرحبا"]
    clinics = pack.clinics.assign(name=np.resize(texts, len(pack.clinics)))
    base = baseline(replace(pack, clinics=clinics), "esketamine", people_of(pack.people, "MT"))
    edits = [*(RideProgram(name=text, clinic_ids=tuple(clinics["clinic_id"].head(20))) for text in texts)]
    scenario = Scenario(name="</title><script>window.top.ran=1</script>", note=" ".join(texts), edits=tuple(edits))
    page = report_html(report_words(base, outcome(base, scenario), 60, "MT", TODAY)).decode()
    tags = Tags()
    tags.feed(page)
    assert not tags.names & {"script", "img", "iframe", "object", "a", "link"}
    assert not {name for name in tags.attributes if name.startswith("on")} | tags.attributes & {"src", "href"}
    assert "default-src 'none'" in page
    assert re.findall(r"https?://[\w./]+", page.replace("http://www.w3.org/2000/svg", "")) == []
    for text in texts:
        assert unescape(page).count(text) >= 3


def test_many_edits_are_cut_in_the_table_and_whole_in_the_file(base: Baseline) -> None:
    openings = [miles_city(treatments=("esketamine",)).model_copy(update={"clinic_id": f"n{i}"}) for i in range(45)]
    report = report_words(base, outcome(base, Scenario(edits=tuple(openings))), 60, "MT", TODAY)
    assert len(report["edits"]["rows"]) == MOST_EDITS + 1
    assert "5 more edits" in report["edits"]["note"]
    assert len(parse_scenario(report["scenario"]).edits) == 45
    assert pages_of(report_pdf(report)) > 2


def test_the_command_writes_both_forms_and_its_own_command_gives_the_same(run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("scenario.yaml").write_text(scenario_text(plan()), encoding="utf-8")
    asked = ["scenario", "report", "scenario.yaml", "-t", "esketamine", "--state", "Montana", "--pack", "starter"]
    assert run(*asked, "--out", "out/first.html")[0] == 0
    page = Path("out/first.html").read_text(encoding="utf-8")
    told = re.search(r"<code>trd-access (.*?) --out report.pdf</code>", page)
    assert told
    assert run(*told.group(1).split(), "--out", "again.html")[0] == 0
    assert Path("again.html").read_text(encoding="utf-8") == page
    assert run(*asked, "--lang", "es", "--out", "r.pdf")[0] == 0
    assert Path("r.pdf").read_bytes().startswith(b"%PDF")


def test_what_the_command_refuses_is_one_sentence(run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("scenario.yaml").write_text(scenario_text(plan()), encoding="utf-8")
    asked = ["scenario", "report", "scenario.yaml", "-t", "esketamine", "--state", "Montana", "--pack", "starter"]
    assert run(*asked, "--out", "r.doc")[0] == 2
    assert run(*asked, "--within", "50mi")[0] == 2
    assert run(*asked, "--lang", "fr")[0] == 2
    assert run("scenario", "report", "absent.yaml", "-t", "ect")[0] == 1
    code, _, err = run(*asked, "--out", "scenario.yaml/r.pdf")
    assert (code, "cannot be written" in err, err.count("\n")) == (1, True, 1)
