"""The guide for somebody whom two medicines did not help: what this is, what treatments ask, what to ask, and where
each statement comes from.
"""

from typing import Final, NamedTuple

from access.language import mark


class Statement(NamedTuple):
    """One thing that we say, and the keys of `SOURCES` that it rests on; none: advice of ours, not a claim."""

    text: str
    sources: tuple[str, ...] = ()


class Section(NamedTuple):
    """Statements under one heading, read from top to bottom."""

    title: str
    statements: tuple[Statement, ...]
    is_numbered: bool = False


GUIDE_SECTIONS: Final = (
    Section(
        mark("What it is"),
        (
            Statement(
                mark(
                    "Depression is called treatment-resistant when at least two antidepressants did not help enough. "
                    "Each must have been taken at a full dose, for long enough."
                ),
                ("voineskos",),
            ),
            Statement(
                mark("It is common. About 3 in 10 people who take medicine for major depression have it."),
                ("zhdanava",),
            ),
            Statement(
                mark(
                    "It is not your fault, and it does not mean that nothing will help. Other treatments work in "
                    "other ways."
                ),
            ),
            Statement(
                mark(
                    "Write down each medicine you took, how much, for how long, and why you stopped. Clinics and "
                    "insurance plans ask for this list."
                ),
            ),
        ),
    ),
    Section(
        mark("How ketamine is different"),
        (
            Statement(
                mark(
                    "Most antidepressants act on serotonin and take weeks. Ketamine acts on glutamate, another "
                    "signal of the brain."
                ),
                ("ibrahim",),
            ),
            Statement(mark("It can lift mood within hours."), ("ibrahim",)),
            Statement(
                mark(
                    "After one visit this lasts from some days to two weeks. So visits come in a series, most "
                    "often six "
                    "in two to three weeks, and some people need more visits later, called boosters."
                ),
                ("kryst", "consumer", "andrade"),
            ),
            Statement(
                mark(
                    "Ketamine in a vein is not approved for depression. Doctors may give it all the same; this is "
                    "called off-label. The FDA warns of ketamine sent home from a pharmacy: nobody watches you there."
                ),
                ("fda",),
            ),
            Statement(
                mark(
                    "Esketamine (Spravato) is a nose spray made from ketamine. It is approved. You take it at a "
                    "certified clinic."
                ),
                ("label",),
            ),
            Statement(
                mark(
                    "It does not help everybody. In one trial of three visits, about half were nearly well "
                    "again, 15 in 100 were better, and about a third were not helped. All of them knew that they "
                    "got ketamine, so hope may have played a part."
                ),
                ("biok",),
            ),
            Statement(
                mark(
                    "Some people need more than one visit. Of those whom the first one did not help, 40 in 100 were "
                    "nearly well after the third. Of those whom two did not help, it was 20 in 100."
                ),
                ("biok",),
            ),
            Statement(
                mark(
                    "In a large trial of people without psychosis, ketamine did no worse than ECT. In a trial of "
                    "people ill enough for a hospital, ECT did better: 63 in 100 got well, against 46 in 100. In both "
                    "groups about two in three of these fell ill again within a year."
                ),
                ("anand", "ekstrand"),
            ),
        ),
    ),
    Section(
        mark("Step by step: a course of IV ketamine"),
        (
            Statement(
                mark(
                    "First visit. You talk about your illness and your medicines. The clinic checks your blood "
                    "pressure "
                    "and your heart, and asks about psychosis and about drugs and alcohol."
                ),
                ("consumer", "clinics"),
            ),
            Statement(
                mark(
                    "Before each visit. Ask what you may eat and which medicines to take. Plan a ride home, and "
                    "a calm day."
                ),
                ("clinics",),
            ),
            Statement(
                mark(
                    "The visit. The medicine runs into a vein for about 40 minutes. Staff watch your blood "
                    "pressure and "
                    "breathing. You may feel far from your body, or see and hear things in a new way. It passes."
                ),
                ("clinics", "fda"),
            ),
            Statement(
                mark("Afterwards. You rest for 30 to 60 minutes. You may not drive for 12 to 24 hours."), ("clinics",)
            ),
            Statement(mark("Many clinics offer a talk afterwards, with a therapist. Ask if it is part of the price.")),
            Statement(
                mark(
                    "After the series. You and the clinic look at how you feel, and plan boosters if they help. One "
                    "clinic gives one every four to six weeks."
                ),
                ("clinics",),
            ),
        ),
    ),
    Section(
        mark("Why prices differ, and where they are lower"),
        (
            Statement(
                mark(
                    "Plans seldom pay for IV ketamine, since it is off-label. Clinics ask $400 to $800 for one visit."
                ),
                ("prices",),
            ),
            Statement(
                mark(
                    "Many plans pay for Spravato, TMS and ECT. They often want proof first that two medicines "
                    "did not help."
                ),
                ("clinics", "medicare"),
            ),
            Statement(
                mark("Spravato's maker helps with the co-pay, but only if you have private insurance."), ("maker",)
            ),
            Statement(
                mark(
                    "Some university hospitals and health systems ask less. Some clinics ask less from people who earn "
                    "less; this is called a sliding scale. Always ask."
                ),
                ("consumer",),
            ),
        ),
    ),
    Section(
        mark("Seven questions before you book"),
        (
            Statement(mark("Do you give this treatment now, and do you take new patients?"), ("listings",)),
            Statement(mark("Do you take my insurance for it, and who asks for approval?")),
            Statement(mark("What does the whole course cost me, with all visits? Are there lower prices?")),
            Statement(mark("Do I need a referral or my records, and how long is the wait?")),
            Statement(mark("Who watches me during the visit, and what if something goes wrong?")),
            Statement(mark("Who must bring me home, and which rides do you allow?")),
            Statement(mark("How will we know if it works, and what do we do if it does not?")),
        ),
        is_numbered=True,
    ),
)


class GuideSource(NamedTuple):
    """What a reader sees of a source; `grade`: A research or government, B maker, hospital or charity, C web page."""

    words: str
    url: str
    grade: str


GUIDE_SOURCES: Final[dict[str, GuideSource]] = {
    "zhdanava": GuideSource(
        mark("Zhdanava and others 2021, J Clin Psychiatry 82(2):20m13699"), "https://doi.org/10.4088/JCP.20m13699", "A"
    ),
    "voineskos": GuideSource(
        mark("Voineskos and others 2020, a review of treatment-resistant depression"),
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC6982454/",
        "A",
    ),
    "ibrahim": GuideSource(
        mark("Ibrahim and others 2011, ketamine with and without earlier ECT"),
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC3100439/",
        "A",
    ),
    "anand": GuideSource(
        mark("Anand and others 2023, New England Journal of Medicine, ketamine beside ECT"),
        "https://pubmed.ncbi.nlm.nih.gov/37224232/",
        "A",
    ),
    "andrade": GuideSource(
        mark("Andrade 2017, J Clin Psychiatry 78(7):e852, on ketamine doses and visits"),
        "https://www.psychiatrist.com/jcp/ketamine-for-depression-dosing-administration-and-duration/",
        "A",
    ),
    "biok": GuideSource(
        mark("The Bio-K trial, 2023: 75 people, three infusions in 11 days, no group without ketamine (abstract)"),
        "https://www.safetylit.org/citations/index.php?fuseaction=citations.viewdetails"
        "&citationIds%5B%5D=citjournalarticle_837756_1",
        "A",
    ),
    "ekstrand": GuideSource(
        mark("Ekstrand and others 2022, ketamine beside ECT, 186 people in hospital"),
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC9154276/",
        "A",
    ),
    "kryst": GuideSource(
        mark("Kryst and others 2020, 20 trials of ketamine put together"),
        "https://doi.org/10.1007/s43440-020-00097-z",
        "A",
    ),
    "turkoz": GuideSource(
        mark("Turkoz and others 2021, two trials of esketamine put together, 518 people"),
        "https://doi.org/10.4088/JCP.20m13800",
        "A",
    ),
    "carpenter": GuideSource(
        mark("Carpenter and others 2012, TMS in 42 clinics"), "https://pubmed.ncbi.nlm.nih.gov/22689344/", "A"
    ),
    "ecfr": GuideSource(
        mark("US Code of Federal Regulations, title 21, section 882.5940: ECT devices"),
        "https://www.ecfr.gov/current/title-21/section-882.5940",
        "A",
    ),
    "medicare": GuideSource(
        mark("Medicare, coverage rule L34522 on TMS (for one region; others differ)"),
        "https://www.cms.gov/medicare-coverage-database/view/lcd.aspx?lcdid=34522",
        "A",
    ),
    "fda": GuideSource(
        mark("US Food and Drug Administration, alert of 10 October 2023 on compounded ketamine"),
        "https://www.fda.gov/drugs/human-drug-compounding",
        "A",
    ),
    "claims": GuideSource(
        mark("Three studies of insurance claims: 45 to 61 in 100 who begin esketamine reach 8 visits"),
        "https://doi.org/10.1080/13696998.2023.2208993",
        "A",
    ),
    "label": GuideSource(
        mark("Spravato: the label and medication guide"), "https://www.spravatohcp.com/prescribing-information", "B"
    ),
    "maker": GuideSource(
        mark("Spravato: the maker's help with costs"), "https://www.spravatohcp.com/patient-support", "B"
    ),
    "nimh": GuideSource(
        mark("National Institute of Mental Health, brain stimulation therapies"),
        "https://www.nimh.nih.gov/health/topics/brain-stimulation-therapies/brain-stimulation-therapies",
        "A",
    ),
    "hospitals": GuideSource(
        mark("UCLA Health and Beth Israel Deaconess, guides to ECT for patients"),
        "https://www.uclahealth.org/hospitals/resnick/patient-care/electroconvulsive-therapy-ect/"
        "preparing-your-outpatient-ect",
        "B",
    ),
    "clinics": GuideSource(mark("Pages of ketamine and TMS clinics"), "", "C"),
    "consumer": GuideSource(mark("A consumer page on ketamine therapy"), "", "C"),
    "prices": GuideSource(mark("Price pages of clinics and price sites; no official list of prices exists"), "", "C"),
    "listings": GuideSource(
        mark("Riley and others 2024: of treatment listings called, 83 in 100 worked"),
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC11260587/",
        "A",
    ),
}


TREATMENT_COLUMNS: Final = ("ketamine_iv", "esketamine", "tms", "ect")
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
