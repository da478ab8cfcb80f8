"""`trd-access points`: points of one's own, or a population grid, and how far each is from care."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from access.cli.options import (
    AsCsv,
    AsJson,
    Beyond,
    OutputForm,
    PackName,
    Treatments,
    check_words,
    form_of,
    limits_of,
)
from access.cli.output import write_csv, write_json, write_table
from access.documents.safe_csv import disarm_formulas
from access.errors import AccessError
from access.places.pack import load_pack
from access.questions.points import nearest_for_points, points_beyond, read_points
from access.travel.estimate import MAX_MINUTES
from access.vocabulary import RURALITIES, TREATMENTS


def points(
    file: Annotated[Path, typer.Argument(help="A CSV of latitude, longitude (population), or a GeoTIFF of people.")],
    treatment: Treatments = None,
    beyond: Beyond = None,
    out: Annotated[Path | None, typer.Option("--out", help="Also every point with its minutes, as CSV.")] = None,
    dask: Annotated[
        str | None, typer.Option("--dask", help="A Dask scheduler that does the chunks, such as tcp://10.0.0.1:8786.")
    ] = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """People of your points, or of a population grid, beyond each limit: by the million, in chunks."""
    form = form_of(as_json, as_csv)
    treatments = check_words(treatment or [], TREATMENTS, "--treatment")
    limits = limits_of(beyond, "minutes")
    pack = load_pack(pack_name)
    answers = nearest_for_points(read_points(file), pack, treatments, cluster=dask)
    table = points_beyond(answers if out is None else _save_points(answers, out), limits)
    about = {
        "pack": pack.name,
        "points": file.name,
        "treatments": treatments or list(TREATMENTS),
        "method": "estimate by distance band",
        "max_minutes": MAX_MINUTES,
    }
    _write(form, table, about)


def _save_points(tables: Iterable[pd.DataFrame], out: Path) -> Iterator[pd.DataFrame]:
    """The same tables, written beside `out` as they pass, and in its place when the last one is."""
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            for number, table in enumerate(tables):
                disarm_formulas(table).to_csv(stream, index=False, header=number == 0, lineterminator="\n")
                yield table
        part.replace(out)
    except OSError as failure:
        raise AccessError(f"{out} cannot be written: {failure.strerror}; choose another place.") from failure
    finally:
        part.unlink(missing_ok=True)


def _write(form: OutputForm, table: pd.DataFrame, about: dict[str, Any]) -> None:
    if form is OutputForm.JSON:
        write_json(about, {"rows": table})
    elif form is OutputForm.CSV:
        write_csv(table)
    else:
        shown = pd.DataFrame(
            {
                "Area": table["rurality"].map(lambda name: RURALITIES.get(name, "All")),
                "Beyond": table["beyond"].map("{:g} min".format),
                "People": table["people"].map("{:,.0f}".format),
                "People beyond": table["people_beyond"].map("{:,.0f}".format),
                "Share": table["share_beyond"].map("{:.1%}".format),
                "Reach none": table["people_unreached"].map("{:,.0f}".format),
            }
        )
        notes = [
            f"Clinics of pack {about['pack']}; rurality of the nearest place of it; one-way, {about['method']}.",
            f"Who reaches no clinic within {about['max_minutes']:g} minutes counts as beyond every limit.",
            "A clinic that is not in our data is not in these figures: that is not proof that there is no care.",
        ]
        names = ", ".join(TREATMENTS[name] for name in about["treatments"])
        write_table(f"{names}: minutes to the nearest clinic, {about['points']}", shown, notes)
