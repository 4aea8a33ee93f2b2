"""How high an error may be before it is more than chance: a prediction interval of the months before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import mean, stdev

ONE_IN_200 = {2: 9.925, 3: 5.841, 4: 4.604, 5: 4.032, 6: 3.707, 7: 3.499, 8: 3.355, 9: 3.250, 10: 3.169, 11: 3.106}
"""Student's t by degrees of freedom: what one draw in 200 exceeds."""
MONTHS = max(ONE_IN_200) + 1
"""How many of the latest earlier months are compared: a year, so that every season is among them."""


def upper_end(earlier: Sequence[float]) -> float | None:
    """Errors of earlier months, the oldest first -> what the next one exceeds once in 200 months by chance.

    None for fewer than three months, which say nothing of how errors spread.
    """
    known = earlier[-MONTHS:]
    if len(known) < 3:
        return None
    return mean(known) + ONE_IN_200[len(known) - 1] * stdev(known) * math.sqrt(1 + 1 / len(known))
