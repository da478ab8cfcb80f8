"""TRD Access: where care for treatment-resistant depression is, who cannot reach it, and what would change that."""

from access.errors import AccessError
from access.measures.beyond import people_beyond
from access.measures.gap import urban_rural_gap
from access.measures.nearest import km_to_nearest, minutes_to_nearest, nearest_clinic
from access.measures.quantiles import cost_quantiles
from access.measures.within import clinics_within
from access.places.gazetteer import find_place, load_gazetteer
from access.places.national import build_national
from access.places.pack import Pack, load_pack, pack_names
from access.places.services import clinics_offering
from access.report.care import care_near
from access.report.gaps import gap_tables, people_of, treatment_trips
from access.report.whatif import baseline, what_if
from access.scenarios.compare import before_and_after
from access.scenarios.scenario import CloseClinic, MoveClinic, OpenClinic, Scenario, apply_scenario
from access.travel.estimate import BANDED, FACTOR_SPEED, DriveEstimate, estimate_trips
from access.travel.trips import Trips

__all__ = [
    "BANDED",
    "FACTOR_SPEED",
    "AccessError",
    "CloseClinic",
    "DriveEstimate",
    "MoveClinic",
    "OpenClinic",
    "Pack",
    "Scenario",
    "Trips",
    "apply_scenario",
    "baseline",
    "before_and_after",
    "build_national",
    "care_near",
    "clinics_offering",
    "clinics_within",
    "cost_quantiles",
    "estimate_trips",
    "find_place",
    "gap_tables",
    "km_to_nearest",
    "load_gazetteer",
    "load_pack",
    "minutes_to_nearest",
    "nearest_clinic",
    "pack_names",
    "people_beyond",
    "people_of",
    "treatment_trips",
    "urban_rural_gap",
    "what_if",
]
