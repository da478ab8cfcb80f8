"""Every word of every page goes through the catalogue: each is wrapped in marks, and what has none is data by name."""

import gettext
import html
import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from access import language
from access.content.guide import load_guide
from access.content.methods import load_methods, methods_table
from access.content.privacy import load_privacy
from access.places.pack import load_pack
from access.vocabulary import STATES
from scripts.translate import translations
from tests.browser import ROOT
from ui.controls import clinic_names
from ui.frame import escape_markdown

PAGES = ["app.py", *sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))]
# Names of things, which are the same in every language.
NAMES = re.compile(
    r"^(Español|English|Medicare|Medicaid|[A-Z]{2}|\d.*|[\W\d_]+|starter|us-2020|TRD Access curated list)$", re.DOTALL
)


class Marks(gettext.NullTranslations):
    """Says everything in marks: what a page shows without them never asked the catalogue. Keeps what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, number: int) -> str:
        self.asked.add(one)
        return f"⟦{one if number == 1 else many}⟧"

    def untranslated(self) -> list[str]:
        """What was asked for and has no translation: a constant that nobody marked."""
        held = {message.id if isinstance(message.id, str) else message.id[0] for message in translations("es")}
        return sorted(self.asked - held - {name for name in self.asked if name in STATES.values()})


@pytest.fixture(autouse=True)
def marks(monkeypatch: pytest.MonkeyPatch) -> Marks:
    made = Marks()
    monkeypatch.setattr(language, "_catalog", {"en": made, "es": made}.get)
    return made


def opened(name: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / name), default_timeout=60)
    page.query_params["lang"] = "es"
    return page.run()


def shown(page: AppTest) -> Iterator[str]:
    """The texts of a page: what is written, the labels and choices of boxes, tables cell by cell."""
    for kind in ("title", "header", "subheader", "caption", "markdown", "info", "warning", "error", "success"):
        for one in page.get(kind):
            yield from re.split(r"\n- |^- ", one.value)
    for one in page.get("html"):
        if "<style" not in one.body and "<script" not in one.body and "access-point" not in one.body:
            yield from (html.unescape(text) for text in re.split(r"<[^>]+>", one.body))
    for kind in ("text_input", "selectbox", "multiselect", "checkbox", "number_input", "button", "toggle", "text_area"):
        yield from (one.label for one in page.get(kind))
    for kind in ("selectbox", "multiselect", "select_slider"):
        yield from (option for one in page.get(kind) for option in getattr(one, "options", []))
    for one in page.get("table"):
        frame = one.value.reset_index()
        yield from (str(column) for column in frame.columns)
        yield from (str(cell) for column in frame.columns for cell in frame[column])


def spanish_prose() -> list[str]:
    """What the pages take from the Spanish files of access/content, which no catalogue translates."""
    with language.use_language("es"):
        guide, methods = load_guide(), load_methods()
        prose = [section.title for section in guide.sections] + [row.title for row in guide.treatment_rows]
        prose += [one.text for one in guide.statements()] + [source.words for source in guide.sources.values()]
        prose += [*methods.cautions, *(str(cell) for cell in methods_table().to_numpy().ravel())]
        for section in load_privacy().sections:
            prose += [section.title, *map(escape_markdown, section.sentences)]
    return prose


def data_words() -> set[str]:
    """What the pack and the sources name: clinics, towns, states, publishers, formulas."""
    pack = load_pack("starter")
    named = [*STATES.values()]
    for column in ("name", "city", "address"):
        named += pack.clinics[column].dropna().tolist()
    named += clinic_names(pack.clinics).values()
    named += (pack.clinics["city"].fillna("") + ", " + pack.clinics["state"]).tolist()
    named += spanish_prose()
    return {*(str(text).strip() for text in named), *pack.services["source"], *pack.services["note"].dropna()}


def unspoken(page: AppTest) -> list[str]:
    data = data_words()
    texts = {text.strip() for text in shown(page)}
    return sorted(text for text in texts if text and "⟦" not in text and not NAMES.match(text) and text not in data)


@pytest.mark.parametrize("name", PAGES)
def test_every_word_of_a_page_goes_through_the_catalogue(name: str, marks: Marks) -> None:
    assert unspoken(opened(name)) == []
    assert marks.untranslated() == []


def test_every_word_of_an_answer_goes_through_the_catalogue(marks: Marks) -> None:
    page = opened("pages/1_Find_care.py")
    page.text_input(key="place").set_value("Denver, CO").run()
    page.selectbox(key="payer").set_value("medicaid").run()
    page.checkbox(key="no_driver").check().run()
    page.toggle(key="assumptions").set_value(True).run()
    assert unspoken(page) == []
    page.text_input(key="place").set_value("nowhere at all").run()
    assert unspoken(page) == []
    assert marks.untranslated() == []


def test_the_check_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalog", {"es": gettext.NullTranslations()}.get)
    assert "Where can I get care?" in unspoken(opened("app.py"))
