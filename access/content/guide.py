"""The guide for somebody whom two medicines did not help: what this is, what treatments ask, what to ask, and where
each statement comes from.
"""

from typing import Literal, Self

from pydantic import model_validator

from access.content.prose import Prose, load_prose


class Statement(Prose):
    """One thing that we say, and the keys of the sources that it rests on; none: advice of ours, not a claim."""

    text: str
    sources: tuple[str, ...] = ()


class Section(Prose):
    """Statements under one heading, read from top to bottom."""

    title: str
    statements: tuple[Statement, ...]
    is_numbered: bool = False


class TreatmentRow(Prose):
    """One question about the treatments, with the answer for each."""

    title: str
    cells: dict[str, Statement]


class GuideSource(Prose):
    """A source by name; A: research or government, B: a maker, a hospital or a charity, C: web pages."""

    words: str
    grade: Literal["A", "B", "C"]
    url: str = ""


class Guide(Prose):
    """The whole guide in one language; `treatments`: the columns of the table, from left to right."""

    sections: tuple[Section, ...]
    treatments: tuple[str, ...]
    treatment_rows: tuple[TreatmentRow, ...]
    sources: dict[str, GuideSource]

    @model_validator(mode="after")
    def _check_keys(self) -> Self:
        unknown = set(self.source_order()) - self.sources.keys()
        if unknown:
            raise ValueError(f"Statements rest on sources that are not listed: {sorted(unknown)}.")
        uneven = [row.title for row in self.treatment_rows if tuple(row.cells) != self.treatments]
        if uneven:
            raise ValueError(f"Rows that do not have one cell for each treatment, in order: {uneven}.")
        return self

    def statements(self) -> list[Statement]:
        """All that the guide says, in order: the sections, then the table of treatments row by row."""
        told = [one for section in self.sections for one in section.statements]
        return told + [cell for row in self.treatment_rows for cell in row.cells.values()]

    def source_order(self) -> list[str]:
        """The keys of the sources in the order in which the guide first rests on them."""
        return list(dict.fromkeys(key for one in self.statements() for key in one.sources))


def load_guide() -> Guide:
    """The guide in the current language."""
    return load_prose(Guide, "guide")
