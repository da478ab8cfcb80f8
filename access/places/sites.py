"""Which records are one physical site: the rules of `matching`, applied to a whole list."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from access.places.matching import Record, is_perhaps_same_site, is_same_site

Near = Callable[[int], list[int]]


def sites(known: Sequence[Record]) -> list[int]:
    """For each record, the number of the first record of its site; alone: its own number.

    Records with a street are joined first. One without a street joins a site only if there is just one
    that it fits: of two branches in a town, a record that says only the name belongs to neither.
    """
    first = list(range(len(known)))
    near = _neighbours(known)
    for one, other in _on_one_street(known):
        if is_same_site(known[one], known[other]):
            _join(first, one, other)
    without_street = [number for number, record in enumerate(known) if not record.street]
    for one in without_street:
        for other in near(one):
            if other < one and not known[other].street and is_same_site(known[one], known[other]):
                _join(first, one, other)
    for group, fitting in _fitting_sites(first, without_street, near, known).items():
        if len(fitting) == 1:
            _join(first, group, min(fitting))
    return [_root(first, number) for number in range(len(known))]


def possible_pairs(known: Sequence[Record], site: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of sites, by the numbers of their first records, that a person should look at: perhaps one."""
    near = _neighbours(known)
    pairs = {
        (min(site[one], site[other]), max(site[one], site[other]))
        for one, record in enumerate(known)
        if not record.street
        for other in near(one)
        if site[one] != site[other]
        and (is_same_site(record, known[other]) or is_perhaps_same_site(record, known[other]))
    }
    return sorted(pairs)


def _on_one_street(known: Sequence[Record]) -> Iterator[tuple[int, int]]:
    by_street = defaultdict(list)
    for number, record in enumerate(known):
        if record.street:
            by_street[record.street].append(number)
    for numbers in by_street.values():
        yield from combinations(numbers, 2)


def _neighbours(known: Sequence[Record]) -> Near:
    by_area = defaultdict(set)
    for number, record in enumerate(known):
        by_area[record.town].add(number)
        if record.zip:
            by_area[record.zip].add(number)

    def near(number: int) -> list[int]:
        record = known[number]
        return sorted((by_area[record.town] | (by_area[record.zip] if record.zip else set())) - {number})

    return near


def _fitting_sites(
    first: list[int], without_street: list[int], near: Near, known: Sequence[Record]
) -> dict[int, set[int]]:
    """For each group of records without a street, the sites with one that any of its records fits."""
    fitting: dict[int, set[int]] = defaultdict(set)
    for one in without_street:
        fitting[_root(first, one)] |= {
            _root(first, other) for other in near(one) if known[other].street and is_same_site(known[one], known[other])
        }
    return fitting


def _root(first: list[int], number: int) -> int:
    while first[number] != number:
        number = first[number]
    return number


def _join(first: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(first, one), _root(first, other)))
    first[high] = low
