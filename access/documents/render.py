"""Words and tables as a page: PDF by a typst template, HTML by a jinja template; nothing of them is read as markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from access.maps.markup import fill_page

_TEMPLATES = Path(__file__).with_name("templates")


def render_pdf(template: str, words: Mapping[str, Any]) -> bytes:
    """The template (typst) with `words`, which JSON can hold, as `sys.inputs.page`; a tagged PDF.

    `template`: its file in `templates/`. The fonts are those of typst, so that a page looks the same everywhere; what
    they lack is a box.
    """
    page = json.dumps(words, ensure_ascii=False)
    inputs = {"page": page}
    return bytes(typst.compile(_TEMPLATES / template, format="pdf", sys_inputs=inputs, ignore_system_fonts=True))


def render_html(template: str, words: Mapping[str, Any]) -> bytes:
    """The template (jinja) with `words`, a hyphen in whose names is an underscore there; all text is escaped."""
    values = {name.replace("-", "_"): value for name, value in words.items()}
    return fill_page(f"documents/templates/{template}", **values).encode()
