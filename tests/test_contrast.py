"""Text stands out from its ground by 4.5 to 1, and signs, lines and classes by 3 to 1, also for the colour-blind."""

import re
import tomllib
from itertools import pairwise

import numpy as np
import pytest

from access.maps.palette import LINE_COLORS, class_colors, legend_html
from tests.browser import ROOT

MAP_CSS = (ROOT / "static/map.css").read_text(encoding="utf-8")
APP_CSS = (ROOT / "static/app.css").read_text(encoding="utf-8")
MAP_JS = (ROOT / "static/map.js").read_text(encoding="utf-8")
TEXT, SIGN = 4.5, 3.0
WHITE = "#ffffff"
LAND, WATER = "#f4f4f2", "#e3e8eb"
CLASSES = [shade for shade in class_colors(7).values() if shade]
KINDS = ["access-point", "access-cluster", "access-origin", "access-added", "access-closed"]
# Linear RGB as dichromats see it: Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1.
SEEN_AS = {
    "trichromat": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: str) -> np.ndarray:
    """Red, green and blue of `#rgb` or `#rrggbb`, linear, 0 to 1."""
    digits = colour.lstrip("#")
    pairs = [2 * one for one in digits] if len(digits) == 3 else re.findall("..", digits)
    parts = np.array([int(pair, 16) / 255 for pair in pairs])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour: str, eye: str = "trichromat") -> float:
    return float(np.clip(SEEN_AS[eye] @ linear(colour), 0, 1) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str, eye: str = "trichromat") -> float:
    """WCAG 2.1's ratio, 1 to 21."""
    low, high = sorted([luminance(one, eye), luminance(other, eye)])
    return (high + 0.05) / (low + 0.05)


def declared(css: str, selector: str) -> dict[str, str]:
    """What the rules of exactly that selector, alone or in a list, declare; later ones win."""
    found: dict[str, str] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if selector in [one.strip() for one in selectors.split(",")]:
            found |= dict(part.strip().split(": ", 1) for part in body.split(";") if ":" in part)
    return found


def marker(kind: str) -> dict[str, str]:
    """Fill, edge and sign of a kind of marker."""
    base = declared(MAP_CSS, ".access-point") if kind != "access-cluster" else {}
    own = base | declared(MAP_CSS, f".{kind}")
    return {"fill": own["background"], "edge": own.get("border-color", own["border"].split()[-1]), "sign": own["color"]}


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777", "#fff") < TEXT


@pytest.mark.parametrize(
    ("css", "selector"),
    [
        (APP_CSS, ".care-evidence"),
        (APP_CSS, '[data-testid="stCaptionContainer"]'),
        (MAP_CSS, ".access-tooltip"),
        (MAP_CSS, ".leaflet-container .leaflet-control-attribution"),
    ],
)
def test_our_text_is_readable_on_white(css: str, selector: str) -> None:
    assert contrast(declared(css, selector)["color"], WHITE) >= TEXT


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_on_a_marker_is_readable(kind: str) -> None:
    assert contrast(marker(kind)["sign"], marker(kind)["fill"]) >= TEXT


@pytest.mark.parametrize("eye", SEEN_AS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_marker_stands_out_from_every_ground_by_its_fill_or_its_edge(kind: str, eye: str) -> None:
    parts = marker(kind)
    for ground in [LAND, WATER, *CLASSES]:
        assert max(contrast(parts[part], ground, eye) for part in ("fill", "edge")) >= SIGN, ground


def test_where_the_keyboard_is_can_be_seen_on_every_ground() -> None:
    ring = declared(MAP_CSS, ".access-point:focus")
    assert ring["outline"] in APP_CSS
    outline, halo = ring["outline"].split()[-1], ring["box-shadow"].split()[-1]
    for ground in [WHITE, LAND, WATER, *CLASSES, marker("access-point")["fill"]]:
        assert max(contrast(outline, ground), contrast(halo, ground)) >= SIGN, ground
    assert contrast(outline, halo) >= SIGN


@pytest.mark.parametrize("eye", SEEN_AS)
def test_classes_grow_darker_one_by_one_for_every_eye(eye: str) -> None:
    shades = [luminance(shade, eye) for shade in CLASSES]
    assert shades == sorted(shades, reverse=True)
    assert all(contrast(one, other, eye) > 1.2 for one, other in pairwise(CLASSES))


def test_hatching_for_no_data_can_be_seen_as_hatching_on_map_and_legend() -> None:
    ground, stroke = re.search(r'fillStyle = "(#\w+)"', MAP_JS), re.search(r'strokeStyle = "(#\w+)"', MAP_JS)
    assert ground
    assert stroke
    assert contrast(ground.group(1), stroke.group(1)) >= SIGN
    assert f"{ground.group(1)} 0 4px,{stroke.group(1)} 4px" in legend_html("", ["one"])


def test_outlines_and_the_circle_of_reach_stand_out_from_the_land() -> None:
    for name in ("LAND", "STATE_BORDER", "REACH"):
        line = re.search(rf'{name} = {{ color: "(#\w+)"', MAP_JS)
        assert line
        assert contrast(line.group(1), LAND) >= SIGN, name


def test_every_line_of_a_chart_stands_out_from_white() -> None:
    assert len(set(LINE_COLORS)) == len(LINE_COLORS) >= 6
    assert min(contrast(line, WHITE) for line in LINE_COLORS) >= SIGN


@pytest.mark.parametrize("eye", SEEN_AS)
def test_no_two_lines_of_a_chart_look_the_same_to_any_eye(eye: str) -> None:
    seen = [np.clip(SEEN_AS[eye] @ linear(line), 0, 1) ** (1 / 2.4) for line in LINE_COLORS]
    apart = [float(np.linalg.norm(one - other)) for row, one in enumerate(seen) for other in seen[:row]]
    assert min(apart) > 0.2


def test_the_theme_s_colour_is_readable_on_white() -> None:
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    assert contrast(theme["primaryColor"], WHITE) >= TEXT
