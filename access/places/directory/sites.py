"""Which records are one physical site: the rules of `matching`, applied to a whole list."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from access.places.directory.matching import Record, is_perhaps_same_site, rule_of
from access.places.directory.partition import Decisions, Partition, join_by_rule

Near = Callable[[int], list[int]]


def sites(known: Sequence[Record], listed: int, decisions: Decisions) -> Partition:
    """The records in groups, one per site; those from number `listed` on only join a site of the others.

    Decisions come first. Then records with a street are joined. One without a street joins a site only if
    there is just one that it fits: of two branches in a town, a record that says only the name belongs
    to neither. A confirming record too joins only the one site that it fits, and glues no two.
    """
    parted = Partition.of(len(known), decisions.different)
    for one, other in decisions.same:
        parted.join(one, other, "decision")
    near = _neighbours(known, listed)
    for one, other in _on_one_street(known[:listed]):
        join_by_rule(parted, known, one, other)
    without_street = [number for number in range(listed) if not known[number].street]
    for one in without_street:
        for other in near(one):
            if other < one and not known[other].street:
                join_by_rule(parted, known, one, other)
    _join_the_only_fitting(parted, without_street, near, known)
    _confirm(parted, listed, near, known)
    return parted


def possible_pairs(known: Sequence[Record], parted: Partition, listed: int) -> list[tuple[int, int]]:
    """Pairs of sites, by the numbers of their first records, that a person should look at: perhaps one.

    Pairs that a person decided to be two are not asked again.
    """
    near, site = _neighbours(known, listed), parted.first
    pairs = {
        (min(site[one], site[other]), max(site[one], site[other]))
        for one in range(listed)
        if not known[one].street
        for other in near(one)
        if site[one] != site[other]
        and parted.may_join(one, other)
        and (rule_of(known[one], known[other]) or is_perhaps_same_site(known[one], known[other]))
    }
    return sorted(pairs)


def _on_one_street(known: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Pairs with one house number in one town or ZIP: their streets may be spelled in two ways."""
    by_number = defaultdict(list)
    for number, record in enumerate(known):
        if record.street:
            by_number[record.street.split()[0]].append(number)
    for numbers in by_number.values():
        yield from combinations(numbers, 2)


def _neighbours(known: Sequence[Record], listed: int) -> Near:
    """The listed records of a record's town and ZIP, and those of its name anywhere."""
    by_area: dict[object, set[int]] = defaultdict(set)
    for number in range(listed):
        for area in _areas(known[number]):
            by_area[area].add(number)

    def near(number: int) -> list[int]:
        return sorted(set().union(*(by_area.get(area, ()) for area in _areas(known[number]))) - {number})

    return near


def _areas(record: Record) -> list[object]:
    return [record.town, record.words, *([record.zip] if record.zip else [])]


def _join_the_only_fitting(parted: Partition, without_street: list[int], near: Near, known: Sequence[Record]) -> None:
    """Join each group of records without a street to the one site with a street that its records fit."""
    fitting: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for one in without_street:
        for other in near(one):
            if known[other].street and rule_of(known[one], known[other]) and parted.may_join(one, other):
                fitting[parted.first[one]].setdefault(parted.first[other], (one, other))
    for by_site in fitting.values():
        if len(by_site) == 1:
            [(one, other)] = by_site.values()
            join_by_rule(parted, known, one, other)


def _confirm(parted: Partition, listed: int, near: Near, known: Sequence[Record]) -> None:
    for one in range(listed, len(known)):
        if parted.first[one] < listed:
            continue
        fitting: dict[int, int] = {}
        for other in near(one):
            if rule_of(known[one], known[other]) and parted.may_join(one, other):
                fitting.setdefault(parted.first[other], other)
        if len(fitting) == 1:
            [other] = fitting.values()
            join_by_rule(parted, known, one, other)
