"""A brief as a page: PDF to print (typst, tagged) and HTML that needs nothing beside itself."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst
from jinja2 import Environment, StrictUndefined

_PAPER: Final = Path(__file__).with_name("brief.typ")
_SCREEN: Final = Path(__file__).with_name("brief.html")


def brief_pdf(words: Mapping[str, Any]) -> bytes:
    """What `brief` gives, as one tagged page of US Letter."""
    page = json.dumps(words, ensure_ascii=False)
    return bytes(typst.compile(_PAPER, format="pdf", sys_inputs={"page": page}, ignore_system_fonts=True))


def brief_html(words: Mapping[str, Any]) -> bytes:
    """What `brief` gives, as one HTML file: no script, no request, every text escaped."""
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(_SCREEN.read_text(encoding="utf-8"))
    return template.render({name.replace("-", "_"): value for name, value in words.items()}).encode()
