"""Several processes save at once, or die while they do: whatever was saved is there, and whole."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from access.scenarios.store.database import open_store
from access.scenarios.store.versions import load_version, save_version, version_history
from tests.stores import (
    large_document,
    outcomes_of,
    save_many,
    save_once,
    save_without_end,
    stop_before_the_end,
    writers,
)

AUTHORS = ["Ana", "Ben", "Cay", "Dov"]


def raced(url: str, writer: Callable[..., None], number: int) -> dict[str, str]:
    context = writers()
    gate, outcomes = context.Barrier(len(AUTHORS)), context.Queue()
    processes = [context.Process(target=writer, args=(url, author, number, gate, outcomes)) for author in AUTHORS]
    return outcomes_of(processes, outcomes)


@pytest.mark.parametrize("after", [0, 1])
def test_of_those_who_save_one_version_at_once_one_wins(store_url: str, after: int) -> None:
    if after:
        save_version(open_store(store_url), "One", "by: Zoe", author="Zoe", after=0)
    said = raced(store_url, save_once, after)
    winner = load_version(open_store(store_url), "One")
    assert winner.version == after + 1
    assert winner.document == f"by: {winner.author}"
    assert said.pop(winner.author) == "saved"
    assert len(said) == len(AUTHORS) - 1
    for words in said.values():
        assert words.startswith(f"ConflictError: 'One' was saved by {winner.author} at ")


def test_those_who_begin_anew_from_the_newest_version_lose_nothing(store_url: str) -> None:
    each = 8
    store = open_store(store_url)
    save_version(store, "One", "by: Zoe", author="Zoe", after=0)
    said = raced(store_url, save_many, each)
    assert all(conflicts.isdigit() for conflicts in said.values()), said
    # All began from version 1.
    assert sum(map(int, said.values())) >= len(AUTHORS) - 1
    count = 1 + each * len(AUTHORS)
    assert version_history(store, "One")["version"].tolist() == list(range(1, count + 1))
    kept = [load_version(store, "One", version).document for version in range(2, count + 1)]
    for author in AUTHORS:
        own = [document for document in kept if document.startswith(f"by: {author}\n")]
        assert own == [f"by: {author}\nnumber: {number}" for number in range(each)]


def killed(url: str, writer: Callable[..., None], after_seconds: float) -> None:
    context = writers()
    begun = context.Event()
    process = context.Process(target=writer, args=(url, begun))
    process.start()
    assert begun.wait(60)
    time.sleep(after_seconds)
    process.kill()
    process.join(60)
    assert process.exitcode == -9


def is_whole(store: Engine) -> bool:
    table = version_history(store, "One")
    numbers = table["version"].tolist()
    documents = [load_version(store, "One", number).document for number in numbers]
    return numbers == list(range(1, len(numbers) + 1)) and documents == [large_document(number) for number in numbers]


def test_a_writer_killed_before_its_end_leaves_nothing_and_holds_up_nobody(store_url: str) -> None:
    save_version(open_store(store_url), "One", large_document(1), author="Ana", after=0)
    killed(store_url, stop_before_the_end, 0)
    store = open_store(store_url)
    assert len(version_history(store, "One")) == 1
    save_version(store, "One", large_document(2), author="Ana", after=1)
    assert is_whole(store)


def test_a_writer_killed_at_any_moment_leaves_whole_versions(store_url: str) -> None:
    save_version(open_store(store_url), "One", large_document(1), author="Ana", after=0)
    for seconds in (0.05, 0.1003, 0.1507):
        killed(store_url, save_without_end, seconds)
        store = open_store(store_url)
        assert is_whole(store)
        version = load_version(store, "One").version
        save_version(store, "One", large_document(version + 1), author="Ana", after=version)
    assert version > 3
