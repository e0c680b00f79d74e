"""Sentences and titles of the overview: targets, tasks, services, cut-off days, and what to settle before signing.

Responsibility: which words the counts and pairs of ``analysis.overview`` and the verdicts of ``analysis.checks`` call
for. Counts of two systems stand side by side and are never added; what the report itself
must settle is told apart from revisions, missed forecasts and words that no number measures.
"""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from kg_analysis.analysis.checks import HOLDS, RANK, READINGS, SLIP
from kg_analysis.errors import NotPrintedError
from kg_analysis.formats import in_language, number
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.wording import capital, direction, listed, need

REPORT = "report"
_SIDES = ("left", "right")  # of a check
_PARTS_OF = {"in_progress": ("in_progress_on_time", "overdue"), "completed": ("on_time", "late")}
_ORDER = ("assigned", "total", "completed", "in_progress", "remaining", "overdue")
_SERVICES = {"count": ("services",), "rank": ("rank", "rank_of"), "rise": ("rank_change",), "intake": ("intake_share",)}


def targets(target_totals: pd.DataFrame, ctx: ReportContext) -> str:
    """Targets met, exceeded and missed, system by system."""
    rows = need(target_totals, "targets").to_dict("records")
    return " ".join([*(_targets(row, ctx) for row in rows), *_apart(target_totals, ctx)])


def targets_title(target_totals: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on the targets of the first system, at most 15 words."""
    row = need(target_totals, "targets").iloc[0]
    key = "targets_title" if pd.notna(row["total_count"]) and pd.notna(row["met_or_exceeded_count"]) else "targets_none"
    estimate = "_estimate" if key == "targets_title" and row["basis"] == "estimate" else ""
    return ctx.say(f"overview.{key}{estimate}", row=row, system=_named("set_by", row["system"], ctx))


def districts(ctx: ReportContext) -> str:
    """How many districts met or missed their targets, and which missed most."""
    total = _figure("district_count", ctx)
    parts = []
    if total and (missed := _figure("districts_missing_targets", ctx)):
        key = "districts_missed" + "_estimate" * (missed["basis"] == "estimate")
        text = ctx.say(f"overview.{key}", missed=_shown(missed, ctx), total=_shown(total, ctx))
        most = ctx.data.select("districts_most_missed")["as_printed"]
        names = most.iloc[0].rstrip(" .…") if len(most) else ""
        parts.append(text + (ctx.say("overview.districts_most", names=names) if names else ""))
    if total and (met := _figure("districts_meeting_targets", ctx)):
        parts.append(ctx.say("overview.districts_met", met=_shown(met, ctx), total=_shown(total, ctx)))
    if not parts:
        raise NotPrintedError("no count of districts", "districts")
    return ". ".join(parts) + "."


def enterprises(ctx: ReportContext) -> str:
    """Enterprises founded and closed, over the year before."""
    opened, closed = (_figure(f"{each}_enterprises_change", ctx) for each in ("new", "closed"))
    if opened is None or closed is None:
        raise NotPrintedError("no change in the number of enterprises", "enterprises")
    way = ctx.say(f"wording.need_{direction(opened, 'x')}", rate=_shown(opened, ctx), size=_shown(opened, ctx))
    return ctx.say("overview.enterprises", opened=way, closed=_shown(closed, ctx))


def tasks(work: pd.DataFrame, ctx: ReportContext) -> str:
    """Tasks by status, system by system, each with its cut-off day."""
    return " ".join([*_by_system(need(work, "tasks"), ctx), *_apart(work, ctx)])


def tasks_title(work: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on the first system's tasks, at most 15 words."""
    first = need(work, "tasks").iloc[0]
    own = work[work["system"] == first["system"]].set_index("status")["count"]
    day = "_dated" if pd.notna(first["as_of"]) else ""
    values = {"day": first["as_of"], "system": _named("system", first["system"], ctx)}
    whole = own.get("assigned", own.get("total"))
    if "completed" in own and whole is None and "in_progress" in own:
        whole = own["completed"] + own["in_progress"]
    if "completed" not in own or whole is None:
        return ctx.say("overview.tasks_title", **values)
    return ctx.say(f"overview.tasks_title_done{day}", done=int(own["completed"]), total=int(whole), **values)


def programme(schemes: pd.DataFrame, ctx: ReportContext) -> str:
    """Schemes of a programme by status."""
    return " ".join(_by_system(need(schemes, "programme"), ctx))


def services(online: pd.DataFrame, ctx: ReportContext) -> str:
    """Online public services of the latest year: number, rank, change of rank, share of procedures."""
    rows = need(online, "online_services")
    rows = rows[rows["year"] == rows["year"].max()]
    row: dict[str, Any] = {}
    for each in rows.to_dict("records"):
        ends = {"_low": each["value_low"], "_high": each["value_high"], "_kind": each["value_kind"]}
        ends |= {"": each["value"], "_unit": each["unit"], "_decimals": each["decimals"]}
        row |= {f"{each['measure']}{end}": cell for end, cell in ends.items()}
    parts = [
        ctx.say(f"overview.services_{name}", row=row)
        for name, wanted in _SERVICES.items()
        if all(pd.notna(row.get(each)) for each in wanted)
    ]
    days = rows["as_of"].dropna()
    key = "services_dated" if len(days) else "services"
    return ctx.say(f"overview.{key}", parts=", ".join(parts), day=days.max() if len(days) else None)


def system_heading(rows: pd.DataFrame, ctx: ReportContext) -> str:
    """Name of the system that the rows are of, with its cut-off day where one is printed."""
    day = rows["as_of"].dropna()
    name = capital(_named("system", rows["system"].iloc[0], ctx))
    return ctx.say("overview.heading_dated", system=name, day=day.max()) if len(day) else name


def targets_heading(row: dict[Any, Any], ctx: ReportContext) -> str:
    """Who set the targets, and how many."""
    estimate = "_estimate" if row["basis"] == "estimate" else ""
    return ctx.say(f"overview.targets_heading{estimate}", row=row, system=_named("set_by", row["system"], ctx))


def status(name: str, ctx: ReportContext) -> str:
    """Name of a status; its id where the language has none."""
    return _named("status", name, ctx)


def cut_offs(days: pd.DataFrame, ctx: ReportContext) -> str:
    """Between which days the figures count, which topics rest on estimates, and how many print no day."""
    known = need(days, "other_figures").dropna(subset=["cut_off"])
    key = "overview.cut_offs" if known["cut_off"].nunique() > 1 else "overview.cut_offs_one"
    text = [ctx.say(key, first=known["cut_off"].min(), last=known["cut_off"].max())]
    ahead = [ctx.say(f"overview.topic_{each}") for each in known.loc[known["basis"] == "estimate", "topic"].unique()]
    if ahead:
        text.append(ctx.say("overview.cut_offs_estimates", topics="; ".join(ahead)))
    if count := int(days.loc[days["cut_off"].isna(), "figures"].sum()):
        text.append(ctx.say("overview.cut_offs_undated", count=count))
    return " ".join(text)


def cut_offs_title(days: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on the spread of cut-off days, at most 15 words."""
    known = need(days, "other_figures")["cut_off"].dropna()
    key = "one" if known.nunique() == 1 else "many"
    values = {"count": known.nunique(), "first": known.min(), "last": known.max()}
    return ctx.say(f"overview.cut_offs_title_{key}", **values)


def references(ctx: ReportContext) -> str:
    """How many legal documents the sources name."""
    rows = need(ctx.data.legal_references, "references")
    documents = rows.drop_duplicates(["type", "number", "issuer"])  # a second mention may leave out the date
    return ctx.say("overview.references", mentions=len(rows), documents=len(documents))


def limits(ctx: ReportContext) -> str:
    """What one page of printed figures cannot say."""
    return ctx.say(f"overview.limits_{ctx.data.edition}", sources=len(ctx.data.publications))


def review_title(checked: pd.DataFrame, to_settle: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on what the report should settle before it is signed, at most 15 words."""
    _report_held(checked, ctx)
    return ctx.say(f"checks.review_title{'' if len(to_settle) else '_none'}", count=len(to_settle), total=len(checked))


def review_topics(checked: pd.DataFrame, to_settle: pd.DataFrame, ctx: ReportContext) -> str:
    """How many places the report should settle before it is signed, and of which topics."""
    title = review_title(checked, to_settle, ctx)
    topics = [ctx.say(f"cell.{each}") for each in to_settle["topic"].unique()] if len(to_settle) else []
    return ctx.say("checks.review_topics", title=title, topics=listed(topics, ctx)) if topics else f"{title}."


def review(checked: pd.DataFrame, to_settle: pd.DataFrame, ctx: ReportContext) -> str:
    """What the report should settle before it is signed, a line each: both numbers and both places."""
    _report_held(checked, ctx)
    if to_settle.empty:
        return ctx.say("checks.review_none", total=len(checked))
    lines = [ctx.say("checks.review", count=len(to_settle)), ""]
    return "\n".join([*lines, *(f"- {_reading(row, ctx)}" for row in to_settle.to_dict("records"))])


def revisions(checked: pd.DataFrame, ctx: ReportContext) -> str:
    """What was published again with another value, a line each, with both values."""
    rows = checked[(checked["verdict"] != HOLDS) & checked["reading"].eq("revision")] if len(checked) else checked
    need(rows, "revisions")
    return "\n".join([ctx.say("checks.revisions"), "", *(f"- {_reading(row, ctx)}" for row in rows.to_dict("records"))])


def counted(checked: pd.DataFrame, ctx: ReportContext) -> str:
    """How many identities hold; apart from them revisions, missed forecasts, words, and what stays open."""
    rows = need(checked, "checks")
    holds = int((rows["verdict"] == HOLDS).sum())
    counts = rows.loc[~_of_report(rows, ctx), "reading"].value_counts()
    parts = "; ".join(ctx.say(f"checks.counted_{each}", count=int(counts[each])) for each in READINGS if each in counts)
    if parts and not holds:
        return ctx.say("checks.counted_none", total=len(rows), parts=parts)
    text = ctx.say("checks.counted", total=len(rows), holds=holds)
    return f"{text} {ctx.say('checks.counted_apart', parts=parts)}" if parts else text


def apart(checked: pd.DataFrame, ctx: ReportContext) -> str:
    """What does not agree and is no slip of the report, by what it means, a line each."""
    rows = need(checked, "checks")
    rows = rows[(rows["verdict"] != HOLDS) & ~_of_report(rows, ctx)]
    if rows.empty:
        return ctx.say("checks.none_apart")
    lines: list[str] = []
    for reading in READINGS:
        group = rows[rows["reading"] == reading].to_dict("records")
        if group:
            heading = ctx.say(f"checks.heading_{reading}")
            lines += [f"**{heading}**", "", *(f"- {_reading(row, ctx)}" for row in group), ""]
    return "\n".join(lines).strip()


def systems_apart(work: pd.DataFrame, ctx: ReportContext) -> str:
    """That systems are neither added nor averaged; nothing where there is one only."""
    return " ".join(_apart(work, ctx))


def year_on_year(pairs: pd.DataFrame, ctx: ReportContext) -> str:
    """Which headline figures may be compared with the year before, and why the others may not."""
    rows = need(pairs, "headlines")
    compared = [_changed(row, ctx) for row in rows[rows["reason"] == ""].to_dict("records")]
    sentences = [ctx.say("overview.compared", parts="; ".join(compared))] if compared else []
    for reason, group in rows[rows["reason"] != ""].groupby("reason", sort=False):
        names = [_headline(row, ctx) for row in group.to_dict("records")]
        sentences.append(ctx.say("overview.refused", names=listed(names, ctx), why=ctx.say(f"missing.{reason}")))
    return " ".join(sentences)


def _targets(row: dict[Any, Any], ctx: ReportContext) -> str:
    known = {each.removesuffix("_count") for each in row if each.endswith("_count") and pd.notna(row[each])}
    estimate = "_estimate" if row["basis"] == "estimate" else ""
    values = {"row": row, "system": _named("set_by", row["system"], ctx)}
    if not {"total", "met_or_exceeded"} <= known:
        parts = [f"{_named('status', each, ctx)} {row[f'{each}_count']}" for each in sorted(known)]
        return ctx.say("overview.targets_untold", parts="; ".join(parts), **values)
    text = ctx.say(f"overview.targets{estimate}", **values)
    if {"met", "exceeded"} <= known:
        text += ctx.say("overview.targets_parts", **values)
    if "missed" in known:
        key = "missed" if row["missed_count"] else "none_missed"
        key += "_kinds" if "missed_other" in known and row["missed_count"] else ""
        text += ctx.say(f"overview.targets_{key}", **values)
    return text + "."


def _figure(indicator: str, ctx: ReportContext) -> dict[str, Any] | None:
    """The year's result of an indicator as a row with ``x`` and its bounds; None where it is not printed."""
    rows = ctx.data.select(indicator)
    rows = rows[rows["basis"].isin(["actual", "estimate"]) & rows["value"].notna() & rows["period_type"].eq("year")]
    if rows.empty:
        return None
    row = rows.iloc[0]
    ends = {"x": row["value"], "x_low": row["low"], "x_high": row["high"]}
    return {**ends, "x_unit": row["unit"], "x_decimals": row["decimals"], "basis": row["basis"], "figure_ids": row.name}


def _shown(row: dict[str, Any], ctx: ReportContext) -> str:
    return ctx.fmt.bounded(row, "x", "size")


def _by_system(table: pd.DataFrame, ctx: ReportContext) -> list[str]:
    """One sentence a system: its counts in their order, those that are part of another in brackets after it."""
    sentences = []
    for system, group in table.groupby("system", sort=False):
        counts = {row["status"]: row for row in group.to_dict("records")}
        inner = {part for whole, each in _PARTS_OF.items() if whole in counts for part in each}
        parts = []
        for status in (each for each in _ORDER if each in counts and each not in inner):
            of_it = [_counted(counts[each], ctx) for each in _PARTS_OF.get(status, ()) if each in counts]
            text = _counted(counts[status], ctx)
            parts.append(ctx.say("overview.among", whole=text, parts="; ".join(of_it)) if of_it else text)
        day = group["as_of"].dropna()
        key = "by_system_dated" if len(day) else "by_system"
        name = capital(_named("system", system, ctx))
        values = {"system": name, "parts": ", ".join(parts), "day": day.max() if len(day) else None}
        sentences.append(ctx.say(f"overview.{key}", **values))
    return sentences


def _counted(row: dict[Any, Any], ctx: ReportContext) -> str:
    return f"{_named('status', row['status'], ctx)} {ctx.fmt.bounded(row, 'count')}"


def _named(kind: str, name: object, ctx: ReportContext) -> str:
    """Name of a system or status; its id where the language has none."""
    key = f"overview.{kind}_{name}"
    return ctx.say(key) if ctx.fmt.knows(key) else str(name)


def _apart(table: pd.DataFrame, ctx: ReportContext) -> list[str]:
    return [ctx.say("overview.apart")] if table["system"].nunique() > 1 else []


def _report_held(checked: pd.DataFrame, ctx: ReportContext) -> None:
    need(checked, "checks")
    if ctx.data.edition != REPORT:
        raise NotPrintedError(f"no report on {ctx.data.year} is held", "report")


def _of_report(checked: pd.DataFrame, ctx: ReportContext) -> pd.Series[bool]:
    """Rows that the report of the year should settle itself."""
    return checked["source_ids"].isin(ctx.data.reports) & checked["reading"].isin([SLIP, RANK])


def _reading(row: dict[Any, Any], ctx: ReportContext) -> str:
    """One line: what should hold, both sides with their places, and what may explain it."""
    shown = in_language(pd.DataFrame([row]), ctx.fmt.language).iloc[0]
    sides = [_side(row, each, ctx) for each in _SIDES]
    text = ctx.say("checks.reading", title=shown["title"], left=sides[0], right=sides[1], note=shown["note"] or "")
    return escape(text.strip(), quote=False)


def _value(row: dict[Any, Any], side: str, ctx: ReportContext) -> str:
    value = row[side]
    if pd.isna(value) and pd.isna(row[f"{side}_low"]) and pd.isna(row[f"{side}_high"]):
        return str(row[f"{side}_printed"] or ctx.fmt.text("units.unknown"))
    return ctx.fmt.date(value) if hasattr(value, "year") else ctx.fmt.quantity(number(row, side))


def _side(row: dict[Any, Any], side: str, ctx: ReportContext) -> str:
    text = _value(row, side, ctx)
    places = ctx.places(row[f"{side}_places"])
    return ctx.say("checks.side", value=text, places=places) if places else text


def _changed(row: dict[Any, Any], ctx: ReportContext) -> str:
    return ctx.say(f"overview.change_{direction(row, 'change')}", name=_headline(row, ctx), row=row)


def _headline(row: dict[Any, Any], ctx: ReportContext) -> str:
    period = ctx.say(f"vintages.period_{row['period']}")
    key = "overview.headline_until" if row["period"] == "budget" else "overview.headline"
    return ctx.say(key, label=ctx.label(str(row["indicator"])), period=period, until=row["until"])
