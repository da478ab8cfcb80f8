"""The methods of reach and of catchments, in words: one row a figure."""

from typing import Final, NamedTuple

from access.language import mark


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
        mark("Nearest clinic"),
        "nearest",
        mark("How far a place is from the nearest clinic that gives the treatment, one way."),
        "T = the smallest t over all clinics j; the k-th nearest: the k-th smallest",
        mark("minutes, or road miles"),
        "Guagliardo 2004, doi:10.1186/1476-072X-3-3; k-th nearest: Kiang et al. 2021, "
        "doi:10.1016/j.drugalcdep.2021.109081",
        mark("A place that reaches no clinic within 240 minutes has no value; its people count as beyond every limit."),
    ),
    Method(
        mark("People beyond a limit"),
        "",
        mark("How many people, and what share, live farther than a limit from the nearest clinic."),
        "sum of P where T > z, over sum of P; T equal to z is within",
        mark("people; share from 0 to 1"),
        "Guagliardo 2004, doi:10.1186/1476-072X-3-3",
        mark("All residents are counted, not only those who need the treatment."),
    ),
    Method(
        mark("Clinics within a limit"),
        "clinics_within",
        mark("How many clinics a place can reach."),
        "the number of clinics j with t <= z",
        mark("clinics"),
        "Wachs & Kumagai 1973, doi:10.1016/0038-0121(73)90041-4",
        mark("Says nothing of how many patients each can take."),
    ),
    Method(
        mark("Median and quantiles"),
        "",
        mark("What at least half (or another share) of the people do not exceed."),
        "the smallest T whose people, with all nearer ones, make up the share",
        mark("minutes or miles"),
        "population-weighted, no interpolation",
        mark("Not given where it falls among people who reach no clinic."),
    ),
    Method(
        mark("Urban-rural gap"),
        "",
        mark("How far the country stands from the city in one measure."),
        "rural minus urban (difference); rural over urban (ratio)",
        mark("points of share; times"),
        "Kiang et al. 2021, doi:10.1016/j.drugalcdep.2021.109081",
        mark("Clinics missing from our data widen or narrow it; see Gap with its interval."),
    ),
    Method(
        mark("Before and after"),
        "",
        mark("Who comes within a limit by a scenario, and who falls out of it."),
        "gained: T before > z and T after <= z; lost: the reverse",
        mark("people"),
        "differences of the measures above",
        mark("Distance alone: a new clinic's capacity, price and insurance are not counted."),
    ),
    Method(
        mark("Minutes to an amount of supply"),
        "minutes_to_supply",
        mark("How far until a given number of clinics or courses is within reach."),
        "smallest t with sum of S over t_ij <= t at least n",
        mark("minutes"),
        "dual access; as cost_to_closest of R accessibility",
        mark("Says nothing of who else uses that supply."),
    ),
    Method(
        mark("Expected minutes"),
        "expected",
        mark("The minutes to the first clinic that really gives the treatment, when listings may be wrong."),
        "sum over k of t_(k) q (1-q)^(k-1); if found: that over 1 - (1-q)^n; none works: (1-q)^n",
        mark("minutes; chance from 0 to 1"),
        "q = 0.83 (sweep 0.5 to 0.95): Riley 2024, PMC11260587",
        mark(
            "Read it with the chance that none works. Listings are taken as independent; q comes from "
            "substance-use directories."
        ),
    ),
    Method(
        mark("Balancing time"),
        "balancing",
        mark("How far a place must go until the supply within reach matches its own people."),
        "smallest t with sum of S over t_ij <= t at least factor x P",
        mark("minutes"),
        "Barboza et al. 2021, doi:10.1016/j.jtrangeo.2020.102924",
        mark(
            "Other places' demand is not counted; depends on how places are cut. Not given where all supply in "
            "reach is too little."
        ),
    ),
    Method(
        mark("Any acceptable treatment"),
        "",
        mark("How far the nearest of the treatments a person would accept is, and which."),
        "smallest t over clinics giving any of the set",
        mark("minutes; treatment"),
        "Guagliardo 2004, doi:10.1186/1476-072X-3-3",
        mark("Treatments are not equal in effect, price or visits."),
    ),
    Method(
        mark("Minutes for a payer"),
        "",
        mark("Between which two figures the way to a clinic that takes this payer lies."),
        "upper: nearest clinic a source says takes it; lower: nearest that takes it or of which nothing is said",
        mark("minutes; share [low, high]"),
        "definitions above",
        mark("Not stated is neither yes nor no. Taking a payer does not mean an appointment is free."),
    ),
    Method(
        mark("Adequacy"),
        "",
        mark("Whether enough of a county's people are within a standard's minutes and miles of enough clinics."),
        "pass when sum of P inside over sum of P >= the share asked; inside: at least k clinics with t <= "
        "Tmax and (or) d <= Dmax",
        mark("share; pass or fail"),
        "42 CFR 422.116; 42 CFR 438.68, transcribed",
        mark(
            "Written for plan networks, here all residents, all listed clinics and estimated roads. County types "
            "need land area, which no pack has."
        ),
    ),
    Method(
        mark("People by area"),
        "",
        mark("How many people live in each state, county, hexagon or area of your own."),
        "sum of P over the places whose point lies in the area; where areas overlap, the first of the file",
        mark("people"),
        "point in polygon; hexagons: H3, h3geo.org",
        mark("A place counts whole where its centre lies; people outside every area are a row of their own."),
    ),
    Method(
        mark("Millions of points"),
        "",
        mark("The nearest clinic, and clinics within a limit, for census blocks or the cells of a population grid."),
        "as Nearest clinic and Clinics within a limit, with no stored matrix",
        mark("minutes; km; clinics"),
        "the same; a grid's own publisher",
        mark(
            "A point without county or rurality has those of the nearest census place. Most grids are themselves "
            "modelled."
        ),
    ),
]
CATCHMENTS: Final = [
    Method(
        mark("Supply within a limit"),
        "supply_within",
        mark("How much supply a place can reach within a limit."),
        "sum of S over clinics with t <= z",
        mark("units of supply"),
        "Wachs & Kumagai 1973, doi:10.1016/0038-0121(73)90041-4",
        mark("Says nothing of how many others share it; one limit decides."),
    ),
    Method(
        mark("Supply within an interval of limits"),
        "supply_within_interval",
        mark("The mean supply within every limit from a to b."),
        "sum of S w; w = 1 up to a, (b - t) / (b - a) between, 0 from b",
        mark("units of supply"),
        "Tomasiello et al. 2023, doi:10.1016/j.apgeog.2023.103007",
        mark("Exact over the whole interval; the paper averages over whole minutes."),
    ),
    Method(
        mark("Decay"),
        "",
        mark("How much less a clinic counts the farther it is."),
        "binary; zones; straight; exp(-b t); max(t, 1)^-b; exp(-t^2 / 2 s^2); g(0)/g(t) with g = 1 + exp((t "
        "- m) pi / (s sqrt 3)); 1 / (1 + (t / median)^shape)",
        mark("weight from 0 to 1"),
        "zones: Luo & Qi 2009, doi:10.1016/j.healthplace.2009.06.002",
        mark("A choice, not a finding: show results for more than one. Weights below 1e-150 count as 0."),
    ),
    Method(
        mark("Gravity"),
        "gravity",
        mark("All the supply a place can reach, near supply counting more."),
        "sum of S f(t)",
        mark("weighted units of supply"),
        "Hansen 1959, doi:10.1080/01944365908978307",
        mark("Compare only within one decay and one unit of supply."),
    ),
    Method(
        mark("Gravity with competition"),
        "gravity_competition",
        mark("Supply per person, each clinic shared by all who reach it, by weight."),
        "sum of S_j f_ij / V_j; V_j = sum over k of P_k f_kj",
        mark("supply per person"),
        "Joseph & Bantock 1982, doi:10.1016/0277-9536(82)90428-2",
        mark("A person counts in the demand of every clinic in reach."),
    ),
    Method(
        mark("Floating catchment (FCA)"),
        "",
        mark("The supply near a place over the people near it."),
        "sum of S with t_ij <= z, over sum of P with t_ik <= z",
        mark("supply per person"),
        "Luo 2004, Health & Place 10(1), 1-11",
        mark("Needs trips between places. Not given where nobody lives within the limit."),
    ),
    Method(
        mark("Two-step catchment (2SFCA)"),
        "two_step",
        mark("Supply per person: each clinic shared by all within the limit, then summed."),
        "R_j = S_j / sum of P_k with t_kj <= z; A_i = sum of R_j with t_ij <= z",
        mark("supply per person"),
        "Radke & Mu 2000; Luo & Wang 2003, doi:10.1068/b29120",
        mark(
            "Over-counts demand (Paez 2019). In scattered rural areas the limit dominates at small scale, the "
            "decay at large scale (Chen & Jia 2019)."
        ),
    ),
    Method(
        mark("Enhanced catchment (E2SFCA)"),
        "enhanced_two_step",
        mark("As 2SFCA, with a weight for each zone in both steps."),
        "R_j = S_j / sum of W P; A_i = sum of W R; zones at a third, two thirds and the whole of the reach: "
        "1, 0.68, 0.22",
        mark("supply per person"),
        "Luo & Qi 2009, doi:10.1016/j.healthplace.2009.06.002",
        mark("30 minutes is urban: for rural care use wider zones and say so."),
    ),
    Method(
        mark("Modified catchment (M2SFCA)"),
        "modified_two_step",
        mark("As E2SFCA, but supply that is far from its people is partly lost."),
        "sum of S_j f_ij^2 / sum of P_k f_kj",
        mark("supply per person"),
        "Delamater 2013, doi:10.1016/j.healthplace.2013.07.012",
        mark("Does not conserve supply, on purpose."),
    ),
    Method(
        mark("Three-step catchment (3SFCA)"),
        "three_step",
        mark("As E2SFCA, after people spread over the clinics in reach by weight."),
        "G_ij = f_ij / sum of f_il in the catchment; R_j = S_j / sum of G P f; A_i = sum of G R f",
        mark("supply per person"),
        "Wan, Zou & Sternberg 2012, doi:10.1080/13658816.2011.624987",
        mark("The choice uses clinics inside the catchment alone, whatever their supply."),
    ),
    Method(
        mark("Balanced catchment (BFCA)"),
        "balanced",
        mark("Level of service when each person and each unit is counted once."),
        "L_j = S_j / sum of P_i w_ij / sum_j w; A_i = sum of L_j w_ij / sum_i w",
        mark("level of service"),
        "Paez, Higgins & Vivona 2019, doi:10.1371/journal.pone.0218773",
        mark("Depends on how many places surround a clinic: compare within one origin unit only."),
    ),
    Method(
        mark("Spatial availability"),
        "availability",
        mark("The supply that falls to each place when clinics are divided by people and weight."),
        "V_i = sum over j of S_j P_i^a f_ij / sum over k of P_k^a f_kj; per head V_i / P_i",
        mark("units of supply, or per person"),
        "Soukhov et al. 2023, doi:10.1371/journal.pone.0278468",
        mark("Not a rate: a bigger place gets more. Per head with a = 1 it equals E2SFCA."),
    ),
    Method(
        mark("Rational agent access (RAAM)"),
        "raam",
        mark(
            "What care costs a place, crowding and drive together, when everybody chooses the best clinic; lower "
            "is better."
        ),
        "each place's used clinics share the least (D/S)/rho + t/tau; rho = people over supply in reach; tau = 60 min",
        mark("cost: 1 is the mean crowd with no drive, or a 60-minute drive to an empty clinic"),
        "Saxon & Snow 2020, doi:10.1080/24694452.2019.1629870",
        mark(
            "People are fractions; solved until nobody pays more than 0.00001 above the least open to them. "
            "Relative to the data set: rho moves with the area chosen."
        ),
    ),
    Method(
        mark("Supply"),
        "",
        mark("What each clinic offers, in one unit."),
        "courses per month = capacity per week / sessions of the course x 52 / 12; else 1 per clinic",
        mark("courses per month, or clinics"),
        "the courses: see Regimens",
        mark(
            "If any capacity is unknown, every clinic counts one unless an assumed number is given: units are "
            "never mixed."
        ),
    ),
    Method(
        mark("Demand"),
        "",
        mark("Who asks for care: all people, adults, or adults expected to have treatment-resistant depression."),
        "P; adults; adults x 0.0021 (low); adults x 0.0115 (central)",
        mark("people"),
        "derived: Liu 2021; Zhdanava 2021, J Clin Psychiatry 82(2):20m13699",
        mark("Show low and central together. Where the pack does not count adults, an adult share must be given."),
    ),
]
