"""A chart of cumulative curves as SVG: the share of people who have at most so many minutes or miles to go."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final

import pandas as pd

from access.maps.palette import LINE_COLORS

_WIDE = 640
_HIGH = 330
_LEFT = 78
_RIGHT = 130
_TOP = 12
_BOTTOM = 54
# The lines are told apart by their dashes and their names at their ends too, not by colour alone.
_DASHES: Final = ("", "9 4", "3 3", "10 3 2 3", "1 4", "14 4")
_GREY = "#c9ccd1"
_INK = "#1a1a1a"
_FONT: Final = "Libertinus Serif, system-ui, sans-serif"


def curves_svg(table: pd.DataFrame, names: dict[str, str], *, limit: float | None, across: str, up: str) -> str:
    """One line for each group of `names` (by the first column), in that order, with its name at its end.

    Parameters
    ----------
    table: as `access.questions.ranks.curve` gives it by one column; a group without people has no line.
    names: what each group is called. limit: a limit to be marked. across, up: what the axes are called.
    """
    key = table.columns[0]
    until = float(table["within"].max())
    lines = {name: table[table[key] == name] for name in names}
    drawn = [name for name, rows in lines.items() if rows["share_within"].notna().any()]
    ends = _spread_labels([_y(float(lines[name]["share_within"].iloc[-1])) for name in drawn])
    parts = [_grid_svg(until, across, up)]
    if limit is not None:
        at = _x(limit, until)
        parts.append(f'<path d="M{at:.1f} {_TOP}V{_HIGH - _BOTTOM}" stroke="{_INK}" stroke-dasharray="2 3"/>')
    for number, name in enumerate(drawn):
        parts.append(_line_svg(lines[name], number, names[name], until, ends[number]))
    told = escape(f"{up} / {across}: {', '.join(names[name] for name in drawn)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{told}" '
        f'font-family="{_FONT}" font-size="17" fill="none">{"".join(parts)}</svg>'
    )


def _line_svg(rows: pd.DataFrame, number: int, name: str, until: float, end: float) -> str:
    colour = LINE_COLORS[number % len(LINE_COLORS)]
    pairs = rows[["within", "share_within"]].to_numpy(float).tolist()
    path = "M" + " ".join(f"{_x(within, until):.1f},{_y(share):.1f}" for within, share in pairs)
    dash = _DASHES[number % len(_DASHES)]
    right = _WIDE - _RIGHT
    return (
        f'<path d="{path}" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>'
        f'<path d="M{right} {_y(pairs[-1][1]):.1f}L{right + 10} {end:.1f}" stroke="{colour}"/>'
        f'<text x="{right + 13}" y="{end + 5:.1f}" fill="{colour}">{escape(name)}</text>'
    )


def _grid_svg(until: float, across: str, up: str) -> str:
    bottom = _HIGH - _BOTTOM
    right = _WIDE - _RIGHT
    parts = []
    for tenth in (0, 25, 50, 75, 100):
        y = _y(tenth / 100)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="{_GREY}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 5:.1f}" fill="{_INK}" text-anchor="end">{tenth} %</text>')
    for step in range(9):
        x = _x(until * step / 8, until)
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 20}" fill="{_INK}" text-anchor="middle">{until * step / 8:g}</text>'
        )
    middle = (_LEFT + right) / 2
    parts.append(f'<text x="{middle}" y="{_HIGH - 8}" fill="{_INK}" text-anchor="middle">{escape(across)}</text>')
    turned = (_TOP + bottom) / 2
    aside = f'transform="rotate(-90 16 {turned})" text-anchor="middle"'
    parts.append(f'<text x="16" y="{turned}" fill="{_INK}" {aside}>{escape(up)}</text>')
    return "".join(parts)


def _spread_labels(heights: Sequence[float], least: float = 19) -> list[float]:
    """The heights of labels moved so far that none covers another, in the order given."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    moved = list(heights)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    return moved


def _x(value: float, until: float) -> float:
    return _LEFT + (_WIDE - _LEFT - _RIGHT) * value / until


def _y(share: float) -> float:
    return _HIGH - _BOTTOM - (_HIGH - _TOP - _BOTTOM) * share
