"""Rows into groups: k-means and Gaussian mixtures over standardised features, seeded, with what judges them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from include.errors import BadDataError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SEED = 20190101
SILHOUETTE_ROWS = 2000
"""The silhouette compares every row with every other: a seeded sample of so many says the same."""


class Clusterer:
    """`fit_predict` numbers groups from 0, the largest first; `centres` (k, features) are in the features' own
    units, `labels` (n,) what `fit_predict` gave last."""

    kind: ClassVar[str]

    def __init__(self, n_clusters: int) -> None:
        self.n_clusters = n_clusters
        self.model: Any = None
        self.centres = np.empty((0, 0))
        self._x, self.labels = np.empty((0, 0)), np.empty(0, np.int64)

    def fit_predict(self, x: np.ndarray) -> np.ndarray:
        """(n, features) finite -> (n,) group numbers. BadDataError when there are fewer rows than groups, or NaN."""
        from sklearn.preprocessing import StandardScaler

        if len(x) < self.n_clusters:
            raise BadDataError(f"{self.n_clusters} clusters need as many rows at least; there are {len(x)}.")
        if not np.isfinite(x).all():
            raise BadDataError(f"{self.kind} needs finite numbers; some of the {len(x)} rows hold NaN or infinity.")
        scaler = StandardScaler()
        self._x = scaler.fit_transform(x.astype(np.float64))
        self.model = self._estimator()
        found = self.model.fit_predict(self._x)
        by_size = np.argsort(-np.bincount(found, minlength=self.n_clusters), kind="stable")
        self.labels = np.argsort(by_size)[found]
        self.centres = scaler.inverse_transform(self._centres())[by_size]
        return self.labels

    def compute_metrics(self) -> dict[str, float]:
        """Silhouette of a sample of the rows (-1..1, larger is clearer) and the model's own criterion."""
        from sklearn.metrics import silhouette_score

        sample = np.random.default_rng(SEED).permutation(len(self._x))[:SILHOUETTE_ROWS]
        labels = self.labels[sample]
        clear = 1 < len(np.unique(labels)) < len(sample)
        silhouette = float(silhouette_score(self._x[sample], labels)) if clear else float("nan")
        return {"silhouette": silhouette, **self._criterion()}

    def plot_clusters(self, coordinates: np.ndarray, names: Iterable[str], axes: tuple[str, str]) -> Figure:
        """(n, 2) places to draw the rows at, a name per group, and what the two axes are -> a scatter by group."""
        from include.exploration.canvas import label, panels

        figure, (ax,) = panels(f"{self.kind}: {self.n_clusters} groups", height=7.0, width=7.0)
        for group, name in enumerate(names):
            inside = self.labels == group
            told = f"{name} ({int(inside.sum()):,})"
            ax.scatter(
                coordinates[inside, 0], coordinates[inside, 1], s=14, color=PALETTE[group % len(PALETTE)], label=told
            )
        ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2)
        label(ax, *axes)
        return figure

    def _estimator(self) -> Any:
        raise NotImplementedError

    def _centres(self) -> np.ndarray:
        raise NotImplementedError

    def _criterion(self) -> dict[str, float]:
        raise NotImplementedError


class KMeansClusterer(Clusterer):
    """Groups around centres; `inertia` is the squared distance of all rows to theirs."""

    kind = "k-means"

    def _estimator(self) -> Any:
        from sklearn.cluster import KMeans

        return KMeans(self.n_clusters, n_init=10, random_state=SEED)

    def _centres(self) -> np.ndarray:
        return np.asarray(self.model.cluster_centers_)

    def _criterion(self) -> dict[str, float]:
        return {"inertia": float(self.model.inertia_)}


class GMMClusterer(Clusterer):
    """Groups as Gaussians with a spread of their own per feature; `bic` pays for every group that does not help."""

    kind = "Gaussian mixture"

    def _estimator(self) -> Any:
        from sklearn.mixture import GaussianMixture

        return GaussianMixture(self.n_clusters, covariance_type="diag", n_init=3, reg_covar=1e-3, random_state=SEED)

    def _centres(self) -> np.ndarray:
        return np.asarray(self.model.means_)

    def _criterion(self) -> dict[str, float]:
        return {"bic": float(self.model.bic(self._x))}


PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
"""Okabe and Ito's, told apart by readers with any colour vision."""


def best_of(kind: type[Clusterer], x: np.ndarray, sizes: Iterable[int]) -> Clusterer:
    """The fitted clusterer of one kind with the best silhouette among these numbers of groups; the first of equals."""
    fitted = []
    for size in sizes:
        clusterer = kind(size)
        clusterer.fit_predict(x)
        fitted.append((clusterer.compute_metrics()["silhouette"], clusterer))
    return max(fitted, key=lambda pair: np.nan_to_num(pair[0], nan=-1.0))[1]
