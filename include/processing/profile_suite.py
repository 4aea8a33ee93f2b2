"""A month that is too large to be examined whole: every rule counted exactly by row group, and the counts examined.

Great Expectations gets one row that holds each rule's share or statistic over all rows, and judges it against the
rule's limit; beside it, it examines a seeded sample of rows, which the page shows and no verdict depends on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.processing.counting import Count, counter_of
from include.processing.derived import REPAID, sources_of
from include.processing.expected import Expected
from include.processing.outcomes import Outcome, read_outcome, shown
from include.processing.reversal_partners import CHARGE_KEY, charge_keys
from include.processing.run_suite import NO_WAIVERS, Judge, merge, native, quality_frame, suite_of

if TYPE_CHECKING:
    import pandas as pd

    from include.processing.waivers import Waiver

SAMPLE_ROWS, SEED = 200_000, 20190101
OF_WHOLE_MONTHS = ("ExpectTableRowCountToBeBetween", "ExpectColumnValuesToBeUnique")
"""Kinds that a sample of rows says nothing about."""


@dataclass(frozen=True)
class Profile:
    """What one pass over a month gives: a count for every rule on rows, the empty table, and the sampled rows."""

    counts: Mapping[str, Count]
    rows: int
    empty: pa.Table
    sample: pa.Table
    charges: np.ndarray


def examine_profile(
    uri: str, suite: list[Expected], name: str, asset: str, waivers: Mapping[str, Waiver] = NO_WAIVERS
) -> tuple[Any, Any, list[Outcome]]:
    """A month's Parquet against a suite -> (ExpectationSuite, merged result, outcomes of the whole month).

    The page shows first the verdicts over all rows, then the sample's; both say in words what they are.
    """
    profile, judge = read_profile(uri, suite), Judge(name, asset)
    verdicts = _judge_counts(judge, profile, suite, waivers)
    sampled = [spec for spec in suite if spec.columns and spec.kind not in OF_WHOLE_MONTHS]
    seen = _judge_sample(judge, profile, sampled)
    found = [_outcome(spec, verdicts[spec.name][1], profile.counts.get(spec.name)) for spec in suite]
    usable = all(o.success or o.expectation in waivers for o in found if o.severity == "critical")
    rules = [rule for rule, _ in (*verdicts.values(), *seen)]
    results = [result for _, result in (*verdicts.values(), *seen)]
    return suite_of(name, rules), merge(results, judge, usable), found


def read_profile(uri: str, suite: list[Expected]) -> Profile:
    """Counts every rule that reads columns, one row group in memory at a time."""
    tally = Tally([spec for spec in suite if spec.columns])
    wanted = {column for spec in suite for column in spec.columns}
    with fsspec.open(uri, "rb") as file:
        parquet = pq.ParquetFile(file)
        rows, empty = parquet.metadata.num_rows, parquet.schema_arrow.empty_table()
        charges = _charges(parquet) if REPAID in wanted else np.empty(0, np.uint64)
        chosen, sample = _chosen(rows), []
        for start, part in _parts(parquet, sources_of(wanted, empty.column_names)):
            tally.add(part, charges)
            here = chosen[(chosen >= start) & (chosen < start + part.num_rows)] - start
            sample.append(part.take(pa.array(here)))
    return Profile(tally.counts(), rows, empty, pa.concat_tables(sample), charges)


class Tally:
    """A counter for each rule; one that raises is left out from then on, and its count says what it raised."""

    def __init__(self, suite: list[Expected]) -> None:
        self.suite = suite
        self.counters = {spec.name: counter_of(spec) for spec in suite}
        self.faults: dict[str, Count] = {}

    def add(self, part: pa.Table, charges: np.ndarray) -> None:
        """The next rows, for the rules whose columns are there."""
        for columns in dict.fromkeys(spec.columns for spec in self.suite):
            frame = quality_frame(part, columns, charges)
            for spec in self.suite:
                if spec.columns == columns and set(columns) <= set(frame.columns) and spec.name not in self.faults:
                    self._add(spec.name, frame)

    def _add(self, name: str, frame: pd.DataFrame) -> None:
        try:
            self.counters[name].add(frame)
        except Exception as fault:  # noqa: BLE001 - whatever is raised over one rule is that rule's result
            self.faults[name] = Count(len(frame), 0, fault=f"{type(fault).__name__}: {fault}")

    def counts(self) -> dict[str, Count]:
        """Rule name -> what was found."""
        whole = {name: counter.count() for name, counter in self.counters.items() if name not in self.faults}
        return whole | self.faults


def _parts(parquet: pq.ParquetFile, columns: list[str]) -> Iterator[tuple[int, pa.Table]]:
    """(first row, rows) of each row group; one empty part of a month without any."""
    start = 0
    for group in range(parquet.num_row_groups):
        part = parquet.read_row_group(group, columns)
        yield start, part
        start += part.num_rows
    if not parquet.num_row_groups:
        yield 0, parquet.schema_arrow.empty_table().select(columns)


def _charges(parquet: pq.ParquetFile) -> np.ndarray:
    """Keys of the month's charges: eight bytes a row."""
    return np.sort(np.concatenate([charge_keys(part) for _, part in _parts(parquet, list(CHARGE_KEY))]))


def _chosen(rows: int) -> np.ndarray:
    if rows <= SAMPLE_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(SEED).choice(rows, SAMPLE_ROWS, replace=False, shuffle=False))


def _judge_counts(
    judge: Judge, profile: Profile, suite: list[Expected], waivers: Mapping[str, Waiver]
) -> dict[str, tuple[Any, Any]]:
    """Rule name -> (expectation, result): shares and statistics in one row, the schema on the empty table."""
    import pandas as pd

    rules = {spec.name: _on_profile(spec, profile, waivers) for spec in suite}
    row = {spec.name: [_judged_value(profile.counts[spec.name])] for spec in suite if spec.columns}
    schema = [rules[spec.name] for spec in suite if not spec.columns]
    counted = [rules[spec.name] for spec in suite if spec.columns]
    found = judge.results(quality_frame(profile.empty, ()), schema) if schema else {}
    found |= judge.results(pd.DataFrame(row, dtype=np.float64), counted)
    return {name: (rule, found[name]) for name, rule in rules.items()}


def _judged_value(count: Count) -> float:
    """The share of rows that keep the rule (NaN: no row has a value, nothing to judge), or the rule's statistic.

    A statistic of nothing, and a rule whose column is absent, are -inf: outside every band.
    """
    if count.broken is not None:
        return (count.values - count.broken) / count.values if count.values else np.nan if count.rows else -np.inf
    return -np.inf if count.statistic is None or np.isnan(count.statistic) else count.statistic


def _on_profile(spec: Expected, profile: Profile, waivers: Mapping[str, Waiver]) -> Any:
    waived = f" - {waivers[spec.name].words()}" if spec.name in waivers else ""
    if not spec.columns:
        return native(spec, f"{spec.name} ({spec.severity}): {spec.limit}{waived}")
    count = profile.counts[spec.name]
    if count.broken is None:
        low, high, what = spec.arguments["min_value"], spec.arguments["max_value"], "this statistic"
    else:
        low, high, what = spec.arguments.get("mostly", 1.0), 1.0, f"{count.broken:,} break it; the share that keeps it"
    told = (f"{spec.name} ({spec.severity}): {spec.limit}. Counted exactly over all {profile.rows:,} rows by row "
            f"group: {count.values:,} have a value, {what} is judged{waived}")  # fmt: skip
    judged = Expected(spec.name, "ExpectColumnValuesToBeBetween", spec.severity, (spec.name,), spec.limit,
                      {"column": spec.name, "min_value": low, "max_value": high})  # fmt: skip
    return native(judged, told)


def _judge_sample(judge: Judge, profile: Profile, suite: list[Expected]) -> list[tuple[Any, Any]]:
    shown_as = f"on a seeded sample of {profile.sample.num_rows:,} rows, for its examples: no verdict depends on it"
    found: dict[str, tuple[Any, Any]] = {}
    for columns in dict.fromkeys(spec.columns for spec in suite):
        rules = [native(s, f"{s.name}: {s.limit}, {shown_as}") for s in suite if s.columns == columns]
        results = judge.results(quality_frame(profile.sample, columns, profile.charges), rules)
        found |= {rule.meta["rule"]: (rule, results[rule.meta["rule"]]) for rule in rules}
    return [found[spec.name] for spec in suite]


def _outcome(spec: Expected, result: Any, count: Count | None) -> Outcome:
    """Great Expectations' verdict on the profile, with the counts that it was read from."""
    outcome = read_outcome(spec, result)
    if count is None:
        return outcome
    column = str(spec.arguments.get("column") or " / ".join(spec.columns))
    observed, percent = shown(count.statistic), None
    if count.fault:
        observed = f"could not be computed: {count.fault}"
    elif count.broken is not None:
        percent = 100 * count.broken / count.values if count.values else None
        observed = "no row has a value" if percent is None else f"{count.broken:,} rows ({percent:.3f} %) break it"
    return Outcome(spec.name, column, spec.severity, outcome.success, observed, spec.limit, count.broken, percent,
                   count.examples)  # fmt: skip
