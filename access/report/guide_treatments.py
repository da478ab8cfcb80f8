"""The four treatments side by side: how each is given, what it asks, and who needs a doctor's word first."""

from typing import Final

from access.language import mark
from access.report.guide import Statement

COLUMNS: Final = ("ketamine_iv", "esketamine", "tms", "ect")
TREATMENT_ROWS: Final[dict[str, tuple[Statement, Statement, Statement, Statement]]] = {
    mark("How it is given"): (
        Statement(mark("Medicine into a vein, at a clinic"), ("clinics",)),
        Statement(mark("Nose spray, at a certified clinic"), ("label",)),
        Statement(mark("Magnet pulses at the head, awake, at a clinic"), ("nimh",)),
        Statement(mark("A short current under anesthesia, in a hospital"), ("nimh",)),
    ),
    mark("Visits"): (
        Statement(mark("6 in 2 to 3 weeks, then boosters for some"), ("anand", "andrade")),
        Statement(mark("2 a week for 4 weeks, then 1 a week for 4 weeks, then every 1 or 2 weeks"), ("label",)),
        Statement(mark("Each work day for 6 weeks, then about 6 more"), ("clinics",)),
        Statement(mark("6 to 12, with 2 or 3 a week"), ("hospitals",)),
    ),
    mark("Time at the clinic"): (
        Statement(mark("About 90 minutes"), ("clinics",)),
        Statement(mark("At least 2 hours after the spray"), ("label",)),
        Statement(mark("20 to 40 minutes"), ("clinics",)),
        Statement(mark("3 to 4 hours"), ("hospitals",)),
    ),
    mark("Driving home"): (
        Statement(mark("No. Not for 12 to 24 hours"), ("clinics",)),
        Statement(mark("No. Not until the next day, after a night's sleep"), ("label",)),
        Statement(mark("Yes"), ("clinics",)),
        Statement(mark("No. An adult must be with you"), ("hospitals",)),
    ),
    mark("Approved for this?"): (
        Statement(mark("No. It is used off-label"), ("fda",)),
        Statement(mark("Yes, since 2019; alone, without a pill, since 2025"), ("label",)),
        Statement(mark("Yes, cleared since 2008"), ("nimh",)),
        Statement(mark("A standard hospital treatment"), ("hospitals",)),
    ),
    mark("What is known of benefit"): (
        Statement(mark("Fast for many. About a third are not helped. It wears off, so visits repeat"), ("consumer",)),
        Statement(
            mark("Helps some people. That it prevents suicide has not been shown. About half stop before 8 visits"),
            ("label", "claims"),
        ),
        Statement(mark("Helps some people. Ask the clinic for its own results"), ()),
        Statement(mark("Helps many, also in very severe illness. Ask about results and relapse"), ("nimh",)),
    ),
    mark("Side effects"): (
        Statement(mark("Feeling far away, higher blood pressure, sickness. With much use: bladder trouble"), ("fda",)),
        Statement(mark("Feeling far away, sleepiness, dizziness, sickness, higher blood pressure"), ("label",)),
        Statement(mark("Headache, sore scalp, twitching of the face. Seldom a seizure"), ("nimh",)),
        Statement(mark("Headache, sore muscles, upset stomach, gaps in memory"), ("nimh",)),
    ),
    mark("Ask a doctor first if you have"): (
        Statement(
            mark(
                "High blood pressure that is not under control, heart disease, psychosis, trouble with drugs or alcohol"
            ),
            ("consumer",),
        ),
        Statement(
            mark(
                "A weak blood vessel, bleeding in the brain, heart trouble, high blood pressure, or if you are pregnant"
            ),
            ("label",),
        ),
        Statement(mark("Metal in your head, or a seizure in the past"), ()),
        Statement(mark("Heart or lung trouble, or trouble with anesthesia"), ()),
    ),
}
