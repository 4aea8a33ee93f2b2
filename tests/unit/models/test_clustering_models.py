"""Groups: found where they are, numbered by size, judged, and refused where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from include.errors import BadDataError
from include.models.clustering_models import Clusterer, GMMClusterer, KMeansClusterer, best_of

KINDS = pytest.mark.parametrize("kind", [KMeansClusterer, GMMClusterer])


def heaps() -> np.ndarray:
    """60, 30 and 10 rows around three places, in that order."""
    random = np.random.default_rng(3)
    places = np.repeat([[0.0, 0.0], [10.0, 1000.0], [-10.0, 1000.0]], [60, 30, 10], axis=0)
    return np.asarray(places + random.normal(size=(100, 2)) * [0.5, 50])


@KINDS
def test_heaps_are_found_and_numbered_by_size(kind: type[Clusterer]) -> None:
    clusterer = kind(3)
    labels = clusterer.fit_predict(heaps())
    assert labels.tolist() == [0] * 60 + [1] * 30 + [2] * 10
    assert clusterer.centres == pytest.approx(np.array([[0, 0], [10, 1000], [-10, 1000]]), rel=0.1, abs=25)


@KINDS
def test_the_same_rows_give_the_same_groups(kind: type[Clusterer]) -> None:
    assert kind(4).fit_predict(heaps()).tolist() == kind(4).fit_predict(heaps()).tolist()


def test_each_kind_reports_its_criterion() -> None:
    kmeans, mixture = KMeansClusterer(3), GMMClusterer(3)
    kmeans.fit_predict(heaps())
    mixture.fit_predict(heaps())
    assert kmeans.compute_metrics()["silhouette"] > 0.7
    assert set(kmeans.compute_metrics()) == {"silhouette", "inertia"}
    assert set(mixture.compute_metrics()) == {"silhouette", "bic"}


def test_the_clearest_number_of_groups_wins() -> None:
    assert best_of(KMeansClusterer, heaps(), range(2, 6)).n_clusters == 3


def test_one_group_has_no_silhouette() -> None:
    clusterer = KMeansClusterer(1)
    clusterer.fit_predict(heaps())
    assert np.isnan(clusterer.compute_metrics()["silhouette"])


@KINDS
def test_rows_that_cannot_be_grouped_are_refused(kind: type[Clusterer]) -> None:
    with pytest.raises(BadDataError, match="101 clusters need as many rows"):
        kind(101).fit_predict(heaps())
    with pytest.raises(BadDataError, match="NaN or infinity"):
        kind(2).fit_predict(np.full((5, 2), np.inf))


def test_the_figure_names_groups_and_counts_their_rows() -> None:
    clusterer = KMeansClusterer(3)
    clusterer.fit_predict(heaps())
    figure = clusterer.plot_clusters(heaps(), ["a", "b", "c"], ("x", "y"))
    legend = figure.axes[0].get_legend()
    assert legend is not None
    told = [text.get_text() for text in legend.get_texts()]
    assert told == ["a (60)", "b (30)", "c (10)"]
