"""The guide as HTML: headings, lists, one table that stacks on a phone, and numbered sources at the end."""

from collections.abc import Iterable

from access.content.guide import Section, Statement, load_guide
from access.language import say
from access.maps.escape import escape, safe_link
from access.vocabulary import TREATMENTS


def section_html(section: Section) -> str:
    """One section: its heading and its statements, each with the numbers of its sources."""
    items = "".join(f"<li>{_statement_html(one)}</li>" for one in section.statements)
    kind = "ol" if section.is_numbered else "ul"
    return f'<section class="guide"><h2>{escape(section.title)}</h2><{kind}>{items}</{kind}></section>'


def treatments_html() -> str:
    """The four treatments side by side."""
    guide = load_guide()
    names = [escape(say(TREATMENTS[name])) for name in guide.treatments]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{escape(row.title)}</th>'
        + "".join(
            f'<td data-of="{name}">{_statement_html(cell)}</td>'
            for name, cell in zip(names, row.cells.values(), strict=True)
        )
        + "</tr>"
        for row in guide.treatment_rows
    )
    caption = escape(say("The four treatments side by side"))
    top = f"<caption>{caption}</caption><thead><tr><td></td>{head}</tr></thead>"
    return f'<table class="guide-treatments">{top}<tbody>{rows}</tbody></table>'


def sources_html() -> str:
    """The sources by number, with their grades; where a source has a page, a link that opens on a press."""
    items = []
    guide = load_guide()
    for key in guide.source_order():
        source = guide.sources[key]
        named = escape(source.words)
        if link := safe_link(source.url):
            named = f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">{named}</a>'
        items.append(f"<li>{named} ({escape(say('grade {grade}', grade=source.grade))})</li>")
    return f'<ol class="guide-sources">{"".join(items)}</ol>'


def _statement_html(statement: Statement) -> str:
    return escape(statement.text) + _numbers_html(statement.sources)


def _numbers_html(keys: Iterable[str]) -> str:
    order = load_guide().source_order()
    marks = ", ".join(str(order.index(key) + 1) for key in keys)
    return f" <small>[{marks}]</small>" if marks else ""
