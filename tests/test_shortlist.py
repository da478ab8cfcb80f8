"""The page on paper and the words on the telephone: all that a person needs, nothing of where they live."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from access.documents.html_tables import calendar_table
from access.documents.shortlist import CHECKLIST, shortlist_pdf
from access.language import use_language
from access.measures.regimens import regimen_of
from access.questions.choices import care_choices
from access.questions.wish import Wish
from access.words.call_script import call_script
from tests.payloads import PAYLOADS
from tests.worlds import HOME, care_pack

TODAY = date(2026, 11, 25)


@pytest.fixture
def choices() -> pd.DataFrame:
    return care_choices(care_pack(), *HOME, Wish(payer="medicaid"))


def text_of(pdf: bytes, folder: Path) -> str:
    assert shutil.which("pdftotext"), "this test needs poppler-utils; .ci/run installs it"
    (folder / "page.pdf").write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", "page.pdf", "-"], cwd=folder, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def pages_of(pdf: bytes) -> int:
    return int(max(re.findall(rb"/Count (\d+)", pdf), key=int))


def test_a_shortlist_is_one_page_with_all_that_one_needs(choices: pd.DataFrame, tmp_path: Path) -> None:
    pdf = shortlist_pdf(choices, TODAY, payer="medicaid")
    said = text_of(pdf, tmp_path)
    assert pages_of(pdf) == 1
    assert b"/MarkInfo" in pdf, "tagged, for those who hear it"
    for words in ("1. Near", "3. Far", "IV ketamine", "6 visits over 3 weeks", "988", "Printed 2026-11-25"):
        assert words in said
    assert "Takes Medicaid (stated)" in said
    assert "Not medical advice" in said
    assert all(question.split("?")[0].split(".")[0][:20] in said for question in CHECKLIST)


def test_a_shortlist_speaks_the_language_of_the_person(choices: pd.DataFrame, tmp_path: Path) -> None:
    with use_language("es"):
        pdf = shortlist_pdf(choices.head(1), TODAY)
    assert "6 visitas en 3 semanas" in text_of(pdf, tmp_path)
    assert b"/Lang (es)" in pdf or b"/Lang(es)" in pdf


def test_hostile_and_endless_text_stays_text_on_one_page(choices: pd.DataFrame, tmp_path: Path) -> None:
    markup = '#read("/etc/passwd") $x^2$ @ref <label> #panic() = Title'
    for payload in (*PAYLOADS, markup, "x" * 10_000, "word " * 2_000):
        texts = ("name", "address", "city", "phone", "website", "sources", "note")
        pdf = shortlist_pdf(choices.assign(**dict.fromkeys(texts, payload)), TODAY)
        assert pages_of(pdf) == 1
    shown = text_of(shortlist_pdf(choices.assign(name=markup), TODAY), tmp_path)
    assert '#read("/etc/passwd")' in shown
    assert "root:" not in shown


def test_a_shortlist_holds_one_to_four(choices: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        shortlist_pdf(choices.head(0), TODAY)
    with pytest.raises(ValueError, match="given 6"):
        shortlist_pdf(pd.concat([choices, choices]), TODAY)


def test_the_script_asks_what_is_not_stated_and_of_the_ride_where_one_is_needed() -> None:
    stated = call_script({"treatment": "tms", "payer_answer": "stated"}, "medicaid")
    assert any(
        "says that you take Medicaid" in line or "you take Medicaid. Is that still right" in line for line in stated
    )
    assert not any("bring me home" in line for line in stated)
    asked = call_script({"treatment": "esketamine", "payer_answer": "not_stated"}, "va")
    assert any(line.startswith("Do you take VA for Esketamine") for line in asked)
    assert any("bring me home" in line for line in asked)
    assert any("REMS" in line for line in asked)
    assert not any("Medicaid" in line for line in call_script({"treatment": "ect", "payer_answer": "not_stated"}))


def test_a_calendar_marks_the_days_and_says_what_has_no_week() -> None:
    table = calendar_table(regimen_of("tms"), "TMS")
    assert table.count("●") == 30
    assert table.count('<th scope="row">') == 6
    assert "6 more visits, in weeks that the clinic will tell you." in table
    year = calendar_table(regimen_of("esketamine", "label year, weekly"), "Year", days=(2, 4))
    # 8 + 4 in the first eight weeks and one in each of the next four are shown; 40 weeks are left.
    assert year.count("●") == 16
    assert "Then 40 visits up to week 52." in year
    assert "5 visits a week do not fit these days" in calendar_table(regimen_of("tms"), "TMS", days=(0, 1))
