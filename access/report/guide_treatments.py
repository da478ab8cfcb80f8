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
        Statement(
            mark(
                "No. An adult must go home with you; a ride app alone is not enough. Some hospitals: no driving until "
                "visits are two weeks apart"
            ),
            ("hospitals",),
        ),
    ),
    mark("Approved for this?"): (
        Statement(mark("No. It is used off-label"), ("fda",)),
        Statement(mark("Yes, since 2019; alone, without a pill, since 2025"), ("label",)),
        Statement(mark("Yes, cleared since 2008"), ("nimh",)),
        Statement(mark("Yes, for severe depression that other treatment did not help"), ("ecfr",)),
    ),
    mark("What is known of benefit"): (
        Statement(
            mark("Fast for many. In one trial about a third were not helped. It wears off, so visits repeat"),
            ("biok", "kryst"),
        ),
        Statement(
            mark(
                "After four weeks 59 in 100 were better with it, and 45 in 100 with a dummy spray; all took a new pill "
                "too. That it prevents suicide has not been shown. About half stop before 8 visits"
            ),
            ("turkoz", "label", "claims"),
        ),
        Statement(
            mark(
                "In 42 clinics 42 to 56 in 100 said that they were better. All got TMS, so nobody can tell how many "
                "would have got better without it"
            ),
            ("carpenter",),
        ),
        Statement(
            mark(
                "Helps many, also in very severe illness. In one trial 63 in 100 got well, and about two in three of "
                "these fell ill again within a year. In another, 41 in 100 were better"
            ),
            ("nimh", "ekstrand", "anand"),
        ),
    ),
    mark("Side effects"): (
        Statement(
            mark(
                "Feeling far away, sleepiness, higher blood pressure, slow breathing, bladder trouble. It can be "
                "misused. Depression or other illness of the mind can get worse"
            ),
            ("fda",),
        ),
        Statement(
            mark(
                "Feeling far away, sleepiness, dizziness, upset stomach, higher blood pressure. It can be misused. "
                "Seldom somebody passes out"
            ),
            ("label",),
        ),
        Statement(mark("Headache, sore scalp, twitching of the face. Seldom a seizure"), ("nimh",)),
        Statement(
            mark("Headache, sore muscles, upset stomach, gaps in memory, which for some people last"),
            ("nimh", "ekstrand"),
        ),
    ),
    mark("Not for you if you have"): (
        Statement(mark("It is not approved for this, so no official list exists. Ask the clinic"), ("fda",)),
        Statement(
            mark(
                "A bulge in a blood vessel (aneurysm) or vessels joined the wrong way, bleeding in the brain at any "
                "time, or an allergy to ketamine"
            ),
            ("label",),
        ),
        Statement(mark("Metal or an implant in or near your head that a magnet acts on"), ("medicare",)),
        Statement(mark("Ask the hospital: it looks at your health first"), ()),
    ),
    mark("Ask a doctor first if you have"): (
        Statement(
            mark(
                "High blood pressure that is not under control, heart disease, psychosis, trouble with drugs or alcohol"
            ),
            ("consumer", "biok"),
        ),
        Statement(
            mark(
                "Heart or brain trouble, high blood pressure, psychosis, trouble with drugs or alcohol, or if you are "
                "pregnant"
            ),
            ("label",),
        ),
        Statement(mark("A seizure in the past, or psychosis"), ("medicare",)),
        Statement(mark("Heart or lung trouble, or trouble with anesthesia"), ()),
    ),
}
