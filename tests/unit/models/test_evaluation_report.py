"""The page: complete, self-contained, escaped, and the same every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from include.models.evaluation_report import Evaluation, evaluation_figures, generate_evaluation_report

N = 300
RANDOM = np.random.default_rng(2)
DURATION = Evaluation(
    title="lightgbm", target="duration_min", month="2019-06", actual=RANDOM.uniform(1, 60, N),
    predicted=RANDOM.uniform(1, 60, N), metrics={"mae": 3.25},
    features={"hour": RANDOM.integers(0, 24, N), "pickup_borough": RANDOM.integers(0, 7, N),
              "manhattan_km": RANDOM.uniform(0, 40, N)},
)  # fmt: skip
TIP = replace(
    DURATION, target="high_tip", actual=(DURATION.actual > 30).astype(float), predicted=DURATION.predicted / 60
)


def test_a_quantity_and_a_probability_have_their_own_figures() -> None:
    shared = {"error_by_hour", "error_by_borough", "error_by_distance"}
    assert set(evaluation_figures(DURATION)) == shared | {"residuals"}
    assert set(evaluation_figures(TIP)) == shared | {"calibration", "confusion_matrix", "roc_curve"}


def test_one_class_alone_has_no_roc_curve() -> None:
    assert "roc_curve" not in evaluation_figures(replace(TIP, actual=np.ones(N)))


def test_families_and_importance_are_shown_where_they_are_known() -> None:
    known = replace(
        DURATION, leaderboard=[{"family": "a", "loss": 1.0}], importance=[{"feature": "b", "importance": 1}]
    )
    assert {"families", "importance"} <= set(evaluation_figures(known))


def test_the_page_holds_everything_itself() -> None:
    page = generate_evaluation_report(DURATION)
    assert page.count("data:image/png;base64,") == 4
    assert "3.2500" in page
    assert "300 trips of 2019-06" in page
    assert "http" not in page.replace("<!doctype html>", "")


def test_names_are_escaped_and_pages_repeat() -> None:
    hostile = replace(DURATION, title="<script>alert(1)</script>", facts={"<b>": "&"})
    page = generate_evaluation_report(hostile)
    assert "<script>" not in page
    assert "&lt;b&gt;" in page
    assert page == generate_evaluation_report(hostile)


def test_the_gain_of_a_tree_model_is_a_table_with_the_largest_first() -> None:
    assert "Gain of the splits" not in generate_evaluation_report(DURATION)
    page = generate_evaluation_report(replace(DURATION, gain={"hour": 0.25, "street_km": 0.75, "is_jfk_flat": 0.0}))
    assert page.index("<th>street_km</th>") < page.index("75.0 %") < page.index("<th>hour</th>") < page.index("25.0 %")
    assert "<th>is_jfk_flat</th>" not in page
