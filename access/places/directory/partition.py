"""Records parted into sites, one join at a time, with a person's word on which are never one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from access.places.directory.matching import Record, rule_of

Pair = tuple[int, int]


@dataclass(frozen=True)
class Decisions:
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
            waiting, seen = [root], {root}
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
