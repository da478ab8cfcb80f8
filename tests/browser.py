"""What the browser tests share: the app on a free port, and a Chromium that can reach nothing else."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Request, expect, sync_playwright

ROOT = Path(__file__).parents[1]
# Other tests share the machine: what is right may come late.
expect.set_options(timeout=30_000)
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name and no number leads anywhere but to the machine itself.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


# Keeps for half a second of its own clock without a change in the page, ten seconds at most.
QUIET = """
() => new Promise((done) => {
  const end = () => { watcher.disconnect(); done(); };
  let timer = setTimeout(end, 500);
  const watcher = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(end, 500); });
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  setTimeout(end, 10000);
})
"""


@dataclass
class Witness:
    """What a page did that it should not: errors in the console, and requests to other hosts."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def assert_clean(self) -> None:
        """Fails when there was a console error or a request to another host."""
        assert (self.errors, self.foreign) == ([], [])


def trial_folder(folder: Path, script: Path) -> Path:
    """`folder` laid out as the app is, with `script` in the place of app.py."""
    folder.mkdir(parents=True, exist_ok=True)
    for shared in ("serve.py", "static", ".streamlit"):
        (folder / shared).symlink_to(ROOT / shared)
    shutil.copy(script, folder / "app.py")
    return folder


@contextmanager
def running_app(
    folder: Path = ROOT, *, base_path: str = "", log: Path = Path(os.devnull), **environment: str
) -> Iterator[str]:
    """The address of the app in `folder`, served as users get it, until the block ends.

    `log`: where all that the server says goes.
    """
    port = free_port()
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "baseUrlPath": base_path}
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "serve.py")]
    command += [f"--server.{name}={value}" for name, value in options.items()]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with log.open("wb") as said:
        server = subprocess.Popen(command, cwd=folder, env=variables, stdout=said, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}/{base_path}".rstrip("/")
        wait_until_up(server, address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_up(server: "subprocess.Popen[bytes]", address: str, seconds: float = 60) -> None:
    """Returns when the server answers; fails when it ended, or after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urlopen(address + "/_stcore/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer within {seconds} s")


@contextmanager
def open_browser(
    *, of: Browser | None = None, width: int = 1280, height: int = 900, touch: bool = False, **how: Any
) -> Iterator[BrowserContext]:
    """Chromium with one visitor's settings, for as many pages as wanted; a second page starts much faster.

    `of`: a Chromium that runs already, which a thread can have only one of. `how`: what else Playwright's context
    takes, such as `forced_colors`.
    """
    with nullcontext(of) if of else _chromium() as browser:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, has_touch=touch, is_mobile=touch, **how)
        yield context
        context.close()


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    address: str, *, broken: str | None = None, within: BrowserContext | None = None, **how: Any
) -> Iterator[tuple[Page, Witness]]:
    """A page at `address` in Chromium that can reach that host alone, and the witness of what it tried.

    `broken`: a glob of addresses that fail too. `within`: a browser that is open; else one of its own, as `how` says.
    """
    with nullcontext(within) if within else open_browser(**how) as context:
        page = context.new_page()
        witness = watch(page, address)
        if broken:
            page.route(broken, lambda route: route.abort())
        page.goto(address)
        yield page, witness
        page.close()
        context.clear_permissions()


def watch(page: Page, address: str) -> Witness:
    """The witness of `page`: Chromium itself can reach no other host, so that what it tried fails, and is seen here.

    Without a route on every request, which would slow them all and keep nothing for the next page.
    """
    witness = Witness()
    home = urlsplit(address).netloc

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != home:
            witness.foreign.append(request.url)

    page.on("request", note)
    page.on("websocket", lambda one: urlsplit(one.url).netloc == home or witness.foreign.append(one.url))
    page.on(
        "console", lambda said: said.type == "error" and witness.errors.append(f"{said.text} {said.location['url']}")
    )
    page.on("pageerror", lambda failure: witness.errors.append(str(failure)))
    return witness


def chromium() -> str:
    """The path of the machine's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "The browser tests need Chromium; .ci/run installs it."
    return found


def settle(page: Page) -> None:
    """Returns when the page's script has run to its end, and nothing has been drawn anew for half a second.

    Until then a list that is open may close again, and a key may go to what is about to be replaced. The page itself
    keeps the time, so that a busy machine is given longer.
    """
    for _ in range(2):
        expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
        page.evaluate(QUIET)


def pick(page: Page, box: str, text: str) -> None:
    """Types into a box of choices and takes the first that is offered."""
    settle(page)
    field = page.get_by_role("combobox", name=box)
    field.click()
    field.fill(text)
    expect(page.get_by_role("option").first).to_contain_text(text)
    field.press("Enter")
    page.keyboard.press("Escape")
    settle(page)


def map_frame(page: Page) -> FrameLocator:
    """The frame of the page's map."""
    return page.frame_locator('iframe[data-testid="stCustomComponentV1"]')
