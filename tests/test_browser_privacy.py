"""A search leaves no trace in a log, a file, an address or what the browser keeps; hostile text runs nowhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from access.places.pack import pack_folder, save_pack
from tests.browser import ROOT, open_page, pick, running_app, settle
from tests.payloads import HOSTILE, PAYLOADS
from tests.worlds import hostile_pack

pytestmark = [pytest.mark.browser]
SOON = 30_000
PLACE = "ZIP, town or county"
# Wasta, South Dakota: a name and numbers that nothing else here holds.
ZIP, TOWN = "57791", "Wasta"
HERE = {"latitude": 44.068512, "longitude": -102.446219}
TRACES = (ZIP, TOWN, "44.06", "44.07", "102.44", "102.45")
KEPT = """async () => JSON.stringify([
  Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, history.state,
  (await indexedDB.databases()).map((one) => one.name),
])"""


@dataclass
class Server:
    """A running app and every place where it could leave something: its home, data and temporary folders, its log."""

    address: str
    folder: Path

    def traces(self) -> list[str]:
        """Each file (and its name) under the folder that holds a trace of the search."""
        found = []
        for path in (path for path in self.folder.rglob("*") if path.is_file()):
            held = path.name + path.read_bytes().decode("latin-1")
            found += [f"{path.name}: {trace}" for trace in TRACES if re.search(rf"(?<!\d){re.escape(trace)}", held)]
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("private")
    for name in ("home", "data", "tmp"):
        (folder / name).mkdir()
    _hostile_pack(folder / "data")
    where = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "TRD_ACCESS_DATA": str(folder / "data")}
    loud = {"STREAMLIT_LOGGER_LEVEL": "debug", "PYTHONDONTWRITEBYTECODE": "1"}
    with running_app(log=folder / "server.log", TRD_ACCESS_PACK="starter", **where, **loud) as address:
        yield Server(address, folder)


def _hostile_pack(data: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRD_ACCESS_DATA", str(data))
        save_pack(hostile_pack(HOSTILE, latitude=39.74, longitude=-104.99), pack_folder("hostile"))


def search(page: Page, text: str) -> None:
    page.get_by_label(PLACE).fill(text)
    page.get_by_label(PLACE).press("Enter")


def open_find_care(page: Page) -> None:
    page.get_by_role("link", name="Find care", exact=True).first.click(timeout=SOON)
    expect(page.get_by_label(PLACE)).to_be_visible(timeout=SOON)


def ran(page: Page) -> list[object]:
    """What a payload left behind in any frame, were one to run."""
    return [frame.evaluate("window.top.ran ?? null") for frame in page.frames]


def test_a_search_leaves_no_trace(server: Server) -> None:
    asked: list[str] = []
    with open_page(server.address) as (page, witness):
        page.on("request", lambda one: asked.append(f"{one.url} {one.headers.get('referer', '')}"))
        open_find_care(page)
        for text in (ZIP, f"{TOWN}, SD"):
            search(page, text)
            expect(page.get_by_role("heading", name=re.compile(f"of {text}"))).to_be_visible(timeout=SOON)
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(HERE)
        page.get_by_role("button", name="Use my location").click()
        expect(page.get_by_role("heading", name=re.compile("of your place"))).to_be_visible(timeout=SOON)
        kept, history = page.evaluate(KEPT), page.evaluate("history.length")
        page.get_by_role("link", name="Access gaps").first.click()
        expect(page.get_by_role("slider")).to_be_visible(timeout=SOON)
        assert [trace for trace in TRACES for where in (*asked, kept, page.url) if trace in where] == []
        assert history < 5, "searches are no steps of the browser's history"
        witness.assert_clean()
    assert (server.folder / "server.log").stat().st_size > 1000, "the log is on"
    assert server.traces() == []


def test_the_check_for_traces_can_fail(server: Server) -> None:
    left = server.folder / "home" / "left.txt"
    left.write_text(f"somebody asked for {ZIP}")
    assert server.traces() == [f"left.txt: {ZIP}"]
    left.unlink()


def test_usage_statistics_are_off() -> None:
    assert "gatherUsageStats = false" in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")


def test_hostile_text_in_every_box_runs_nowhere_and_kills_nothing(server: Server) -> None:
    with open_page(server.address) as (page, witness):
        open_find_care(page)
        for text in HOSTILE:
            search(page, text)
            expect(page.locator('[data-testid="stAlert"]').nth(1)).to_be_visible(timeout=SOON)
            assert set(ran(page)) == {None}
        search(page, "80202")
        expect(page.locator(".care-cards > li").first).to_be_visible(timeout=SOON)
        page.get_by_text("How far, which days").click()
        budget = page.get_by_label("Most that the whole course may cost me")
        for number in ("1e308", "-5", "99999999999", "0.0000001"):
            budget.fill(number)
            budget.press("Enter")
        settle(page)
        page.get_by_text("Report a mistake").click()
        pick(page, "What is wrong?", "Something else")
        page.get_by_label("in your words").fill(" ".join(PAYLOADS))
        page.get_by_role("button", name="Report it").click()
        expect(page.get_by_text("Thank you")).to_be_visible(timeout=SOON)
        expect(page.get_by_label(PLACE)).to_be_visible()
        assert set(ran(page)) == {None}
        assert witness.foreign == []


def test_hostile_text_in_every_field_of_a_clinic_runs_nowhere(server: Server) -> None:
    with open_page(server.address) as (page, witness):
        page.get_by_role("link", name="Data and methods").first.click()
        box = page.get_by_role("combobox", name="Data in use")
        box.click(timeout=SOON)
        page.get_by_role("option", name="hostile").click()
        open_find_care(page)
        search(page, "80202")
        expect(page.locator(".care-cards > li").nth(5)).to_be_visible(timeout=SOON)
        page.locator(".care-cards details summary").first.click()
        page.wait_for_timeout(2000)
        assert set(ran(page)) == {None}
        page.get_by_role("link", name="Scenarios").first.click()
        expect(page.get_by_label("Close a clinic")).to_be_visible(timeout=SOON)
        page.wait_for_timeout(3000)
        assert set(ran(page)) == {None}
        assert witness.foreign == []
