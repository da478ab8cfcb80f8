"""The guide for somebody whom two medicines did not help: what this is, what treatments ask, what to ask."""

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


SECTIONS: Final = (
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
