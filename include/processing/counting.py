"""Every rule counted over a month that is read in parts: exactly, and without Great Expectations.

Each counter takes frames of the columns that its rule reads and gives what Great Expectations would have found on the
whole: rows, rows with a value, rows that break the rule, a statistic. Memory: a counter of medians keeps distinct
values, the one of unique numbers eight bytes a row, all others a few numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from include.processing.expected import Expected
from include.processing.outcomes import SHOWN_VALUES, shown

if TYPE_CHECKING:
    import pandas as pd

Masks = tuple[np.ndarray, np.ndarray]
"""Which rows the rule looks at, and which of them break it; both (n,) bool."""


@dataclass(frozen=True)
class Count:
    """What a rule found. `broken` is None for rules on a statistic, `statistic` for rules on rows.

    Without any row to look at, the statistic is NaN. `fault` is what the rule raised.
    """

    rows: int
    values: int
    broken: int | None = None
    statistic: float | None = None
    examples: tuple[str, ...] = ()
    fault: str = ""


class Counter(Protocol):
    """Adds up one rule, frame by frame."""

    def add(self, frame: pd.DataFrame) -> None:
        """The next rows."""

    def count(self) -> Count:
        """What was found so far."""


def counter_of(spec: Expected) -> Counter:
    """A counter for the rule; KeyError for a kind of expectation that is not about rows."""
    if spec.kind in BREAKS:
        return RowCounter(BREAKS[spec.kind], spec.arguments)
    return STATISTICS[spec.kind](spec.arguments)


@dataclass
class RowCounter:
    """Rows that break a rule which each row keeps or breaks by itself."""

    breaks: Callable[[pd.DataFrame, Mapping[str, Any]], Masks]
    arguments: Mapping[str, Any]
    rows: int = 0
    values: int = 0
    broken: int = 0
    examples: dict[str, None] = field(default_factory=dict)

    def add(self, frame: pd.DataFrame) -> None:
        """The next rows."""
        looked_at, broken = self.breaks(frame, self.arguments)
        self.rows += len(frame)
        self.values += int(looked_at.sum())
        self.broken += int(broken.sum())
        if len(self.examples) < SHOWN_VALUES:
            first = frame.iloc[np.flatnonzero(broken)[:SHOWN_VALUES]]
            self.examples |= dict.fromkeys(shown(_scalars(row)) for row in first.itertuples(index=False, name=None))

    def count(self) -> Count:
        """What was found so far."""
        return Count(self.rows, self.values, self.broken, examples=tuple(self.examples)[:SHOWN_VALUES])


def _scalars(row: tuple[Any, ...]) -> Any:
    return row[0] if len(row) == 1 else row


def _null(frame: pd.DataFrame, a: Mapping[str, Any]) -> Masks:
    return np.ones(len(frame), bool), frame[a["column"]].isna().to_numpy()


def _outside_set(frame: pd.DataFrame, a: Mapping[str, Any]) -> Masks:
    given = frame[a["column"]].notna().to_numpy()
    return given, given & ~frame[a["column"]].isin(a["value_set"]).to_numpy()


def _inside_set(frame: pd.DataFrame, a: Mapping[str, Any]) -> Masks:
    given = frame[a["column"]].notna().to_numpy()
    return given, given & frame[a["column"]].isin(a["value_set"]).to_numpy()


def _outside_range(frame: pd.DataFrame, a: Mapping[str, Any]) -> Masks:
    values = frame[a["column"]]
    low, high = a.get("min_value"), a.get("max_value")
    kept = np.ones(len(frame), bool)
    if low is not None:
        kept &= (values > low if a.get("strict_min") else values >= low).to_numpy()
    if high is not None:
        kept &= (values < high if a.get("strict_max") else values <= high).to_numpy()
    given = values.notna().to_numpy()
    return given, given & ~kept


def _not_greater(frame: pd.DataFrame, a: Mapping[str, Any]) -> Masks:
    first, second = frame[a["column_A"]], frame[a["column_B"]]
    given = (first.notna() & second.notna()).to_numpy()
    kept = first >= second if a.get("or_equal") else first > second
    return given, given & ~kept.to_numpy()


BREAKS: dict[str, Callable[[pd.DataFrame, Mapping[str, Any]], Masks]] = {
    "ExpectColumnValuesToNotBeNull": _null,
    "ExpectColumnValuesToBeInSet": _outside_set,
    "ExpectColumnValuesToNotBeInSet": _inside_set,
    "ExpectColumnValuesToBeBetween": _outside_range,
    "ExpectColumnPairValuesAToBeGreaterThanB": _not_greater,
}


class _OfColumn:
    """Rows and rows with a value of one column."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self.column = arguments.get("column")
        self.rows = self.values = 0

    def add(self, frame: pd.DataFrame) -> None:
        """The next rows."""
        self.rows += len(frame)
        self.values += len(frame) if self.column is None else int(frame[self.column].notna().sum())


class RowsThere(_OfColumn):
    """How many rows there are."""

    def count(self) -> Count:
        """The statistic is the number of rows."""
        return Count(self.rows, self.values, statistic=float(self.rows))


class FilledShare(_OfColumn):
    """Share of rows with a value."""

    def count(self) -> Count:
        """The statistic is the share."""
        return Count(self.rows, self.values, statistic=self.values / self.rows if self.rows else np.nan)


class Mean(_OfColumn):
    """Mean of a column; exact for flags."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        super().__init__(arguments)
        self.sum = 0.0

    def add(self, frame: pd.DataFrame) -> None:
        """The next rows."""
        super().add(frame)
        self.sum += float(frame[self.column].sum())

    def count(self) -> Count:
        """The statistic is the mean."""
        return Count(self.rows, self.values, statistic=self.sum / self.values if self.values else np.nan)


class Median(_OfColumn):
    """Median of a column, from how often each distinct value occurs."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        super().__init__(arguments)
        self.distinct, self.often = np.empty(0), np.empty(0, np.int64)

    def add(self, frame: pd.DataFrame) -> None:
        """The next rows."""
        super().add(frame)
        values = frame[self.column].to_numpy(np.float64)
        distinct, often = np.unique(values[~np.isnan(values)], return_counts=True)
        self.distinct, position = np.unique(np.concatenate([self.distinct, distinct]), return_inverse=True)
        self.often = np.bincount(position, np.concatenate([self.often, often]), len(self.distinct)).astype(np.int64)

    def count(self) -> Count:
        """The statistic is the median, the mean of the two middle values of an even number."""
        if not self.values:
            return Count(self.rows, 0, statistic=np.nan)
        middle = np.array([(self.values - 1) // 2, self.values // 2])
        positions = np.searchsorted(np.cumsum(self.often), middle, side="right")
        return Count(self.rows, self.values, statistic=float(self.distinct[positions].mean()))


class Unique(_OfColumn):
    """Rows whose value another row has too."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        super().__init__(arguments)
        self.seen: list[np.ndarray] = []

    def add(self, frame: pd.DataFrame) -> None:
        """The next rows."""
        super().add(frame)
        self.seen.append(frame[self.column].dropna().to_numpy())

    def count(self) -> Count:
        """Every row of a repeated value counts."""
        values, often = np.unique(np.concatenate(self.seen or [np.empty(0)]), return_counts=True)
        broken = int(often[often > 1].sum())
        return Count(self.rows, self.values, broken,
                     examples=tuple(shown(v) for v in values[often > 1][:SHOWN_VALUES]))  # fmt: skip


STATISTICS: dict[str, Callable[[Mapping[str, Any]], Counter]] = {
    "ExpectTableRowCountToBeBetween": RowsThere,
    "ExpectColumnProportionOfNonNullValuesToBeBetween": FilledShare,
    "ExpectColumnMeanToBeBetween": Mean,
    "ExpectColumnMedianToBeBetween": Median,
    "ExpectColumnValuesToBeUnique": Unique,
}
