"""Many features as a few directions: PCA by spread alone, LDA by what tells known groups apart.

Features are brought to mean 0 and spread 1 first, so that a unit of kilometres weighs what a unit of degrees does; a
feature that does not vary stays 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from include.errors import BadDataError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN_FEATURES = 12
"""Features named on a plot of components; the others weigh less than these in every one."""


class Reducer:
    """Rows of named features -> rows of components. `explained` (k,) are shares, `components` (k, features) weights."""

    title = ""

    def __init__(self, n_components: int, names: tuple[str, ...]) -> None:
        self.n_components, self.names = n_components, names
        self.explained = np.empty(0)
        self.components = np.empty((0, len(names)))

    def plot_explained_variance(self) -> Figure:
        """Bars of each component's share, and the line of their sum."""
        from include.exploration.canvas import BLUE, ORANGE, label, panels

        figure, (ax,) = panels(f"{self.title}: how much each component explains")
        places = np.arange(1, len(self.explained) + 1)
        ax.bar(places, 100 * self.explained, color=BLUE, label="this component")
        ax.plot(places, 100 * np.cumsum(self.explained), color=ORANGE, marker="o", label="all up to it")
        ax.set_xticks(places)
        ax.legend(frameon=False)
        label(ax, "component", "percent of the variance")
        return figure

    def plot_components(self) -> Figure:
        """A heat map of weights: which features each component is made of."""
        from include.exploration.canvas import label, panels

        leading = np.argsort(-np.abs(self.components).max(axis=0), kind="stable")[:SHOWN_FEATURES]
        figure, (ax,) = panels(f"{self.title}: what the components are made of", height=4.6)
        shown = self.components[:, leading]
        bound = float(np.abs(shown).max()) or 1.0
        mesh = ax.imshow(shown, aspect="auto", cmap="PuOr", vmin=-bound, vmax=bound)
        ax.set_yticks(range(len(shown)), [f"component {place}" for place in range(1, len(shown) + 1)])
        ax.set_xticks(range(len(leading)), [self.names[column] for column in leading], rotation=40, ha="right")
        figure.colorbar(mesh, ax=ax, label="weight")
        label(ax, "", "")
        return figure

    def summary(self) -> list[dict[str, Any]]:
        """Per component its share and its five heaviest features with their weights, for tables and pages."""
        rows = []
        for place, (share, weights) in enumerate(zip(self.explained, self.components, strict=True), start=1):
            heaviest = np.argsort(-np.abs(weights), kind="stable")[:5]
            made_of = {self.names[column]: round(float(weights[column]), 4) for column in heaviest}
            rows.append({"component": place, "explained": round(float(share), 6), "features": made_of})
        return rows

    def _standardised(self, x: np.ndarray) -> np.ndarray:
        from sklearn.preprocessing import StandardScaler

        if x.ndim != 2 or x.shape[1] != len(self.names):
            raise BadDataError(f"{self.title} got rows of shape {x.shape}, expected (n, {len(self.names)}) features.")
        if len(x) <= self.n_components:
            raise BadDataError(f"{self.title} of {self.n_components} components needs more than {len(x)} rows.")
        wrong = [name for name, good in zip(self.names, np.isfinite(x).all(axis=0), strict=True) if not good]
        if wrong:
            raise BadDataError(f"{self.title} needs finite numbers; {', '.join(wrong)} holds NaN or infinity.")
        return np.asarray(StandardScaler().fit_transform(x.astype(np.float64)))


class PCAReducer(Reducer):
    """The directions in which rows differ most, whatever they differ for. Signs: each one's heaviest weight is > 0."""

    title = "PCA"

    def fit_transform(self, x: np.ndarray) -> np.ndarray:
        """(n, features) finite -> (n, k) coordinates. BadDataError for other input or too few rows."""
        from sklearn.decomposition import PCA

        model = PCA(self.n_components, svd_solver="full")
        coordinates = model.fit_transform(self._standardised(x))
        sign = _upright(model.components_)
        self.explained, self.components = model.explained_variance_ratio_, model.components_ * sign[:, None]
        return np.asarray(coordinates * sign)


class LDAReducer(Reducer):
    """The directions in which known groups differ most; at most one fewer than there are groups.

    `components` are correlations of the features with each direction: LDA's own coefficients cancel each other out
    between features that say the same, and cannot be read.
    """

    title = "LDA"

    def fit_transform(self, x: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """(n, features) finite and (n,) group numbers -> (n, k) coordinates. BadDataError for a single group."""
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

        found = len(np.unique(groups))
        if found < 2:
            raise BadDataError(f"{self.title} tells groups apart, and all {len(x)} rows are of one group.")
        varied = self._standardised(x)
        model = LinearDiscriminantAnalysis(n_components=min(self.n_components, found - 1))
        coordinates = model.fit_transform(varied, groups)
        spread = np.where(coordinates.std(axis=0) > 0, coordinates.std(axis=0), 1.0)
        weights = ((coordinates - coordinates.mean(axis=0)) / spread).T @ varied / len(varied)
        sign = _upright(weights)
        self.explained, self.components = model.explained_variance_ratio_, weights * sign[:, None]
        return np.asarray(coordinates * sign)


def _upright(components: np.ndarray) -> np.ndarray:
    """(k, features) -> (k,) of 1 and -1 that make each row's heaviest weight positive: signs are arbitrary."""
    heaviest = np.abs(components).argmax(axis=1)
    return np.where(components[np.arange(len(components)), heaviest] < 0, -1.0, 1.0)
