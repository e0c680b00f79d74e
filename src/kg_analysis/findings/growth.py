"""Sentences and titles on growth by period: what Q3 cost, what Q4 had to deliver, how far the rates can be trusted.

Responsibility: which words the numbers of :mod:`kg_analysis.analysis.growth` call for. No cause is claimed; an
estimate is always called one.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg_analysis.analysis import growth, scenarios
from kg_analysis.analysis.growth import CUMULATIVE, Growth
from kg_analysis.analysis.published_levels import published_contributions
from kg_analysis.analysis.ranks import Rank
from kg_analysis.analysis.scenarios import Shares
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings.wording import (
    LEVEL,
    as_given,
    between,
    compare,
    direction,
    fitting,
    listed,
    ordinal,
    printed_as,
    size,
)
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, available, given


def periods(found: Growth, here: ReportContext) -> str:
    """Growth of every printed period; which are cumulative, and which are estimates."""
    rates = _printed(found)
    parts = [f"{here.say(f'growth.name_{name}')} {printed_as('rate', rate, here)}" for name, rate in rates.items()]
    sentences = [here.say("growth.periods", parts="; ".join(parts))]
    if 0 < len(set(rates) & set(CUMULATIVE)) < len(rates):
        sentences.append(here.say("growth.periods_spans"))
    sectors = here.data.find("grdp_positive_sectors")
    if sectors is not None:
        sentences.append(here.say("growth.sectors_positive", count=sectors))
    estimates = [here.say(f"growth.name_{name}") for name, rate in rates.items() if rate.basis == "estimate"]
    if estimates:
        sentences.append(here.say("growth.periods_estimate", names=listed(estimates, here)))
    return " ".join(sentences)


def periods_title(found: Growth, here: ReportContext) -> str:
    """Finding on the year's course: its worst-hit quarter's place, nine months and the year, at most 15 words."""
    rates = _printed(found)
    chosen = [name for name in ("Q3", "9M", "FY") if name in rates] or list(rates)[-2:]
    parts = [f"{here.say(f'growth.short_{name}')} {printed_as('title', rates[name], here)}" for name in chosen]
    return fitting(here.say("growth.periods_title", parts=", ".join(parts[start:])) for start in range(len(parts)))


def third_quarter(found: Growth, here: ReportContext) -> str:
    """What adding Q3 did to cumulative growth, and the simple mean as the mistake that it is."""
    change, naive, nine = growth.change(found, "H1", "9M"), growth.naive_mean(found), found.period("9M")
    return " ".join(
        [
            here.say(
                f"growth.third_{direction(change)}",
                q3=printed_as("rate", found.period("Q3"), here),
                size=size(change),
                h1=found.period("H1"),
                nine=nine,
            ),
            here.say(f"growth.naive_{_verdict(naive, nine)}", naive=naive, nine=nine),
        ]
    )


def fourth_quarter(found: Growth, shares: Shares, here: ReportContext) -> str:
    """What the year's growth implies for Q4 over the plausible shares, and the Q4 that leaves the year at zero."""
    nine = found.period("9M")
    sentences = []
    if "FY" in found.periods:
        year = found.period("FY")
        sentences.append(
            here.say(
                "growth.fourth_implied",
                year=printed_as("rate", year, here),
                nine=printed_as("rate", nine, here),
                cases=_by_share(year, nine, shares, here),
            )
        )
    zero = _by_share(given(0, "pct"), nine, shares, here)
    sentences += [here.say("growth.fourth_break_even", cases=zero), here.say("growth.fourth_share")]
    return " ".join(sentences)


def fourth_quarter_title(found: Growth, shares: Shares, here: ReportContext) -> str:
    """Finding on Q4 over the plausible shares, at most 15 words."""
    nine, year = found.period("9M"), found.periods.get("FY")
    first, second = (scenarios.implied_q4(year or given(0, "pct"), nine, share) for share in (shares.high, shares.low))
    key = "growth.fourth_title" if year is not None else "growth.fourth_zero_title"
    said = "" if year is None else printed_as("title", year, here)
    return here.say(key, year=said, between=between(first, second, here))


def diagnostic(found: Growth, here: ReportContext) -> str:
    """What the printed rates imply about the weight of H1, with the verdict: a check of the figures, no structure."""
    weight = growth.h1_weight(found)
    low, high, nation = (as_given(here.data.assumption(f"h1_of_9m_{each}")) for each in ("low", "high", "nation"))
    verdict = growth.judge_h1_weight(weight, here.data)
    said = here.say(f"growth.weight_{verdict}", weight=weight, low=low, high=high, nation=nation)
    return f"{said} {here.say('growth.weight_note')}"


def expectation(found: Growth, here: ReportContext) -> str:
    """H1 growth that had been expected."""
    expected, points = growth.expected_h1(found), found.expectation()
    key = f"growth.expected_{direction(points)}"
    return here.say(key, size=size(points), expected=expected, h1=found.period("H1"))


def ranks(found: Sequence[Rank], here: ReportContext) -> str:
    """Each rank with its total, or without one where none is printed."""
    parts = []
    for each in found:
        known = here.page.knows(f"growth.region_{each.region}")
        region = here.say(f"growth.region_{each.region}") if known else each.label
        place = ordinal(int(each.rank.value), here)
        parts.append(here.say(f"growth.rank{'' if each.of else '_alone'}", rank=place, of=each.of, region=region))
    estimate = any(each.rank.basis == "estimate" for each in found)
    return here.say(f"growth.ranks{'_estimate' if estimate else ''}", parts="; ".join(parts))


def limits(found: Growth, shares: Shares, here: ReportContext) -> str:
    """What the printed rates cannot say, and whose assumption the share of Q4 is."""
    year = found.periods.get("FY")
    own = shares.base.interval == here.data.assumption("q4_share_base").interval
    levels = here.say("growth.limits_levels") if _has_levels(here) else here.say("growth.limits")
    sentences = [levels, here.say(f"growth.limits_share_{'project' if own else 'reader'}")]
    weight = available({"weight": lambda: growth.h1_weight(found)}).get("weight")
    if weight is not None and growth.judge_h1_weight(weight, here.data) == growth.IMPLAUSIBLE:
        sentences.append(here.say("growth.limits_vintages"))
    sentences.append(here.say("growth.limits_derived"))
    if year is not None and year.basis == "estimate":
        sentences.append(here.say("growth.limits_estimate"))
    return " ".join(sentences)


def _has_levels(here: ReportContext) -> bool:
    """Whether contributions follow from published levels or from the quarterly series."""
    try:
        return bool(published_contributions(here.data)) or not here.data.grdp_quarterly.empty
    except NotPrintedError:
        return not here.data.grdp_quarterly.empty


def _printed(found: Growth) -> dict[str, Quantity]:
    if not found.periods:
        raise NotPrintedError(f"grdp_growth: no growth is printed for {found.year}", "growth_period")
    return found.periods


def _verdict(naive: Quantity, nine: Quantity) -> str:
    return "agrees" if compare(naive, nine) == LEVEL else "differs"


def _by_share(year: Quantity, nine: Quantity, shares: Shares, here: ReportContext) -> str:
    """Growth of Q4 at the base share, then at the others."""
    chosen = {each.value: each for each in (shares.base, shares.low, shares.high)}.values()
    cases = [(each, printed_as("need", scenarios.implied_q4(year, nine, each), here)) for each in chosen]
    keys = ["growth.fourth_case", *["growth.fourth_case_other"] * (len(cases) - 1)]
    return "; ".join(
        here.say(key, share=as_given(share), rate=rate) for key, (share, rate) in zip(keys, cases, strict=True)
    )
