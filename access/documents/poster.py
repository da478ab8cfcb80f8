"""A map with its words as one picture: SVG to edit, PNG to print as a poster; the same bytes for the same input."""

import textwrap
from collections.abc import Sequence
from html import escape
from typing import Final

import typst

from access.maps.palette import class_colors

_WIDE = 1200
_MARGIN = 40
_STRIPES = "url(#stripes)"
_DARK = "#767676"
_FONT: Final = "Libertinus Serif, system-ui, sans-serif"
_PAGE: Final = (
    b'#set page(width: 1200pt, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.poster), format: "svg", width: 100%)'
)


def poster_svg(
    drawn: str,
    *,
    title: str,
    legend_title: str,
    names: Sequence[str],
    no_data: str | None,
    notes: Sequence[str],
    dark_is_high: bool = True,
    striped: str | None = None,
) -> str:
    """The map of `still_map` with a title above it, its classes and `notes` (source, date, method) under it.

    `no_data`, `striped`: what hatching and stripes mean; None: there are none.
    """
    heads = textwrap.wrap(title, 68)
    foot = [line for note in notes for line in textwrap.wrap(note, 150)]
    wide, high = map(float, drawn.split('viewBox="0 0 ', 1)[1].split('"', 1)[0].split())
    scale = min((_WIDE - 2 * _MARGIN) / wide, 820 / high)
    top = _MARGIN + 38 * len(heads)
    under = top + high * scale + 30
    entries = [
        *zip(class_colors(len(names), dark_is_high=dark_is_high).values(), names, strict=False),
        *([] if no_data is None else [("url(#nodata)", no_data)]),
        *([] if striped is None else [(_STRIPES, striped)]),
    ]
    rows = (len(entries) + 3) // 4
    last = under + 44 + 26 * rows
    parts = [_text_svg(head, _MARGIN, _MARGIN + 24 + 38 * row, 32, bold=True) for row, head in enumerate(heads)]
    nested = drawn.replace(
        "<svg ",
        f'<svg x="{(_WIDE - wide * scale) / 2:.1f}" y="{top}" width="{wide * scale:.1f}" height="{high * scale:.1f}" ',
        1,
    )
    parts += [nested, _text_svg(legend_title, _MARGIN, under, 18, bold=True)]
    for number, (fill, name) in enumerate(entries):
        x = _MARGIN + 280 * (number % 4)
        y = under + 16 + 26 * (number // 4)
        box = f'<rect x="{x}" y="{y:.1f}" width="20" height="16" stroke="#5f6368" fill='
        parts.append(f'{box}"{_DARK}"/>' * (fill == _STRIPES) + f'{box}"{fill}"/>')
        parts.append(_text_svg(name, x + 28, y + 14, 17))
    parts += [_text_svg(line, _MARGIN, last + 20 * row, 15) for row, line in enumerate(foot)]
    tall = last + 20 * len(foot) + _MARGIN / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {tall:.1f}" font-family="{_FONT}" role="img" '
        f'aria-label="{escape(title)}"><path fill="#fff" d="M0 0h{_WIDE}v{tall:.1f}h-{_WIDE}z"/>{"".join(parts)}</svg>'
    )


def poster_png(poster: str, *, pixels: int = 3600) -> bytes:
    """The poster as a PNG so many pixels wide (3,600: 12 inches at 300 dots an inch)."""
    drawn = typst.compile(
        _PAGE, format="png", ppi=72.0 * pixels / _WIDE, sys_inputs={"poster": poster}, ignore_system_fonts=True
    )
    return bytes(drawn)


def _text_svg(text: str, x: float, y: float, size: int, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:g}" y="{y:.1f}" font-size="{size}" fill="#1a1a1a"{weight}>{escape(text)}</text>'
