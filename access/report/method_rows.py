"""The methods of reach and of catchments, in words: one row a figure."""

from typing import Final, NamedTuple


class Method(NamedTuple):
    """One figure: what it says, how it is worked out, and what to beware of; `measure` as the terminal names it."""

    name: str
    measure: str
    says: str
    formula: str
    unit: str
    source: str
    caution: str


REACH: Final = [
    Method(
        "Nearest clinic",
        "nearest",
        "How far a place is from the nearest clinic that gives the treatment, one way.",
        "T = the smallest t over all clinics j; the k-th nearest: the k-th smallest",
        "minutes, or road miles",
        "Guagliardo 2004, doi:10.1186/1476-072X-3-3; k-th nearest: Kiang et al. 2021, "
        "doi:10.1016/j.drugalcdep.2021.109081",
        "A place that reaches no clinic within 240 minutes has no value; its people count as beyond every limit.",
    ),
    Method(
        "People beyond a limit",
        "",
        "How many people, and what share, live farther than a limit from the nearest clinic.",
        "sum of P where T > z, over sum of P; T equal to z is within",
        "people; share from 0 to 1",
        "Guagliardo 2004, doi:10.1186/1476-072X-3-3",
        "All residents are counted, not only those who need the treatment.",
    ),
    Method(
        "Clinics within a limit",
        "clinics_within",
        "How many clinics a place can reach.",
        "the number of clinics j with t <= z",
        "clinics",
        "Wachs & Kumagai 1973, doi:10.1016/0038-0121(73)90041-4",
        "Says nothing of how many patients each can take.",
    ),
    Method(
        "Median and quantiles",
        "",
        "What at least half (or another share) of the people do not exceed.",
        "the smallest T whose people, with all nearer ones, make up the share",
        "minutes or miles",
        "population-weighted, no interpolation",
        "Not given where it falls among people who reach no clinic.",
    ),
    Method(
        "Urban-rural gap",
        "",
        "How far the country stands from the city in one measure.",
        "rural minus urban (difference); rural over urban (ratio)",
        "points of share; times",
        "Kiang et al. 2021, doi:10.1016/j.drugalcdep.2021.109081",
        "Clinics missing from our data widen or narrow it; see Gap with its interval.",
    ),
    Method(
        "Before and after",
        "",
        "Who comes within a limit by a scenario, and who falls out of it.",
        "gained: T before > z and T after <= z; lost: the reverse",
        "people",
        "differences of the measures above",
        "Distance alone: a new clinic's capacity, price and insurance are not counted.",
    ),
    Method(
        "Minutes to an amount of supply",
        "minutes_to_supply",
        "How far until a given number of clinics or courses is within reach.",
        "smallest t with sum of S over t_ij <= t at least n",
        "minutes",
        "dual access; as cost_to_closest of R accessibility",
        "Says nothing of who else uses that supply.",
    ),
    Method(
        "Expected minutes",
        "expected",
        "The minutes to the first clinic that really gives the treatment, when listings may be wrong.",
        "sum over k of t_(k) q (1-q)^(k-1); if found: that over 1 - (1-q)^n; none works: (1-q)^n",
        "minutes; chance from 0 to 1",
        "q = 0.83 (sweep 0.5 to 0.95): Riley 2024, PMC11260587",
        "Read it with the chance that none works. Listings are taken as independent; q comes from "
        "substance-use directories.",
    ),
    Method(
        "Balancing time",
        "balancing",
        "How far a place must go until the supply within reach matches its own people.",
        "smallest t with sum of S over t_ij <= t at least factor x P",
        "minutes",
        "Barboza et al. 2021, doi:10.1016/j.jtrangeo.2020.102924",
        "Other places' demand is not counted; depends on how places are cut. Not given where all supply in "
        "reach is too little.",
    ),
    Method(
        "Any acceptable treatment",
        "",
        "How far the nearest of the treatments a person would accept is, and which.",
        "smallest t over clinics giving any of the set",
        "minutes; treatment",
        "Guagliardo 2004, doi:10.1186/1476-072X-3-3",
        "Treatments are not equal in effect, price or visits.",
    ),
    Method(
        "Minutes for a payer",
        "",
        "Between which two figures the way to a clinic that takes this payer lies.",
        "upper: nearest clinic a source says takes it; lower: nearest that takes it or of which nothing is said",
        "minutes; share [low, high]",
        "definitions above",
        "Not stated is neither yes nor no. Taking a payer does not mean an appointment is free.",
    ),
    Method(
        "Adequacy",
        "",
        "Whether enough of a county's people are within a standard's minutes and miles of enough clinics.",
        "pass when sum of P inside over sum of P >= the share asked; inside: at least k clinics with t <= "
        "Tmax and (or) d <= Dmax",
        "share; pass or fail",
        "42 CFR 422.116; 42 CFR 438.68, transcribed",
        "Written for plan networks, here all residents, all listed clinics and estimated roads. County types "
        "need land area, which no pack has.",
    ),
    Method(
        "People by area",
        "",
        "How many people live in each state, county, hexagon or area of your own.",
        "sum of P over the places whose point lies in the area; where areas overlap, the first of the file",
        "people",
        "point in polygon; hexagons: H3, h3geo.org",
        "A place counts whole where its centre lies; people outside every area are a row of their own.",
    ),
    Method(
        "Millions of points",
        "",
        "The nearest clinic, and clinics within a limit, for census blocks or the cells of a population grid.",
        "as Nearest clinic and Clinics within a limit, with no stored matrix",
        "minutes; km; clinics",
        "the same; a grid's own publisher",
        "A point without county or rurality has those of the nearest census place. Most grids are themselves modelled.",
    ),
]
CATCHMENTS: Final = [
    Method(
        "Supply within a limit",
        "supply_within",
        "How much supply a place can reach within a limit.",
        "sum of S over clinics with t <= z",
        "units of supply",
        "Wachs & Kumagai 1973, doi:10.1016/0038-0121(73)90041-4",
        "Says nothing of how many others share it; one limit decides.",
    ),
    Method(
        "Supply within an interval of limits",
        "supply_within_interval",
        "The mean supply within every limit from a to b.",
        "sum of S w; w = 1 up to a, (b - t) / (b - a) between, 0 from b",
        "units of supply",
        "Tomasiello et al. 2023, doi:10.1016/j.apgeog.2023.103007",
        "Exact over the whole interval; the paper averages over whole minutes.",
    ),
    Method(
        "Decay",
        "",
        "How much less a clinic counts the farther it is.",
        "binary; zones; straight; exp(-b t); max(t, 1)^-b; exp(-t^2 / 2 s^2); g(0)/g(t) with g = 1 + exp((t "
        "- m) pi / (s sqrt 3)); 1 / (1 + (t / median)^shape)",
        "weight from 0 to 1",
        "zones: Luo & Qi 2009, doi:10.1016/j.healthplace.2009.06.002",
        "A choice, not a finding: show results for more than one. Weights below 1e-150 count as 0.",
    ),
    Method(
        "Gravity",
        "gravity",
        "All the supply a place can reach, near supply counting more.",
        "sum of S f(t)",
        "weighted units of supply",
        "Hansen 1959, doi:10.1080/01944365908978307",
        "Compare only within one decay and one unit of supply.",
    ),
    Method(
        "Gravity with competition",
        "gravity_competition",
        "Supply per person, each clinic shared by all who reach it, by weight.",
        "sum of S_j f_ij / V_j; V_j = sum over k of P_k f_kj",
        "supply per person",
        "Joseph & Bantock 1982, doi:10.1016/0277-9536(82)90428-2",
        "A person counts in the demand of every clinic in reach.",
    ),
    Method(
        "Floating catchment (FCA)",
        "",
        "The supply near a place over the people near it.",
        "sum of S with t_ij <= z, over sum of P with t_ik <= z",
        "supply per person",
        "Luo 2004, Health & Place 10(1), 1-11",
        "Needs trips between places. Not given where nobody lives within the limit.",
    ),
    Method(
        "Two-step catchment (2SFCA)",
        "two_step",
        "Supply per person: each clinic shared by all within the limit, then summed.",
        "R_j = S_j / sum of P_k with t_kj <= z; A_i = sum of R_j with t_ij <= z",
        "supply per person",
        "Radke & Mu 2000; Luo & Wang 2003, doi:10.1068/b29120",
        "Over-counts demand (Paez 2019). In scattered rural areas the limit dominates at small scale, the "
        "decay at large scale (Chen & Jia 2019).",
    ),
    Method(
        "Enhanced catchment (E2SFCA)",
        "enhanced_two_step",
        "As 2SFCA, with a weight for each zone in both steps.",
        "R_j = S_j / sum of W P; A_i = sum of W R; zones at a third, two thirds and the whole of the reach: "
        "1, 0.68, 0.22",
        "supply per person",
        "Luo & Qi 2009, doi:10.1016/j.healthplace.2009.06.002",
        "30 minutes is urban: for rural care use wider zones and say so.",
    ),
    Method(
        "Modified catchment (M2SFCA)",
        "modified_two_step",
        "As E2SFCA, but supply that is far from its people is partly lost.",
        "sum of S_j f_ij^2 / sum of P_k f_kj",
        "supply per person",
        "Delamater 2013, doi:10.1016/j.healthplace.2013.07.012",
        "Does not conserve supply, on purpose.",
    ),
    Method(
        "Three-step catchment (3SFCA)",
        "three_step",
        "As E2SFCA, after people spread over the clinics in reach by weight.",
        "G_ij = f_ij / sum of f_il in the catchment; R_j = S_j / sum of G P f; A_i = sum of G R f",
        "supply per person",
        "Wan, Zou & Sternberg 2012, doi:10.1080/13658816.2011.624987",
        "The choice uses clinics inside the catchment alone, whatever their supply.",
    ),
    Method(
        "Balanced catchment (BFCA)",
        "balanced",
        "Level of service when each person and each unit is counted once.",
        "L_j = S_j / sum of P_i w_ij / sum_j w; A_i = sum of L_j w_ij / sum_i w",
        "level of service",
        "Paez, Higgins & Vivona 2019, doi:10.1371/journal.pone.0218773",
        "Depends on how many places surround a clinic: compare within one origin unit only.",
    ),
    Method(
        "Spatial availability",
        "availability",
        "The supply that falls to each place when clinics are divided by people and weight.",
        "V_i = sum over j of S_j P_i^a f_ij / sum over k of P_k^a f_kj; per head V_i / P_i",
        "units of supply, or per person",
        "Soukhov et al. 2023, doi:10.1371/journal.pone.0278468",
        "Not a rate: a bigger place gets more. Per head with a = 1 it equals E2SFCA.",
    ),
    Method(
        "Rational agent access (RAAM)",
        "raam",
        "What care costs a place, crowding and drive together, when everybody chooses the best clinic; lower "
        "is better.",
        "each place's used clinics share the least (D/S)/rho + t/tau; rho = people over supply in reach; tau = 60 min",
        "cost: 1 is the mean crowd with no drive, or a 60-minute drive to an empty clinic",
        "Saxon & Snow 2020, doi:10.1080/24694452.2019.1629870",
        "People are fractions; solved until nobody pays more than 0.00001 above the least open to them. "
        "Relative to the data set: rho moves with the area chosen.",
    ),
    Method(
        "Supply",
        "",
        "What each clinic offers, in one unit.",
        "courses per month = capacity per week / sessions of the course x 52 / 12; else 1 per clinic",
        "courses per month, or clinics",
        "the courses: see Regimens",
        "If any capacity is unknown, every clinic counts one unless an assumed number is given: units are never mixed.",
    ),
    Method(
        "Demand",
        "",
        "Who asks for care: all people, adults, or adults expected to have treatment-resistant depression.",
        "P; adults; adults x 0.0021 (low); adults x 0.0115 (central)",
        "people",
        "derived: Liu 2021; Zhdanava 2021, J Clin Psychiatry 82(2):20m13699",
        "Show low and central together. Where the pack does not count adults, an adult share must be given.",
    ),
]
