"""Which records are one physical site: groups joined by the rules of `match` and by a person's word."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from access.places.directory.match import Record, is_perhaps_same_site, rule_of

Pair = tuple[int, int]


@dataclass(frozen=True)
class DecidedPairs:
    """A person's word, by the numbers of records: pairs that are one site, and pairs that are not."""

    same: Sequence[Pair] = ()
    different: Sequence[Pair] = ()


@dataclass
class Partition:
    """Groups of records; a group's number is that of its first record."""

    first: list[int]
    members: dict[int, set[int]]
    apart: dict[int, set[int]]
    rules: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, count: int, different: Sequence[Pair]) -> "Partition":
        """Each record a group of its own; the records of a `different` pair never meet."""
        apart: dict[int, set[int]] = defaultdict(set)
        for one, other in different:
            apart[one].add(other)
            apart[other].add(one)
        return cls(list(range(count)), {number: {number} for number in range(count)}, apart)

    def may_join(self, one: int, other: int) -> bool:
        """Whether no pair of their groups was decided to be two sites."""
        its = self.members[self.first[other]]
        return not any(self.apart.get(number, set()) & its for number in self.members[self.first[one]])

    def join(self, one: int, other: int, rule: str) -> bool:
        """Make the groups of two records one; False: they are decided to be two."""
        if not self.may_join(one, other):
            return False
        low, high = sorted((self.first[one], self.first[other]))
        if low != high:
            moved = self.members.pop(high)
            self.members[low] |= moved
            for number in moved:
                self.first[number] = low
            self.rules[one][other] = self.rules[other][one] = rule
        return True

    def joins(self) -> list[tuple[int, int, str]]:
        """For each record but the first of its site: its number, the record it was joined to, and the rule."""
        found = []
        for root in sorted(self.members):
            waiting = [root]
            seen = {root}
            while waiting:
                number = waiting.pop()
                for other, rule in sorted(self.rules.get(number, {}).items()):
                    if other not in seen:
                        seen.add(other)
                        waiting.append(other)
                        found.append((other, number, rule))
        return sorted(found)


def join_by_rule(parted: Partition, known: Sequence[Record], one: int, other: int) -> None:
    """Join two records if a rule says that they are one site."""
    rule = rule_of(known[one], known[other])
    if rule:
        parted.join(one, other, rule)


NeighborsOf = Callable[[int], list[int]]


def group_records(known: Sequence[Record], listed: int, decisions: DecidedPairs) -> Partition:
    """The records in groups, one per site; those from number `listed` on only join a site of the others.

    Decisions come first. Then records with a street are joined. One without a street joins a site only if
    there is just one that it fits: of two branches in a town, a record that says only the name belongs
    to neither. A confirming record too joins only the one site that it fits, and glues no two.
    """
    parted = Partition.of(len(known), decisions.different)
    for one, other in decisions.same:
        parted.join(one, other, "decision")
    near = _neighbor_finder(known, listed)
    for one, other in _pairs_on_one_street(known[:listed]):
        join_by_rule(parted, known, one, other)
    without_street = [number for number in range(listed) if not known[number].street]
    for one in without_street:
        for other in near(one):
            if other < one and not known[other].street:
                join_by_rule(parted, known, one, other)
    _join_the_only_fitting(parted, without_street, near, known)
    _join_confirming(parted, listed, near, known)
    return parted


def possible_pairs(known: Sequence[Record], parted: Partition, listed: int) -> list[tuple[int, int]]:
    """Pairs of sites, by the numbers of their first records, that a person should look at: perhaps one.

    Pairs that a person decided to be two are not asked again.
    """
    near = _neighbor_finder(known, listed)
    site = parted.first
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


def _pairs_on_one_street(known: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Pairs with one house number in one town or ZIP: their streets may be spelled in two ways."""
    by_number = defaultdict(list)
    for number, record in enumerate(known):
        if record.street:
            by_number[record.street.split()[0]].append(number)
    for numbers in by_number.values():
        yield from combinations(numbers, 2)


def _neighbor_finder(known: Sequence[Record], listed: int) -> NeighborsOf:
    """The listed records of a record's town and ZIP, and those of its name anywhere."""
    by_area: dict[object, set[int]] = defaultdict(set)
    for number in range(listed):
        for area in _areas_of(known[number]):
            by_area[area].add(number)

    def near(number: int) -> list[int]:
        return sorted(set().union(*(by_area.get(area, ()) for area in _areas_of(known[number]))) - {number})

    return near


def _areas_of(record: Record) -> list[object]:
    return [record.town, record.words, *([record.zip] if record.zip else [])]


def _join_the_only_fitting(
    parted: Partition, without_street: list[int], near: NeighborsOf, known: Sequence[Record]
) -> None:
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


def _join_confirming(parted: Partition, listed: int, near: NeighborsOf, known: Sequence[Record]) -> None:
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
