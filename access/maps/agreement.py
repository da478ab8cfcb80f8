"""A picture of estimated minutes over minutes along roads: how well the one agrees with the other."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final, Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from access.geo import Floats
from access.travel.estimate import DriveEstimate

_INK: Final = "#1a1a1a"
_CELLS: Final = 55


def agreement_picture(
    pairs: pd.DataFrame,
    estimates: Mapping[str, DriveEstimate],
    *,
    method: str,
    note: str = "",
    form: Literal["png", "svg"] = "svg",
) -> bytes:
    """One panel for each of `estimates`, by what it is called: its minutes over those by road, hexagons of trips.

    The line is where both are the same; between the dashed ones the road lies within the estimate's own interval.

    Parameters
    ----------
    pairs: as `access.travel.calibration.road_pairs` gives them. method: how the road's minutes were found. note: a
        line above the picture.
    """
    road = pairs["minutes"].to_numpy(float)
    guesses = {name: one.minutes(pairs["straight_km"], pairs["rurality"]) for name, one in estimates.items()}
    longest = max(float(road.max()), *(float(guess.max()) for guess in guesses.values())) * 1.03
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "trd-access", "font.size": 10}):
        figure = Figure(figsize=(1.2 + 5.2 * len(estimates), 5.6), layout="constrained")
        panels = figure.subplots(1, len(estimates), squeeze=False)[0]
        for panel, (name, estimate) in zip(panels, estimates.items(), strict=True):
            cells = _draw_panel(panel, road, guesses[name], estimate, longest)
            panel.set_title(f"{name}: {estimate.name}", wrap=True, fontsize=10)
        figure.colorbar(cells, ax=list(panels), label="drives in a cell", shrink=0.8, format="%g")
        figure.supxlabel(f"minutes along the road ({method.removeprefix('road: ')})")
        panels[0].set_ylabel("minutes by the estimate")
        figure.suptitle(note, fontsize=10)
        return _figure_bytes(figure, form)


def _draw_panel(panel: Any, road: Floats, guess: Floats, estimate: DriveEstimate, longest: float) -> Any:
    cells = panel.hexbin(
        road, guess, gridsize=_CELLS, extent=(0, longest, 0, longest), mincnt=1, bins="log", cmap="cividis_r"
    )
    cells.set_clim(1, max(float(cells.get_array().max()), 2))
    ends = np.array([0.0, longest])
    panel.plot(ends, ends, color=_INK, linewidth=1.2, label="the same")
    guesses = np.linspace(0, longest, 400)
    for end, label in zip(estimate.between(guesses), ("interval of the estimate", None), strict=True):
        panel.plot(end, guesses, color=_INK, linewidth=1, linestyle=(0, (4, 3)), label=label)
    panel.set(xlim=(0, longest), ylim=(0, longest), aspect="equal")
    panel.grid(color="#dddddd", linewidth=0.5)
    panel.set_axisbelow(True)
    panel.legend(loc="upper left", fontsize=8, framealpha=0.9)
    return cells


def _figure_bytes(figure: Figure, form: Literal["png", "svg"]) -> bytes:
    out = BytesIO()
    # Without the moment it was drawn, so that the same trips are the same bytes.
    figure.savefig(out, format=form, dpi=150, metadata={"Date": None} if form == "svg" else None)
    return out.getvalue()
