"""`trd-access roads compare`: drives along roads against the estimate, and an estimate that fits them better."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import pandas as pd
import typer

from access.cli.options import (
    AsCsv,
    AsJson,
    OutputForm,
    PackName,
    Roads,
    Treatments,
    check_words,
    form_of,
    load_pack_on_roads,
)
from access.cli.output import progress_bars, write_bytes, write_csv, write_json, write_table
from access.maps.agreement import agreement_picture
from access.places.pack import Pack
from access.places.services import clinics_offering
from access.questions.gaps import people_of
from access.settings import settings
from access.sources.opentimes import STATES, fetch_state_tables
from access.travel.calibration import ALL
from access.travel.estimate import DriveEstimate
from access.travel.network import network_names
from access.travel.pack_travel import keep_estimate
from access.travel.road_comparison import ComparedDrives, RoadComparison, road_comparison
from access.travel.routers.by_address import ROUTER_KINDS
from access.travel.routers.opentimes import OPENTIMES, is_opentimes
from access.vocabulary import RURALITIES, STATE_FIPS, TREATMENTS

_FORMS: Final[dict[str, Literal["png", "svg"]]] = {".png": "png", ".svg": "svg"}
_BETWEEN: Final = {ComparedDrives.CLINICS: "from places to clinics", ComparedDrives.PLACES: "between places"}
_BIAS: Final = (
    "Distance: of the straight line. Bias: estimate less road, in the mean. Wrong: the share of drives that one "
    "of the two has within 30 (60) minutes and the other not."
)


def compare_roads(
    roads: Roads = None,
    pack_name: PackName = None,
    state: Annotated[str | None, typer.Option("--state", help="A state's code or name; else the nation.")] = None,
    treatment: Treatments = None,
    between: Annotated[
        ComparedDrives | None,
        typer.Option("--between", help="Drives to clinics, or between places; else places where clinics are few."),
    ] = None,
    save: Annotated[
        bool, typer.Option("--save", help="Keep the fitted estimate with the pack, for all drives.")
    ] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Take the fitted estimate of the pack away.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Draw estimate over road: a .png or .svg.")] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """How far the estimate is off the road here, and the estimate that would fit; it is kept only with --save."""
    form = form_of(as_json, as_csv)
    treatments = check_words(treatment or [], TREATMENTS, "--treatment")
    pack = load_pack_on_roads(pack_name, roads)
    if forget:
        _forget_estimate(pack, save)
        return
    picture = _picture_form(out)
    _require_area(pack, state)
    people = people_of(pack.people, state)
    clinics = pack.clinics[pack.clinics["clinic_id"].isin(clinics_offering(pack.services, treatments))]
    _fetch_times(pack, people)
    found = road_comparison(pack, people, clinics, between=between)
    if out and picture:
        write_bytes(out, _draw_picture(found, pack, state, picture))
    if save and found.calibration:
        keep_estimate(pack.name, found.calibration)
    _write(found, pack, state, form, saved=save and found.calibration is not None)


def _forget_estimate(pack: Pack, save: bool) -> None:
    if save:
        raise typer.BadParameter("Choose --save or --forget, not both.")
    keep_estimate(pack.name, None)
    typer.echo(f"{pack.name}: drives are estimated as usual again.")


def _picture_form(out: Path | None) -> Literal["png", "svg"] | None:
    if out and out.suffix.lower() not in _FORMS:
        raise typer.BadParameter("Name a picture that ends in .png or .svg.", param_hint="--out")
    return _FORMS[out.suffix.lower()] if out else None


def _require_area(pack: Pack, state: str | None) -> None:
    """A network knows its own ground; what reaches everywhere is asked of one state."""
    if not pack.roads:
        raise typer.BadParameter(f"Name the roads to compare with: {_roads_known()}.", param_hint="--roads")
    anywhere = is_opentimes(pack.roads or "") or pack.roads.partition(":")[0] in ROUTER_KINDS
    if state is None and anywhere and pack.roads not in network_names():
        raise typer.BadParameter(f"'{pack.roads}' may reach everywhere; name a state.", param_hint="--state")


def _roads_known() -> str:
    return ", ".join([*network_names(), OPENTIMES])


def _fetch_times(pack: Pack, people: pd.DataFrame) -> None:
    """The tables of OpenTimes, where they are asked: they are large, so that progress is told."""
    if not is_opentimes(pack.roads or "") or OPENTIMES in network_names():
        return
    with progress_bars() as progress:
        for state in sorted({STATE_FIPS[code] for code in people["state"].unique()} & STATES):
            cache = settings().data_folder / ".cache"
            fetch_state_tables(state, cache=cache, mirror=settings().mirror, progress=progress)


def _draw_picture(found: RoadComparison, pack: Pack, state: str | None, form: Literal["png", "svg"]) -> bytes:
    estimates = {"Now": found.estimate}
    if found.calibration:
        estimates["Fitted"] = found.calibration.estimate
    where = ", ".join(part for part in (pack.roads, state, pack.name) if part)
    note = f"{len(found.pairs):,} drives {_BETWEEN[found.between]} ({where}). © OpenStreetMap contributors, ODbL."
    return agreement_picture(found.pairs, estimates, method=found.method, note=note, form=form)


def _write(found: RoadComparison, pack: Pack, state: str | None, form: OutputForm, *, saved: bool) -> None:
    if form is OutputForm.CSV:
        write_csv(found.errors)
    elif form is OutputForm.JSON:
        fit = found.calibration
        about = {
            "pack": pack.name,
            "roads": pack.roads,
            "method": found.method,
            "estimate": found.estimate.name,
            "state": state,
            "between": found.between,
            "places": found.places,
            "share_of_people": found.share_of_people,
            "trips": len(found.pairs),
            "off_road": found.off_road,
            "fitted": asdict(fit.estimate) if fit else None,
            "fitted_to": fit.fitted if fit else 0,
            "unfitted": fit.unfitted if fit else [],
            "too_few": found.too_few or None,
            "saved": saved,
        }
        write_json(about, {"errors": found.errors, "held_out": found.held_out})
    else:
        _write_people(found, pack, saved)


def _write_people(found: RoadComparison, pack: Pack, saved: bool) -> None:
    known = found.errors[found.errors["trips"] > 0]
    # Of a band that has one rurality alone, "all" says everything.
    known = known[(known["rurality"] == ALL) | ~known.duplicated(["band", "trips"])]
    notes = [
        f"{len(found.pairs):,} drives {_BETWEEN[found.between]}, from {found.places:,} of the {len(pack.people):,} "
        f"places of {pack.name}, by {found.method}.",
        *(
            [f"Left out: {found.off_road:,} drives whose road is shorter than the straight line."]
            if found.off_road
            else []
        ),
        _BIAS,
    ]
    name = found.estimate.name
    write_table(
        f"{name[:1].upper()}{name[1:]}, against the road", _errors_for_people(known, ["distance", "from"]), notes
    )
    if found.calibration is None:
        typer.echo(f"No estimate was fitted: {found.too_few}")
        return
    fit = found.calibration
    write_table(
        f"On {fit.held_out:,} drives of places held out of the fit",
        _errors_for_people(found.held_out, ["estimate"]),
        _fit_lines(fit.estimate),
    )
    if fit.unfitted:
        typer.echo(f"Too few drives, so taken from the rest or as usual: {'; '.join(fit.unfitted)}.")
    typer.echo(_keep_fit(found, pack) if saved else "Not kept; --save keeps it with the pack.")


def _keep_fit(found: RoadComparison, pack: Pack) -> str:
    return (
        f"Kept with {pack.name}: every drive in it that is not by road is now estimated so. It was learnt where "
        f"{found.share_of_people:.2%} of its people live; elsewhere it may be worse than the usual one. --forget takes "
        "it away."
    )


def _errors_for_people(errors: pd.DataFrame, kinds: list[str]) -> pd.DataFrame:
    """Errors for people; the columns that say of what are called `kinds`."""
    words = {ALL: ALL, **RURALITIES}
    told = errors.drop(columns=["band", "rurality"], errors="ignore")
    columns: dict[str, Any] = {kinds[0]: errors["band"] if "band" in errors else told["estimate"]}
    if "rurality" in errors:
        columns[kinds[1]] = errors["rurality"].map(words).str.lower()
    columns |= {
        "drives": [f"{count:,}" for count in told["trips"]],
        "bias min": [f"{minutes:+.1f}" for minutes in told["bias_minutes"]],
        "median error min": [f"{minutes:.1f}" for minutes in told["median_minutes"]],
        "9 in 10 to": [f"{minutes:.1f}" for minutes in told["p90_minutes"]],
        "wrong of 30": [f"{share:.1%}" for share in told["share_wrong_30"]],
        "of 60": [f"{share:.1%}" for share in told["share_wrong_60"]],
    }
    if "share_between" in told:
        columns["in interval"] = [f"{share:.1%}" for share in told["share_between"]]
    return pd.DataFrame(columns)


def _fit_lines(estimate: DriveEstimate) -> list[str]:
    """The fitted numbers, in words."""
    edges = [*(f"to km {edge:g}" for edge in estimate.band_ends_km), "beyond"]
    rates = ", ".join(f"{rate:.2f} {edge}" for rate, edge in zip(estimate.minutes_per_km["urban"], edges, strict=True))
    intervals = [f"at {at:.0f} min {low:.2f} to {high:.2f}" for at, low, high in estimate.intervals]
    if len({(low, high) for _, low, high in estimate.intervals}) == 1:
        intervals = [f"{estimate.low:.2f} to {estimate.high:.2f}"]
    factors = ", ".join(f"{factor:.2f} {RURALITIES[name].lower()}" for name, factor in estimate.road_factor.items())
    return [
        f"Fitted: {estimate.start_minutes:.1f} minutes, and for each km of the straight line {rates}.",
        f"Road km for each straight km: {factors}.",
        f"Its interval, as factors: {'; '.join(intervals)}. It is that of 9 in 10 of these same drives.",
    ]
