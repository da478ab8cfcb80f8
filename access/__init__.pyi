"""What `access` offers and where each name stands: read by type checkers, and by `access` itself at run time."""

from access.errors import AccessError
from access.measures.adequacy import adequacy_by_county, county_types, read_standard, standard
from access.measures.beyond import cost_quantiles, people_beyond, urban_rural_gap
from access.measures.catchment import (
    balanced_catchment,
    balanced_demand,
    enhanced_catchment,
    floating_catchment,
    modified_catchment,
    spatial_availability,
    three_step_catchment,
    two_step_catchment,
)
from access.measures.course import course_burden, course_by_trip, lightest_course
from access.measures.decay import (
    Decay,
    binary_decay,
    esketamine_decay,
    exponential_decay,
    gaussian_decay,
    linear_decay,
    log_logistic_decay,
    logistic_decay,
    power_decay,
    stepped_decay,
)
from access.measures.equity import (
    concentration_index,
    erreygers_index,
    gini,
    lorenz_curve,
    palma_ratio,
    theil,
    theil_by_group,
)
from access.measures.gravity import gravity, gravity_with_competition, supply_within, supply_within_interval
from access.measures.nearest import (
    balancing_minutes,
    clinics_within,
    expected_minutes,
    km_to_nearest,
    minutes_to_nearest,
    minutes_to_supply,
    nearest_clinic,
)
from access.measures.payers import nearest_treatment, payer_bounds, payer_shares_beyond
from access.measures.poverty import access_poverty, minutes_excess, minutes_poverty
from access.measures.raam import raam, raam_answer
from access.measures.reached_area import ReachedArea, hexagons_within, people_within
from access.measures.regimens import Regimen, regimen_of, regimens_table, visit_days, visits_by_week
from access.measures.subgroups import subgroup_beyond
from access.measures.supply import demand_of, supply_of
from access.measures.uncertainty import ErrorSources, gap_interval, interval_widths
from access.measures.uptake import expected_patients, relative_starts, starts_lost, starts_lost_by_group
from access.places.areas import area_notes, areas_of, population_by
from access.places.directory.confidence import ListingRule, chance_by_clinic, confidence
from access.places.directory.own_list import OwnList, import_clinics, read_own_list
from access.places.gazetteer.lookup import find_place, load_gazetteer
from access.places.hexagons import hexagon_shapes, hexagons_of
from access.places.land import estimated_land_km2, read_land
from access.places.national_pack import build_national
from access.places.pack import Pack, load_pack, pack_names
from access.places.services import clinics_offering
from access.places.shares import with_shares
from access.places.survey import Survey, add_shares
from access.questions.care import care_near
from access.questions.choices import best_tradeoffs, care_choices
from access.questions.effects import (
    county_changes,
    people_by_limit,
    people_by_payer,
    scenario_comparison,
    starts_around,
)
from access.questions.gaps import gap_tables, people_of, treatment_trips
from access.questions.measure_registry import (
    DECAYS,
    MEASURES,
    SUMMARIES,
    Asked,
    Terms,
    ask,
    decay_named,
    measure_table,
    summary,
)
from access.questions.ranks import curve, ranks
from access.questions.siting import candidates_named, scenario_of, siting_data_of, where_next
from access.questions.view import View, area_values, place_values, view_people, view_trips
from access.questions.what_if import baseline, outcome, what_if
from access.questions.wish import Wish
from access.scenarios.apply import apply_scenario
from access.scenarios.clinic_load import criticality, load_by_clinic, with_capacity
from access.scenarios.compare import before_and_after
from access.scenarios.edits import (
    AcceptPayer,
    AddTreatment,
    CertifyRems,
    ChangeCapacity,
    ChangeHours,
    CloseClinic,
    DropTreatment,
    MobileSite,
    MoveClinic,
    OpenClinic,
    PartWeek,
    RideProgram,
    Stop,
)
from access.scenarios.openings import best_openings
from access.scenarios.scenario import Scenario, locate_towns, read_scenario, scenario_text
from access.scenarios.siting.best import Siting, best_sites
from access.scenarios.siting.candidates import clinic_candidates, read_candidates, town_candidates
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.frontier import frontier
from access.scenarios.siting.question import OBJECTIVES, SitingQuestion
from access.scenarios.siting.stability import Stability, stability
from access.sources.polygons import read_polygons
from access.sources.raster import points_of_raster
from access.travel.by_road import ByRoad
from access.travel.estimate import BANDED, FACTOR_SPEED, DriveEstimate, estimate_trips
from access.travel.many_points import count_within_points, nearest_of_points
from access.travel.network import build_network, load_network, network_names, open_network
from access.travel.origins import origins_of
from access.travel.pack_travel import trip_finder_by, trip_finder_of
from access.travel.road_trips import road_trips
from access.travel.trips import Trips
from access.words.gap_sentence import gap_statement, is_supported
from access.words.travel import no_car_note

__version__: str

__all__ = [
    "BANDED",
    "DECAYS",
    "FACTOR_SPEED",
    "MEASURES",
    "OBJECTIVES",
    "SUMMARIES",
    "AcceptPayer",
    "AccessError",
    "AddTreatment",
    "Asked",
    "ByRoad",
    "CertifyRems",
    "ChangeCapacity",
    "ChangeHours",
    "CloseClinic",
    "Decay",
    "DriveEstimate",
    "DropTreatment",
    "ErrorSources",
    "ListingRule",
    "MobileSite",
    "MoveClinic",
    "OpenClinic",
    "OwnList",
    "Pack",
    "PartWeek",
    "ReachedArea",
    "Regimen",
    "RideProgram",
    "Scenario",
    "Siting",
    "SitingData",
    "SitingQuestion",
    "Stability",
    "Stop",
    "Survey",
    "Terms",
    "Trips",
    "View",
    "Wish",
    "access_poverty",
    "add_shares",
    "adequacy_by_county",
    "apply_scenario",
    "area_notes",
    "area_values",
    "areas_of",
    "ask",
    "balanced_catchment",
    "balanced_demand",
    "balancing_minutes",
    "baseline",
    "before_and_after",
    "best_openings",
    "best_sites",
    "best_tradeoffs",
    "binary_decay",
    "build_national",
    "build_network",
    "candidates_named",
    "care_choices",
    "care_near",
    "chance_by_clinic",
    "clinic_candidates",
    "clinics_offering",
    "clinics_within",
    "concentration_index",
    "confidence",
    "cost_quantiles",
    "count_within_points",
    "county_changes",
    "county_types",
    "course_burden",
    "course_by_trip",
    "criticality",
    "curve",
    "decay_named",
    "demand_of",
    "enhanced_catchment",
    "erreygers_index",
    "esketamine_decay",
    "estimate_trips",
    "estimated_land_km2",
    "expected_minutes",
    "expected_patients",
    "exponential_decay",
    "find_place",
    "floating_catchment",
    "frontier",
    "gap_interval",
    "gap_statement",
    "gap_tables",
    "gaussian_decay",
    "gini",
    "gravity",
    "gravity_with_competition",
    "hexagon_shapes",
    "hexagons_of",
    "hexagons_within",
    "import_clinics",
    "interval_widths",
    "is_supported",
    "km_to_nearest",
    "lightest_course",
    "linear_decay",
    "load_by_clinic",
    "load_gazetteer",
    "load_network",
    "load_pack",
    "locate_towns",
    "log_logistic_decay",
    "logistic_decay",
    "lorenz_curve",
    "measure_table",
    "minutes_excess",
    "minutes_poverty",
    "minutes_to_nearest",
    "minutes_to_supply",
    "modified_catchment",
    "nearest_clinic",
    "nearest_of_points",
    "nearest_treatment",
    "network_names",
    "no_car_note",
    "open_network",
    "origins_of",
    "outcome",
    "pack_names",
    "palma_ratio",
    "payer_bounds",
    "payer_shares_beyond",
    "people_beyond",
    "people_by_limit",
    "people_by_payer",
    "people_of",
    "people_within",
    "place_values",
    "points_of_raster",
    "population_by",
    "power_decay",
    "raam",
    "raam_answer",
    "ranks",
    "read_candidates",
    "read_land",
    "read_own_list",
    "read_polygons",
    "read_scenario",
    "read_standard",
    "regimen_of",
    "regimens_table",
    "relative_starts",
    "road_trips",
    "scenario_comparison",
    "scenario_of",
    "scenario_text",
    "siting_data_of",
    "spatial_availability",
    "stability",
    "standard",
    "starts_around",
    "starts_lost",
    "starts_lost_by_group",
    "stepped_decay",
    "subgroup_beyond",
    "summary",
    "supply_of",
    "supply_within",
    "supply_within_interval",
    "theil",
    "theil_by_group",
    "three_step_catchment",
    "town_candidates",
    "treatment_trips",
    "trip_finder_by",
    "trip_finder_of",
    "two_step_catchment",
    "urban_rural_gap",
    "view_people",
    "view_trips",
    "visit_days",
    "visits_by_week",
    "what_if",
    "where_next",
    "with_capacity",
    "with_shares",
]

def __dir__() -> list[str]: ...
