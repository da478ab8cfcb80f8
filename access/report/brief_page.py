"""A brief as a page: PDF to print (typst, tagged) and HTML that needs nothing beside itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from access.report.paper import html_page, pdf_page

_PAPER: Final = Path(__file__).with_name("brief.typ")
_SCREEN: Final = Path(__file__).with_name("brief.html")


def brief_pdf(words: Mapping[str, Any]) -> bytes:
    """What `brief` gives, as one tagged page of US Letter."""
    return pdf_page(_PAPER, words)


def brief_html(words: Mapping[str, Any]) -> bytes:
    """What `brief` gives, as one HTML file: no script, no request, every text escaped."""
    return html_page(_SCREEN, words)
