"""Where next, in sentences: what the sites bring, how near the best possible that is, and what it rests on."""

from typing import Final

import numpy as np
import pandas as pd

from access.language import mark, say, say_many
from access.measures.uptake import EVIDENCE
from access.scenarios.siting.best import Siting
from access.scenarios.siting.question import MINIMIZED_OBJECTIVES
from access.scenarios.siting.stability import Stability

_GAIN_SENTENCES: Final = {
    "people": mark("{before} people are within {limit} minutes now, {value} with them: {more} more."),
    "patients": mark("{before} expected patients are within {limit} minutes now, {value} with them: {more} more."),
    "starts": mark(
        "{before} starts are expected now, {value} with them: {more} more, if every patient near a site began."
    ),
    "rural": mark("{before} rural people are within {limit} minutes now, {value} with them: {more} more."),
    "average": mark("The average way is {before} minutes now, {value} with them: {more} less."),
    "worst": mark("The longest way is {before} minutes now, {value} with them: {more} less."),
    "poverty": mark("The index of access poverty (FGT 1) is {before} now, {value} with them: {more} less."),
    "severity": mark("The index of its severity (FGT 2) is {before} now, {value} with them: {more} less."),
}
_DECIMALS: Final = {"average": 1, "worst": 1, "poverty": 4, "severity": 5}


def siting_sentences(found: Siting) -> list[str]:
    """What the sites bring, how good that is, who is left out, and what the figures rest on."""
    sentences = [_gain_sentence(found), _bound_sentence(found), *_left_out_sentences(found)]
    if found.question.objective == "starts":
        sentences.append(say("The evidence on starts: {evidence}; an association, not an effect.", evidence=EVIDENCE))
    if found.question.objective in ("average", "worst", "poverty", "severity"):
        sentences.append(say("People who reach nothing count with {ceiling} minutes.", ceiling=f"{found.ceiling:g}"))
    sentences.append(say("Sites that give the treatment now stay open; drives are estimates."))
    return sentences


def stability_sentences(found: Stability) -> list[str]:
    """How often the sites are chosen again, and between what the value lies."""
    value, best = (dict(found.values.loc[name]) for name in ("value", "best"))
    decimals = _DECIMALS.get(found.objective, 0)
    always = int((found.sites["share_chosen"] >= 0.9).sum())
    return [
        say(
            "In {draws} worlds with longer or shorter drives and listings that do not work, the value of these sites "
            "lies between {low} and {high} ({level} % of worlds); the best sites of each world reach {best_low} to "
            "{best_high}.",
            draws=found.draws,
            low=_number_words(value["low"], decimals),
            high=_number_words(value["high"], decimals),
            level=f"{100 * found.level:g}",
            best_low=_number_words(best["low"], decimals),
            best_high=_number_words(best["high"], decimals),
        ),
        say(
            "{number} of {sites} sites are chosen in 90 % of these worlds or more.",
            number=always,
            sites=len(found.sites),
        ),
    ]


def sites_for_people(found: Siting) -> pd.DataFrame:
    """The table of sites as text for reading."""
    decimals = _DECIMALS.get(found.question.objective, 0)
    sites = found.sites
    table = pd.DataFrame(
        {
            say("Order"): sites["order"].astype("str"),
            say("Site"): sites["name"]
            + sites["state"].map(lambda code: f", {code}" if isinstance(code, str) and code else ""),
            say("What happens"): sites["kind"].map({"open": say("opens"), "certify": say("adds the treatment")}),
            say("Gain of this step"): [_number_words(gain, decimals) for gain in sites["gain"]],
            say("After it"): [_number_words(value, decimals) for value in sites["cumulative"]],
        }
    )
    if sites["cost_usd"].notna().any():
        table[say("Cost")] = [f"${cost:,.0f}" if np.isfinite(cost) else "" for cost in sites["cost_usd"]]
    return table


def frontier_for_people(table: pd.DataFrame, objective: str) -> pd.DataFrame:
    """`frontier` as text: what each number of sites, or each budget, brings, and how near the best that is."""
    decimals = _DECIMALS.get(objective, 0)
    by_count = "count" in table
    allowed = table["count"].map(str) if by_count else table["budget_usd"].map("${:,.0f}".format)
    return pd.DataFrame(
        {
            (say("Sites") if by_count else say("Budget")): allowed.to_list(),
            say("Value"): [_number_words(value, decimals) for value in table["value"]],
            say("Gain"): [_number_words(abs(gain), decimals) for gain in table["gain"]],
            say("Share of the best possible gain"): [
                say("proven best") if proven else say("at least {share} %", share=_proven_percent(gap))
                for proven, gap in zip(table["proven"], table["gap"], strict=True)
            ],
        }
    )


def stability_for_people(found: Stability) -> pd.DataFrame:
    """How often each site is chosen in uncertain worlds, as text: those of the answer, then the five next."""
    others = found.others.head(5)
    rows = pd.concat([found.sites.assign(which=say("in the answer")), others.assign(which=say("not in it"))])
    return pd.DataFrame(
        {
            say("Site"): rows["name"].to_list(),
            say("Share of worlds that choose it"): [f"{100 * share:.0f} %" for share in rows["share_chosen"]],
            say("It is"): rows["which"].to_list(),
        }
    )


def _proven_percent(gap: float) -> str:
    """Rounded down, so that no sentence claims more than is proven."""
    return f"{np.floor((1 - gap) * 1000) / 10:g}"


def _gain_sentence(found: Siting) -> str:
    objective = found.question.objective
    sites = len(found.sites)
    if not sites:
        return say("No choice under these rules improves on the sites there are.")
    opened = say_many("{number} new site.", "{number} new sites.", sites)
    if objective == "everyone":
        limit = f"{found.question.limit:g}"
        return f"{opened} {say('With them everyone counted is within {limit} minutes.', limit=limit)}"
    decimals = _DECIMALS.get(objective, 0)
    told = say(
        _GAIN_SENTENCES[objective],
        before=_number_words(found.before, decimals),
        value=_number_words(found.value, decimals),
        more=_number_words(abs(found.value - found.before), decimals),
        limit=f"{found.question.limit:g}",
    )
    return f"{opened} {told}"


def _bound_sentence(found: Siting) -> str:
    if found.proven:
        return say("No other choice under these rules is better: this is proven.")
    if found.question.objective == "everyone":
        return say(
            "Fewer than {bound} sites are impossible; between {bound} and {value} is not proven.",
            bound=_number_words(found.bound),
            value=_number_words(found.value),
        )
    decimals = _DECIMALS.get(found.question.objective, 0)
    least = found.question.objective in MINIMIZED_OBJECTIVES
    sentence = mark("No choice brings it below {bound}.") if least else mark("No choice brings more than {bound}.")
    told = say(
        "This improves at least {share} % as much as the best possible choice.", share=_proven_percent(found.gap)
    )
    return f"{told} {say(sentence, bound=_number_words(found.bound, decimals))}"


def _left_out_sentences(found: Siting) -> list[str]:
    if not found.left_out:
        return []
    return [
        say_many(
            "{number} person whom no candidate reaches is left out.",
            "{number} people whom no candidate reaches are left out.",
            found.left_out,
        )
    ]


def _number_words(value: float, decimals: int = 0) -> str:
    return f"{value:,.{decimals}f}"
