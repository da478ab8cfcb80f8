"""Writers to a store, each a process of its own, for the tests that set them against one another."""

import multiprocessing
import time
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier, Event

from sqlalchemy import Engine, event

from access.errors import ConflictError
from access.scenarios.store.database import open_store
from access.scenarios.store.versions import load_version, save_version

Outcomes = Queue[tuple[str, str]]


def writers() -> ForkServerContext:
    """Makes processes that share nothing, from one that has the library loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["access.scenarios.store.versions"])
    return context


def save_once(url: str, author: str, after: int, gate: Barrier, outcomes: Outcomes) -> None:
    """Opens the store and saves at the same moment as the others."""
    gate.wait(60)
    try:
        store = open_store(url)
        gate.wait(60)
        save_version(store, "One", f"by: {author}", author=author, after=after)
        outcomes.put((author, "saved"))
    except Exception as failure:  # noqa: BLE001 - the test reads what went wrong
        outcomes.put((author, f"{type(failure).__name__}: {failure}"))


def save_many(url: str, author: str, count: int, gate: Barrier, outcomes: Outcomes) -> None:
    """Saves `count` times after version 1, each again after the newest until nobody was faster."""
    try:
        store = open_store(url)
        gate.wait(60)
        conflicts, newest = 0, 1
        for number in range(count):
            while not _saved(store, author, number, newest):
                conflicts += 1
                newest = load_version(store, "One").version
            newest += 1
        outcomes.put((author, f"{conflicts}"))
    except Exception as failure:  # noqa: BLE001 - the test reads what went wrong
        outcomes.put((author, f"{type(failure).__name__}: {failure}"))


def save_without_end(url: str, begun: Event) -> None:
    """Saves a large document after the newest version, for ever."""
    store = open_store(url)
    while True:
        version = load_version(store, "One").version
        save_version(store, "One", large_document(version + 1), author="Ben", after=version)
        begun.set()


def stop_before_the_end(url: str, begun: Event) -> None:
    """Writes a version, and stands still before the database is told to keep it."""
    store = open_store(url)

    @event.listens_for(store, "commit")
    def stand_still(_connection: object) -> None:
        begun.set()
        time.sleep(60)

    save_version(store, "One", large_document(2), author="Ben", after=1)


def large_document(version: int) -> str:
    """A document that shows whether it is whole."""
    return f"version: {version}\n" * 20_000 + "end: true\n"


def outcomes_of(processes: list[ForkServerProcess], outcomes: Outcomes) -> dict[str, str]:
    """What each writer says at its end."""
    for process in processes:
        process.start()
    said = dict(outcomes.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(60)
    return said


def _saved(store: Engine, author: str, number: int, after: int) -> bool:
    try:
        save_version(store, "One", f"by: {author}\nnumber: {number}", author=author, after=after)
    except ConflictError:
        return False
    return True
