"""Public holidays of New York as a look-up over days.

Source: the `holidays` package, United States with subdivision NY.
"""

from __future__ import annotations

from functools import cache

import numpy as np

FIRST_YEAR, LAST_YEAR = 2009, 2040
FIRST_DAY = np.datetime64(f"{FIRST_YEAR}-01-01", "D")
DAYS = int((np.datetime64(f"{LAST_YEAR + 1}-01-01", "D") - FIRST_DAY) / np.timedelta64(1, "D"))


@cache
def holiday_table() -> np.ndarray:
    """int8 array of one flag per day from 2009-01-01 to 2040-12-31; 1 on a public holiday in New York."""
    import holidays

    table = np.zeros(DAYS, np.int8)
    for day in holidays.country_holidays("US", subdiv="NY", years=range(FIRST_YEAR, LAST_YEAR + 1)):
        index = int((np.datetime64(day, "D") - FIRST_DAY) / np.timedelta64(1, "D"))
        if 0 <= index < DAYS:
            table[index] = 1
    table.setflags(write=False)
    return table
