"""Words on a still map: the names of towns where they do not lie on one another, and how long a kilometre is."""

from collections.abc import Sequence
from html import escape
from typing import Final

from access.units import KM_PER_MILE

PaperPoint = tuple[float, float]
PaperBox = tuple[float, float, float, float]
_TEXT: Final = 'fill="#1a1a1a" stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
_TALL = 18
_LETTER = 9.2
_MOST_NAMES: Final = 16


def town_names_svg(spots: Sequence[tuple[PaperPoint, str]], size: PaperPoint, taken: Sequence[PaperPoint] = ()) -> str:
    """A dot and a name for each spot on the paper, the first ones first; what would lie on another is left out.

    `taken`: where something else is drawn, such as clinics, that no name may cover; it stands for the dot there.
    """
    marks = [_box_around(x, y) for x, y in taken]
    covered: list[PaperBox] = []
    drawn: list[str] = []
    for (x, y), name in spots:
        spot = _box_around(x, y)
        free = [box for box in _boxes(x, y, len(name) * _LETTER) if _is_free(box, size, [*marks, *covered])]
        if free and len(drawn) < _MOST_NAMES and not any(_do_overlap(spot, box) for box in covered):
            covered += [free[0], spot]
            is_marked = any(_do_overlap(spot, mark) for mark in marks)
            dot = "" if is_marked else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1a1a1a" stroke="#fff"/>'
            word = f'<text x="{free[0][0] + 4:.1f}" y="{free[0][1] + 14:.1f}" {_TEXT}>{escape(name)}</text>'
            drawn.append(dot + word)
    return f'<g font-size="{_TALL}" data-names="">{"".join(drawn)}</g>'


def scale_bar_svg(units_per_km: float, size: PaperPoint) -> str:
    """A bar at the lower left whose length is a round number of km, with its miles."""
    km = next(
        length for length in (200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.0) if length * units_per_km < size[0] / 4
    )
    x = 16.0
    y = size[1] - 12
    wide = km * units_per_km
    bar = f'<path d="M{x:.1f} {y - 6:.1f}v6h{wide:.1f}v-6" fill="none" stroke="#1a1a1a" stroke-width="2"/>'
    words = f"{km:g} km, {float(f'{km / KM_PER_MILE:.2g}'):g} mi"
    return f'{bar}<text x="{x + wide + 8:.1f}" y="{y:.1f}" font-size="16" {_TEXT}>{words}</text>'


def _boxes(x: float, y: float, wide: float) -> list[PaperBox]:
    """Where a name of that width may stand: to the right of its spot, to the left, above, below."""
    high = _TALL / 2
    corners = ((x + 3, y - high), (x - wide - 11, y - high), (x - wide / 2 - 4, y - 29), (x - wide / 2 - 4, y + 9))
    return [(left, top, left + wide + 8, top + 2 * high) for left, top in corners]


def _box_around(x: float, y: float) -> PaperBox:
    return x - 6, y - 6, x + 6, y + 6


def _is_free(box: PaperBox, size: PaperPoint, others: Sequence[PaperBox]) -> bool:
    is_inside = box[0] > 0 and box[2] < size[0] and box[1] > 4 and box[3] < size[1] - 34
    return is_inside and not any(_do_overlap(box, other) for other in others)


def _do_overlap(one: PaperBox, other: PaperBox) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
