"""What a question leaves open is settled, and said: the service, the target, the roles, the months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Engine

from include.llm.ask.figures.months_meant import months_meant
from include.llm.ask.figures.queries import figures
from include.llm.ask.figures.settled import Settled, Unanswerable
from include.llm.ask.meanings.measures import measures
from include.llm.ask.question.understood import Understood
from include.llm.ask.question.when import days_meant
from include.llm.ask.routing.plan import Plan

EVERY_SERVICE = frozenset(
    {"both", "all", "every", "overall", "altogether", "combined", "together", "everything", "total"}
)
REGROUPED = frozenset({"totals", "trips", "kept"})
"""Sources whose figures can be computed over several months at once, a mean too."""
CONTEST_ROLES = ("champion", "challenger", "baseline")


def settled_of(engine: Engine, asked: Understood, plan: Plan, service: str, given: bool) -> Settled:
    filters, group, notes = dict(plan.filters), list(plan.group), []
    source = plan.measure.source
    if "service" in source.dimensions and "service" not in filters and not {"service", "model", "run"} & set(group):
        every = speaks_of_all(asked) and plan.measure.adds and not given
        everywhere = every or (plan.measure.everywhere and not given)
        if speaks_of_services(asked) and not given:
            group += [] if everywhere or _together(plan) else ["service"]
            plan = replace(plan, group=tuple(group))
        elif not everywhere:
            filters["service"] = (service,)
            notes += [] if given else [f"No service is named; this is {service}."]
    if plan.measure.equals and plan.measure.equals in filters and plan.shape in ("threshold", "value"):
        filters.pop(plan.measure.equals)
    if "target" in (*plan.measure.needs, *source.needs) and not {"target", "model"} & {*filters, *group}:
        if plan.shape != "value":
            raise Unanswerable(
                "Of which target? The models predict trip duration, fare and high tip, and their errors "
                "have different units. Please name one."
            )
        group.append("target")
    if plan.measure.source.name == "fits" and "family" not in (*filters, *group):
        filters |= _family_of_role(engine, asked, filters)
    months = months_meant(engine, asked, plan, filters)
    if _by_month(plan, months) and "month" not in group:
        group.append("month")
    _add_months(asked, plan, filters, months)
    return Settled(plan, filters, tuple(group), _roles(plan, group), tuple(months or ()), tuple(notes))


def _family_of_role(
    engine: Engine, asked: Understood, filters: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The champion's fit is that of its family."""
    roles = asked.values("role")
    if roles == ("baseline",):
        return {"family": ("zone_pair_median",)}
    if roles != ("champion",):
        return {}
    near = {name: values for name, values in filters.items() if name in ("service", "target")}
    rows = figures(engine, measures()["champion_family"], near)
    return {"family": (str(rows[0]["value"]),)} if rows and rows[0]["value"] and "target" in near else {}


def speaks_of_all(asked: Understood) -> bool:
    """Altogether, of all, ever: nothing that is left open narrows it."""
    text = f" {' '.join(asked.words)} "
    return bool(EVERY_SERVICE & set(asked.words)) or any(said in text for said in (" ever ", " of all ", " so far "))


def speaks_of_services(asked: Understood) -> bool:
    """Both services, all of them: one of them alone is not the answer."""
    return any(f"{every} service" in " ".join(asked.words) for every in ("both", "all", "the two", "either"))


def _together(plan: Plan) -> bool:
    """Whether one figure can be computed over several months or services at once."""
    return plan.measure.adds or plan.measure.merges or plan.measure.source.name in REGROUPED


def _by_month(plan: Plan, months: list[str] | None) -> bool:
    """Several months that are held against each other, or that cannot be added up."""
    if not months or len(months) < 2:
        return False
    paired = plan.shape in ("compared", "difference", "yes", "same", "times", "nearest") and not plan.group
    return paired or (plan.shape == "value" and not _together(plan))


def _add_months(asked: Understood, plan: Plan, filters: dict[str, tuple[str, ...]], months: list[str] | None) -> None:
    dimensions = plan.measure.source.dimensions
    if months and "month" in dimensions:
        filters["month"] = tuple(months)
    elif months and "test_month" in dimensions:
        filters["test_month"] = tuple(months)
    if asked.when.days and months:
        filters["day"] = tuple(days_meant(asked.when, months))


def _roles(plan: Plan, group: Sequence[str]) -> tuple[str, ...]:
    source = plan.measure.source
    if not source.roles:
        return ("",)
    if plan.roles:
        return plan.roles
    return CONTEST_ROLES if "role" in group else (source.who,)
