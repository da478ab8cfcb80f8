"""A scenario's report as a document: PDF to print (typst, tagged) and HTML that needs nothing beside itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from access.report.paper import html_page, pdf_page

_PAPER: Final = Path(__file__).with_name("scenario.typ")
_SCREEN: Final = Path(__file__).with_name("scenario.html")


def report_pdf(report: Mapping[str, Any]) -> bytes:
    """What `scenario_report` gives, as a tagged PDF on pages of US Letter, its map as vectors."""
    return pdf_page(_PAPER, report)


def report_html(report: Mapping[str, Any]) -> bytes:
    """What `scenario_report` gives, as one HTML file: no script, no request, every text escaped."""
    return html_page(_SCREEN, report)
