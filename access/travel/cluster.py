"""The same chunks here, or on a Dask cluster when one is given: the same answers in the same order."""

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Any, Protocol, TypeVar

from access.errors import AccessError

Name = TypeVar("Name")
Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")
Chunk_contra = TypeVar("Chunk_contra", contravariant=True)
Answer_co = TypeVar("Answer_co", covariant=True)
WAIT_SECONDS = 20
AHEAD = 2  # chunks sent for each worker before the first answer is fetched: what bounds the memory

_one_at_a_time = Lock()  # a loop uses every core as it is, and not every threading layer bears two at once


class Askable(Protocol[Chunk_contra, Answer_co]):
    """Anything that answers one chunk after another."""

    def answer(self, points: Chunk_contra, /) -> Answer_co:
        """What is found for one chunk."""
        ...


def answers_of(
    question: "Askable[Chunk, Answer]", chunks: Iterable[tuple[Name, Chunk]], cluster: str | None
) -> Iterator[tuple[Name, Answer]]:
    """The answer for each chunk beside its name, in order, a few chunks held at a time.

    Raises
    ------
    AccessError
        The cluster cannot be reached, has no workers, or its workers fail; or Dask is not installed.
    """
    if cluster is None:
        return ((name, question.answer(chunk)) for name, chunk in chunks)
    return _answer_on_cluster(question, chunks, cluster)


def _answer_on_cluster(
    question: "Askable[Chunk, Answer]", chunks: Iterable[tuple[Name, Chunk]], address: str
) -> Iterator[tuple[Name, Answer]]:
    client = _open_client(address)
    try:
        shared = client.scatter(question, broadcast=True, hash=False)
        ahead = AHEAD * len(client.nthreads())
        sent: deque[tuple[Name, Any]] = deque()
        for name, chunk in chunks:
            sent.append((name, client.submit(_answer_alone, shared, chunk, pure=False)))
            if len(sent) >= ahead:
                yield _fetch_answer(*sent.popleft(), address)
        while sent:
            yield _fetch_answer(*sent.popleft(), address)
    finally:
        client.close()


def _answer_alone(question: "Askable[Chunk, Answer]", chunk: Chunk) -> Answer:
    with _one_at_a_time:
        return question.answer(chunk)


def _import_distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise AccessError(
            "A cluster needs the package distributed; install trd-access with its extra 'scale'."
        ) from None
    return distributed


def _open_client(address: str) -> Any:
    client = _connect_or_none(address)
    if client is None:
        # What is left of it ends when it is collected, and would wait forever for a lock if that were while another
        # client starts.
        gc.collect()
        raise AccessError(
            f"No Dask scheduler answers at {address}; start one, or check its address (such as tcp://10.0.0.1:8786)."
        )
    try:
        client.wait_for_workers(1, timeout=WAIT_SECONDS)
    except TimeoutError:
        client.close()
        raise AccessError(f"The Dask scheduler at {address} has no workers; start one and try again.") from None
    return client


def _connect_or_none(address: str) -> Any | None:
    try:
        return _import_distributed().Client(address, timeout=WAIT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError):
        return None


def _fetch_answer(name: Name, future: Any, address: str) -> tuple[Name, Any]:
    distributed = _import_distributed()
    try:
        return name, future.result()
    except (ImportError, AttributeError) as failure:
        raise AccessError(
            f"A worker of {address} has not this version of trd-access; install it there ({failure})."
        ) from failure
    except (distributed.KilledWorker, distributed.CancelledError, OSError) as failure:
        raise AccessError(
            f"The workers of {address} were lost, perhaps for want of memory; use a smaller chunk."
        ) from failure
