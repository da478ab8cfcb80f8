"""What `trd-access gaps` may be asked beside a measure: the options, and how a summary is written."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from access.cli.show import Form, write_csv, write_json, write_table
from access.measures.standards import STANDARDS, read_standard
from access.report.decays import DECAYS
from access.report.summaries import SUMMARIES

Payer = Annotated[str | None, typer.Option("--payer", help="For the measure payer: medicare, medicaid, private ...")]
Standard = Annotated[
    str | None, typer.Option("--standard", help=f"For adequacy: {', '.join(STANDARDS)}, or a CSV of your own.")
]
Land = Annotated[
    Path | None,
    typer.Option("--land", help="For adequacy and --by county_type: a CSV of county, land_km2; else estimated."),
]
RankBy = Annotated[
    str | None, typer.Option("--rank-by", help="For concentration: the column that tells the worst off.")
]
Poorest = Annotated[str, typer.Option("--poorest", help="Which end of that column is the worst off: low or high.")]
DecayName = Annotated[
    str | None, typer.Option("--decay", help=f"{', '.join(DECAYS)}; with numbers such as exponential:0.03.")
]
Asking = Annotated[str, typer.Option("--demand", help="people, adults, trd_low or trd_central.")]
AdultShare = Annotated[
    float | None,
    typer.Option("--adult-share", min=0, max=1, help="Adults as a share of people, where none are counted."),
]
Offered = Annotated[str, typer.Option("--supply", help="clinics (one each), courses (a month), or known.")]

# Of a wide table, what a terminal of 80 characters does without.
LEFT_OUT = {
    "adequacy": ("people_inside", "people_outside", "share_within_minutes", "share_within_miles"),
    "payer": ("people_beyond_low", "people_beyond_high", "people_unreached_low", "people_unreached_high"),
    "poverty": ("people_share", "contribution0", "contribution1", "contribution2"),
    "excess": ("people_share", "contribution0", "contribution1", "contribution2"),
    "subgroups": ("people_rest", "people_rest_beyond", "share_rest_beyond", "people_unknown", "people_without_margin"),
    "starts_lost": ("people_unreached", "evidence"),
}


def standard_of(text: str | None) -> pd.DataFrame | None:
    """The standard by its name, or from a file; None: none is named.

    Raises
    ------
    SourceError, TableError: as `read_standard`.
    """
    if text is None or text in STANDARDS:
        return STANDARDS.get(text or "")
    return read_standard(Path(text))


def write_summary(
    form: Form, table: pd.DataFrame, about: dict[str, Any], name: str, title: str, notes: list[str]
) -> None:
    """A summary for people or machines."""
    unit = SUMMARIES[name][0]
    if form is Form.JSON:
        write_json({**about, "measure": name, "unit": unit}, {"rows": table})
    elif form is Form.CSV:
        write_csv(table)
    else:
        shown = table[[column for column in table if column not in LEFT_OUT.get(name, ())]]
        more = ["More columns with --csv."] if len(shown.columns) < len(table.columns) else []
        if "people_unknown" in table and table["people_unknown"].any():
            more.append(
                "People who live where it is not known are in none of these; --csv counts them (people_unknown)."
            )
        write_table(f"{name}: {title}", shown.apply(lambda cells: cells.map(_shown)), [f"Unit: {unit}.", *more, *notes])


def _shown(cell: object) -> str:
    if pd.isna(cell):  # type: ignore[call-overload]
        return ""
    if isinstance(cell, int | np.integer):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell.is_integer() and abs(cell) > 1 else f"{cell:.4g}"
    return str(cell)
