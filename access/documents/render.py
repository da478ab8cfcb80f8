"""Words and tables as a page: PDF by a typst template, HTML by a jinja template; nothing of them is read as markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from jinja2 import Environment, StrictUndefined


def render_pdf(template: Path, words: Mapping[str, Any]) -> bytes:
    """The template (typst) with `words`, which JSON can hold, as `sys.inputs.page`; a tagged PDF.

    The fonts are those of typst, so that a page looks the same everywhere; what they lack is a box.
    """
    page = json.dumps(words, ensure_ascii=False)
    return bytes(typst.compile(template, format="pdf", sys_inputs={"page": page}, ignore_system_fonts=True))


def render_html(template: Path, words: Mapping[str, Any]) -> bytes:
    """The template (jinja) with `words`, a hyphen in whose names is an underscore there; all text is escaped."""
    made = Environment(autoescape=True, undefined=StrictUndefined).from_string(template.read_text(encoding="utf-8"))
    return made.render({name.replace("-", "_"): value for name, value in words.items()}).encode()
