"""Text from the data on its way into a page: it stays text, whatever it holds."""

import html
import json
import re
from typing import Any, Final
from urllib.parse import urlsplit

# folium puts text into JavaScript template literals, where `${...}` runs, and through Jinja, where {{...}} runs.
TEMPLATE_MARKS: Final = {ord(mark): f"&#{ord(mark)};" for mark in "\\`${}"}
_SCRIPT_MARKS: Final = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&'`${}"}
_JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_UNSAFE_IN_LINK: Final = re.compile(r"[\x00-\x20\x7f\"'<>`\\{}]")


def escape(text: str) -> str:
    """The text as HTML that shows it and runs nothing: in a page, an attribute, a folium popup, tooltip or icon."""
    return html.escape(text, quote=True).translate(TEMPLATE_MARKS)


def script_json(value: Any) -> str:
    """The value as JSON that may stand in a script, an HTML page or a Jinja template.

    Raises
    ------
    ValueError
        It holds NaN or infinity, which JSON has no word for.
    """
    plain = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return _JSON_STRING.sub(lambda found: found.group().translate(_SCRIPT_MARKS), plain)


def safe_link(url: object) -> str | None:
    """The web address, when it is an http or https one that can stand in a link; None: it is not."""
    if not isinstance(url, str):
        return None
    link = url.strip()
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return link if is_web and not _UNSAFE_IN_LINK.search(link) else None
