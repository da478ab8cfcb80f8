"""The guide as HTML: headings, lists, one table that stacks on a phone, and numbered sources at the end."""

from access.content.guide import Section, load_guide
from access.language import say
from access.maps.escape import safe_link
from access.maps.markup import fill_fragment
from access.vocabulary import TREATMENTS


def section_html(section: Section) -> str:
    """One section: its heading and its statements, each with the numbers of its sources."""
    return fill_fragment("documents/templates/guide_section.html", section=section, numbers=_source_numbers())


def treatments_html() -> str:
    """The four treatments side by side."""
    guide = load_guide()
    return fill_fragment(
        "documents/templates/guide_treatments.html",
        caption=say("The four treatments side by side"),
        names={treatment: say(TREATMENTS[treatment]) for treatment in guide.treatments},
        rows=guide.treatment_rows,
        numbers=_source_numbers(),
    )


def sources_html() -> str:
    """The sources by number, with their grades; where a source has a page, a link that opens on a press."""
    guide = load_guide()
    sources = [guide.sources[key] for key in guide.source_order()]
    return fill_fragment(
        "documents/templates/guide_sources.html",
        sources=[(one.words, safe_link(one.url), say("grade {grade}", grade=one.grade)) for one in sources],
    )


def _source_numbers() -> dict[str, int]:
    return {key: number for number, key in enumerate(load_guide().source_order(), 1)}
