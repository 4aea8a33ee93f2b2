"""A fit is one measure's explanation of a question; some orders say by themselves what is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from include.llm.ask.meanings.lexicon import lexicon
from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.understood import Named, Understood

IMPLIED = {
    "busy": ("trips", "day_trips"),
    "quiet": ("trips", "day_trips"),
    "fast": ("speed", "fit_seconds", "mean_fit_seconds"),
    "slow": ("speed", "fit_seconds", "mean_fit_seconds"),
    "long": ("mean_duration", "mean_distance", "fit_seconds", "mean_fit_seconds"),
    "short": ("mean_duration", "mean_distance", "fit_seconds", "mean_fit_seconds"),
    "cheap": ("mean_fare",),
    "expensive": ("mean_fare",),
    "best": ("loss_tune", "loss", "slice_loss"),
    "worst": ("loss_tune", "loss", "slice_loss"),
}
"""Orders that say what is measured."""
DATES = frozenset(
    {
        "registered_at",
        "champion_since",
        "learnt_to",
        "ingested_at",
        "tested_on",
        "decided_at",
        "loaded_at",
        "last_load",
        "validated_at",
    }
)


def own_words(asked: Understood, measure: Measure) -> frozenset[int]:
    """The longest words that name a measure by themselves; none where only a name implies it."""
    spans = [s for s in asked.said.get(measure.name, ()) if asked.words[min(s) : max(s) + 1] in measure.words]
    return max(spans, key=len, default=frozenset())


@dataclass(frozen=True)
class Fit:
    """How a measure explains a question; fewer words left over win, then the higher score."""

    measure: Measure
    filters: Mapping[str, tuple[str, ...]]
    roles: tuple[str, ...]
    group: tuple[str, ...]
    left: tuple[str, ...]
    score: float
    spans: tuple[frozenset[int], ...] = ()
    """Words of the measure, and of the optional names that it uses."""
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What is left out of a ranking of its own kind: the top reason apart from the clock change."""

    def says(self, order: Named, words: Sequence[str]) -> bool:
        """Whether an order's words are the measure's own: lower bound, and lose in lose to, of what is no score."""
        left = order.span - self.covered
        if left and self.measure.better:
            return False
        return not left or (len(left) < len(order.span) and all(words[at] in lexicon().harmless for at in left))

    @property
    def covered(self) -> frozenset[int]:
        """The places of those words."""
        return frozenset[int]().union(*self.spans)
