"""A search leaves no trace: not in a log at its most talkative, a file, an address, or the browser's stores."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request
from streamlit import config

from tests.browser import ROOT, open_page, running_app
from tests.visitor import ask, go, settle
from ui.frame import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser_privacy")]

# Towns that nothing else on these pages names, one that is none, and all that would betray them: text, name, point.
SEARCHES = {"Find care": ["59324", "Ekalaka, MT", "Zzyzxville, MT"], "Scenarios": ["Wibaux, MT"]}
TRACES = ["59324", "ekalaka", "45.88", "45.89", "104.50", "104.55", "wibaux", "46.98", "104.18", "104.19", "zzyzxville"]
STORES = """
async () => JSON.stringify({
  local: {...localStorage}, session: {...sessionStorage}, cookies: document.cookie, state: history.state,
  databases: await indexedDB.databases(), caches: await caches.keys(), address: location.href, title: document.title,
})
"""


@dataclass
class Visit:
    """All that could remember a visit: log, files written, and what the browser showed, asked and kept."""

    log: Path
    shown: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    cookies: set[str] = field(default_factory=set)
    foreign: list[str] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)

    def hear(self, request: Request) -> None:
        self.asked.append(f"{request.url} {request.headers.get('referer', '')}")


def traces(text: str) -> list[str]:
    """Which traces stand in a text, as they are or as bytes in hexadecimal."""
    low = text.lower()
    return [one for one in TRACES if re.search(rf"(?<![\d.]){re.escape(one)}", low) or one.encode().hex(" ") in low]


def stamps() -> dict[Path, int]:
    """When each file of the checkout was last written; what others write there while tests run is left out."""
    others = {".git", ".venv", "node_modules", "tests", ".ruff_cache", ".mypy_cache", ".pytest_cache"}
    folders = [path for path in ROOT.iterdir() if path.is_dir() and not path.is_symlink() and path.name not in others]
    files = [path for path in ROOT.iterdir() if path.is_file()]
    files += [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {path: path.stat().st_mtime_ns for path in files if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    box = tmp_path_factory.mktemp("box")
    own = {name: str(box / name) for name in ("HOME", "TMPDIR", "TRD_ACCESS_DATA", "XDG_CACHE_HOME", "MPLCONFIGDIR")}
    for folder in own.values():
        Path(folder).mkdir()
    log, before = box / "server.log", stamps()
    about = Visit(log)
    talk = {"STREAMLIT_LOGGER_LEVEL": "debug", "TRD_ACCESS_PACK": "starter"}
    with running_app(log=log, **talk, **own) as address, open_page(address) as (page, witness):
        search(page, about)
        about.foreign = witness.foreign
    about.written = [path for path in box.rglob("*") if path.is_file()]
    about.written += [path for path, when in stamps().items() if before.get(path) != when]
    return about


def search(page: Page, about: Visit) -> None:
    page.on("request", about.hear)
    page.on("framenavigated", lambda frame: about.asked.append(frame.url))
    for name in PAGES:
        go(page, name)
        for text in SEARCHES.get(name, []):
            ask(page, text)
            about.shown.append(page.locator("body").inner_text())
            about.kept += [frame.evaluate(STORES) for frame in page.frames]
    page.go_back()
    settle(page)
    about.kept += [frame.evaluate(STORES) for frame in page.frames]
    about.cookies = {str(cookie.get("name")) for cookie in page.context.cookies()}


def test_every_search_was_answered_on_the_page(visit: Visit) -> None:
    assert all(traces(text) for text in visit.shown)
    assert len(visit.shown) == sum(map(len, SEARCHES.values()))


def test_the_log_at_its_most_talkative_holds_no_trace(visit: Visit) -> None:
    said = visit.log.read_text(encoding="utf-8", errors="replace")
    assert "Beginning script thread" in said, "the log was not at the level of debugging"
    assert [line[:200] for line in said.splitlines() if traces(line)] == []


def test_no_file_that_was_written_holds_a_trace(visit: Visit) -> None:
    assert visit.log in visit.written
    assert [str(path) for path in visit.written if traces(path.read_bytes().decode("latin-1"))] == []


def test_no_address_that_was_asked_or_visited_and_no_referrer_holds_a_trace(visit: Visit) -> None:
    assert len(visit.asked) > 20
    assert [one for one in visit.asked if traces(one)] == []


def test_the_browser_keeps_no_trace_in_its_stores_history_or_title(visit: Visit) -> None:
    assert len(visit.kept) >= 4
    assert [one for one in visit.kept if traces(one)] == []


def test_the_only_cookie_is_the_one_that_the_privacy_page_names(visit: Visit) -> None:
    assert visit.cookies <= {"_streamlit_xsrf"}


def test_no_other_host_was_asked_for_anything(visit: Visit) -> None:
    assert visit.foreign == []


def test_a_trace_is_seen_as_text_and_as_bytes() -> None:
    assert traces("a search for Ekalaka, at (45.8889, -104.55)") == ["ekalaka", "45.88", "104.55"]
    assert traces(f"< BINARY {b'x59324y'.hex(' ')}") == ["59324"]
    assert traces("145.88 and 12.545.88") == []


@pytest.mark.parametrize("name", ["browser.gatherUsageStats", "server.enableAgentApi", "server.showEmailPrompt"])
def test_streamlit_tells_its_makers_and_other_machines_nothing(name: str) -> None:
    assert config.get_option(name) is False
