"""TRD Access: where care for treatment-resistant depression is, who cannot reach it, and what would change that."""

from access.errors import AccessError
from access.measures.adequacy import adequacy_by_county
from access.measures.area import ReachedArea, hexagons_within, people_within
from access.measures.balanced import balanced_catchment, balanced_demand, spatial_availability
from access.measures.balancing import balancing_minutes, minutes_to_supply
from access.measures.beyond import people_beyond
from access.measures.calendar import visit_days, visits_by_week
from access.measures.catchment import (
    enhanced_catchment,
    floating_catchment,
    modified_catchment,
    three_step_catchment,
    two_step_catchment,
)
from access.measures.course import course_burden, course_by_trip, lightest_course
from access.measures.decay import (
    Decay,
    binary,
    esketamine_decay,
    exponential,
    gaussian,
    linear,
    log_logistic,
    logistic,
    power,
    stepped,
)
from access.measures.equity import concentration_index, erreygers_index, gini, lorenz_curve, palma_ratio
from access.measures.expected import expected_minutes
from access.measures.gap import urban_rural_gap
from access.measures.gravity import gravity, gravity_with_competition, supply_within, supply_within_interval
from access.measures.nearest import km_to_nearest, minutes_to_nearest, nearest_clinic
from access.measures.payers import nearest_treatment, payer_bounds, payer_shares_beyond
from access.measures.poverty import access_poverty, minutes_excess, minutes_poverty
from access.measures.quantiles import cost_quantiles
from access.measures.raam import raam, raam_answer
from access.measures.regimens import Regimen, regimen_of, regimens_table
from access.measures.standards import county_types, read_standard, standard
from access.measures.statement import gap_statement, is_supported
from access.measures.subgroups import subgroup_beyond
from access.measures.supply import demand_of, supply_of
from access.measures.theil import theil, theil_by_group
from access.measures.uncertainty import gap_interval, interval_widths
from access.measures.uncertainty_sources import Sources
from access.measures.uptake import expected_patients, relative_starts, starts_lost, starts_lost_by_group
from access.measures.within import clinics_within
from access.places.areas import area_notes, areas_of, population_by
from access.places.directory.confidence import ListingRule, chance_by_clinic, confidence
from access.places.directory.imported import import_clinics
from access.places.directory.own_list import OwnList, read_own_list
from access.places.gazetteer import find_place, load_gazetteer
from access.places.hexagons import hexagon_shapes, hexagons_of
from access.places.land import estimated_land_km2, read_land
from access.places.national import build_national
from access.places.pack import Pack, load_pack, pack_names
from access.places.services import clinics_offering
from access.places.shares import with_shares
from access.places.survey import Survey
from access.places.surveyed import add_shares
from access.report.care import care_near
from access.report.choices import best_tradeoffs, care_choices
from access.report.decays import DECAYS, decay_named
from access.report.effects import county_changes, people_by_limit, people_by_payer, side_by_side, starts_around
from access.report.gaps import gap_tables, people_of, treatment_trips
from access.report.measured import MEASURES, Terms, ask, measure_table
from access.report.ranks import curve, ranks
from access.report.siting import candidates_named, ground_of, scenario_of, where_next
from access.report.summaries import SUMMARIES, Asked, summary
from access.report.view import View, area_values, place_values, view_people, view_trips
from access.report.whatif import baseline, outcome, what_if
from access.report.wish import Wish
from access.scenarios.apply import apply_scenario
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
    RideProgramme,
    Stop,
)
from access.scenarios.load import criticality, load_by_clinic, with_capacity
from access.scenarios.openings import best_openings
from access.scenarios.scenario import Scenario, read_scenario, scenario_text, settled
from access.scenarios.siting.best import Siting, best_sites
from access.scenarios.siting.candidates import clinic_candidates, read_candidates, town_candidates
from access.scenarios.siting.frontier import frontier
from access.scenarios.siting.ground import Ground
from access.scenarios.siting.question import OBJECTIVES, Question
from access.scenarios.siting.stability import Stability, stability
from access.sources.polygons import read_polygons
from access.sources.raster import points_of_raster
from access.travel.blocks import count_within_points, nearest_of_points
from access.travel.estimate import BANDED, FACTOR_SPEED, DriveEstimate, estimate_trips
from access.travel.mixed import ByRoad, way_by
from access.travel.network import build_network, load_network, network_names, open_network
from access.travel.origins import origins_of
from access.travel.roads import road_trips
from access.travel.trips import Trips
from access.travel.way import left_out
from access.travel.ways import way_of

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
    "Ground",
    "ListingRule",
    "MobileSite",
    "MoveClinic",
    "OpenClinic",
    "OwnList",
    "Pack",
    "PartWeek",
    "Question",
    "ReachedArea",
    "Regimen",
    "RideProgramme",
    "Scenario",
    "Siting",
    "Sources",
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
    "binary",
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
    "exponential",
    "find_place",
    "floating_catchment",
    "frontier",
    "gap_interval",
    "gap_statement",
    "gap_tables",
    "gaussian",
    "gini",
    "gravity",
    "gravity_with_competition",
    "ground_of",
    "hexagon_shapes",
    "hexagons_of",
    "hexagons_within",
    "import_clinics",
    "interval_widths",
    "is_supported",
    "km_to_nearest",
    "left_out",
    "lightest_course",
    "linear",
    "load_by_clinic",
    "load_gazetteer",
    "load_network",
    "load_pack",
    "log_logistic",
    "logistic",
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
    "power",
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
    "scenario_of",
    "scenario_text",
    "settled",
    "side_by_side",
    "spatial_availability",
    "stability",
    "standard",
    "starts_around",
    "starts_lost",
    "starts_lost_by_group",
    "stepped",
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
    "two_step_catchment",
    "urban_rural_gap",
    "view_people",
    "view_trips",
    "visit_days",
    "visits_by_week",
    "way_by",
    "way_of",
    "what_if",
    "where_next",
    "with_capacity",
    "with_shares",
]
