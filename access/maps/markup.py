"""HTML from templates (Jinja), for maps and documents: every value that goes in is escaped."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from access.maps.escape import TEMPLATE_MARKS

_ENVIRONMENT: Final = Environment(
    autoescape=True, undefined=StrictUndefined, loader=FileSystemLoader(Path(__file__).parents[1])
)


def fill_page(template: str, **values: object) -> str:
    """A whole HTML document; `template`: the path of its file within `access/`."""
    return _ENVIRONMENT.get_template(template).render(values)


def fill_fragment(template: str, **values: object) -> str:
    """As `fill_page`, for a part of a page of the app or of a map: folium may read it as a template of its own."""
    return fill_page(template, **values).translate(TEMPLATE_MARKS)
