"""The methods of supply and catchments, in words: one row a figure."""

from typing import Final

from access.language import mark
from access.report.method_rows import Method

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
        "floating",
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
