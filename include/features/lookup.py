"""Features as look-up tables: what depends on few things is computed once for each of them, and gathered row by row.

Looked up, one trip and three million get the same bits: vectorised sines differ in the last one. A row of a table holds
all features that depend on the same thing, so a request costs one look-up for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


class Columns(Protocol):
    """Anything that has columns by name: a dict of arrays, a DataFrame, an Arrow table."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True)
class Lookup:
    """`rows` is (m, len(names)) float32 and read-only; row i holds the features of thing i."""

    names: tuple[str, ...]
    rows: np.ndarray

    @classmethod
    def of(cls, named: Mapping[str, np.ndarray]) -> Lookup:
        """Features by name, each (m,), in the order of the mapping."""
        rows = np.column_stack([np.asarray(values, np.float32) for values in named.values()])
        rows.setflags(write=False)
        return cls(tuple(named), rows)

    def columns(self, index: np.ndarray) -> dict[str, np.ndarray]:
        """(n,) row numbers -> the features by name, each (n,) float32."""
        return dict(zip(self.names, self.rows[index].T, strict=True))
