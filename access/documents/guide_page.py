"""The guide as HTML: headings, lists, one table that stacks on a phone, and numbered sources at the end."""

from collections.abc import Iterable

from access.content.guide import GUIDE_SECTIONS, GUIDE_SOURCES, TREATMENT_COLUMNS, TREATMENT_ROWS, Section, Statement
from access.language import say
from access.maps.escape import escape, safe_link
from access.vocabulary import TREATMENTS


def section_html(section: Section) -> str:
    """One section: its heading and its statements, each with the numbers of its sources."""
    items = "".join(f"<li>{_statement_html(one)}</li>" for one in section.statements)
    kind = "ol" if section.is_numbered else "ul"
    return f'<section class="guide"><h2>{escape(say(section.title))}</h2><{kind}>{items}</{kind}></section>'


def treatments_html() -> str:
    """The four treatments side by side."""
    names = [escape(say(TREATMENTS[name])) for name in TREATMENT_COLUMNS]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{escape(say(title))}</th>'
        + "".join(f'<td data-of="{name}">{_statement_html(cell)}</td>' for name, cell in zip(names, cells, strict=True))
        + "</tr>"
        for title, cells in TREATMENT_ROWS.items()
    )
    caption = escape(say("The four treatments side by side"))
    top = f"<caption>{caption}</caption><thead><tr><td></td>{head}</tr></thead>"
    return f'<table class="guide-treatments">{top}<tbody>{rows}</tbody></table>'


def sources_html() -> str:
    """The sources by number, with their grades; where a source has a page, a link that opens on a press."""
    items = []
    for key in source_order():
        words, url, grade = GUIDE_SOURCES[key]
        named = escape(say(words))
        if link := safe_link(url):
            named = f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">{named}</a>'
        items.append(f"<li>{named} ({escape(say('grade {grade}', grade=grade))})</li>")
    return f'<ol class="guide-sources">{"".join(items)}</ol>'


def source_order() -> list[str]:
    """The keys of the sources in the order in which the guide first rests on them."""
    told = [one for section in GUIDE_SECTIONS for one in section.statements]
    told += [cell for cells in TREATMENT_ROWS.values() for cell in cells]
    return list(dict.fromkeys(key for one in told for key in one.sources))


def _statement_html(statement: Statement) -> str:
    return escape(say(statement.text)) + _numbers_html(statement.sources)


def _numbers_html(keys: Iterable[str]) -> str:
    order = source_order()
    marks = ", ".join(str(order.index(key) + 1) for key in keys)
    return f" <small>[{marks}]</small>" if marks else ""
