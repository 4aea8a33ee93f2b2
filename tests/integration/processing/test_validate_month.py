"""The validation step: verdicts are written down first, then enforced, and not forgotten."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from include.config import Settings
from include.errors import BadDataError, QualityError
from include.features.build_month import build_feature_month
from include.lake import Lake
from include.processing import validate_month as validation
from include.processing.clean_data import clean_month
from include.processing.expectations import raw_suite
from include.processing.run_suite import Judge
from include.processing.validate_month import validate_clean_month, validate_feature_month, validate_month
from include.warehouse.engine import get_engine
from tests.unit.processing.months import MONTH, healthy_month

pytestmark = pytest.mark.integration

SHORT = ("row_count", "pickup_zone_in_range", "passengers_given", "fare_usd_filled", "fare_usd_in_range",
         "store_and_fwd_known_values")  # fmt: skip


@pytest.fixture
def short_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    """The raw suite's expectations that the tests damage, where the others would only take time."""
    monkeypatch.setattr(
        validation, "raw_suite", lambda *month: [spec for spec in raw_suite(*month) if spec.name in SHORT]
    )


def put_raw(settings: Settings, **changes: Any) -> None:
    Lake(settings.lake).publish_table("raw", "yellow", MONTH, healthy_month(**changes), key="k")


def recorded(settings: Settings) -> dict[str, bool]:
    query = text("SELECT expectation, success FROM data_quality_metrics WHERE suite = 'yellow_raw'")
    with get_engine(settings).connect() as connection:
        return {name: bool(success) for name, success in connection.execute(query)}


def test_a_healthy_month_passes_is_recorded_and_then_unchanged(settings: Settings) -> None:
    put_raw(settings)
    first = validate_month("yellow", "2019-03", settings)
    assert (first["status"], first["warnings"], first["critical"]) == ("done", [], [])
    assert first["passed"] == len(recorded(settings)) > 28
    assert Path(first["docs"]).exists()
    assert validate_month("yellow", "2019-03", settings) == first | {"status": "unchanged"}


@pytest.mark.usefixtures("short_suite")
def test_a_warning_is_named_and_does_not_stop_the_month(settings: Settings) -> None:
    put_raw(settings, passenger_count=0)
    assert validate_month("yellow", "2019-03", settings)["warnings"] == ["passengers_given"]


@pytest.mark.usefixtures("short_suite")
def test_a_critical_failure_is_recorded_and_raised_on_every_repeat(settings: Settings) -> None:
    put_raw(settings, pickup_zone=0)
    sentence = r"yellow 2019-03 .*pickup_zone_in_range: 600 rows \(100.000 %\).*at least 95.0%.*Data Docs: .*html"
    with pytest.raises(QualityError, match=sentence):
        validate_month("yellow", "2019-03", settings)
    assert recorded(settings)["pickup_zone_in_range"] is False
    with pytest.raises(QualityError, match=sentence):
        validate_month("yellow", "2019-03", settings)
    assert len(list((settings.home / "data_docs" / "validations").rglob("*.html"))) == 1


@pytest.mark.usefixtures("short_suite")
def test_a_month_that_is_published_again_is_validated_again_and_keeps_its_history(settings: Settings) -> None:
    put_raw(settings, pickup_zone=0)
    with pytest.raises(QualityError):
        validate_month("yellow", "2019-03", settings)
    put_raw(settings)
    assert validate_month("yellow", "2019-03", settings)["status"] == "done"
    assert recorded(settings)["pickup_zone_in_range"] is True
    assert len(list((settings.home / "data_docs" / "validations").rglob("*.html"))) == 2


@pytest.mark.usefixtures("short_suite")
def test_a_verdict_whose_page_was_deleted_is_made_again(settings: Settings) -> None:
    put_raw(settings)
    Path(validate_month("yellow", "2019-03", settings)["docs"]).unlink()
    again = validate_month("yellow", "2019-03", settings)
    assert again["status"] == "done"
    assert Path(again["docs"]).exists()


def test_a_cleaned_month_keeps_what_cleaning_promises(settings: Settings) -> None:
    put_raw(settings, fare_usd=[-5.0] * 100 + [10.0] * 500)
    clean_month("yellow", "2019-03", settings)
    assert validate_clean_month("yellow", "2019-03", settings)["critical"] == []


@pytest.mark.usefixtures("short_suite")
def test_a_refused_month_names_the_file_of_waivers_that_is_read(settings: Settings, tmp_path: Path) -> None:
    put_raw(settings, pickup_zone=0)
    with pytest.raises(QualityError, match=r"thresholds.yaml, or waive it in .*include/processing/waivers.yaml\.$"):
        validate_month("yellow", "2019-03", settings)
    mine = tmp_path / "mine.yaml"
    mine.write_text("[]")
    with pytest.raises(QualityError, match=r"waive it in .*/mine.yaml\.$"):
        validate_month("yellow", "2019-03", settings.model_copy(update={"waivers": str(mine)}))


def test_a_clean_month_that_is_refused_is_a_fault_of_the_cleaning(settings: Settings) -> None:
    Lake(settings.lake).publish_table("clean", "yellow", MONTH, healthy_month(fare_usd=-5.0), key="k")
    with pytest.raises(QualityError, match=r"fare_in_range.*clean the month again.*cleaning_rules.py") as refused:
        validate_clean_month("yellow", "2019-03", settings)
    assert "thresholds.yaml" not in str(refused.value)


def test_a_month_that_was_not_ingested_is_named(settings: Settings) -> None:
    with pytest.raises(BadDataError, match="no raw month yellow 2019-03"):
        validate_month("yellow", "2019-03", settings)


WAIVER = """
- {service: yellow, month: 2019-03, expectation: pickup_zone_in_range, who: A. Person, until: UNTIL,
   why: zones <b>of one vendor</b> are wrong}
"""


def waiving(settings: Settings, tmp_path: Path, until: str) -> Settings:
    (tmp_path / "waivers.yaml").write_text(WAIVER.replace("UNTIL", until))
    return settings.model_copy(update={"waivers": str(tmp_path / "waivers.yaml")})


@pytest.mark.usefixtures("short_suite")
def test_a_waived_month_passes_and_says_so_wherever_its_result_is(settings: Settings, tmp_path: Path) -> None:
    put_raw(settings, pickup_zone=0)
    with pytest.raises(QualityError):
        validate_month("yellow", "2019-03", settings)
    done = validate_month("yellow", "2019-03", waiving(settings, tmp_path, "2999-12-31"))
    words = "waived by A. Person until 2999-12-31: zones <b>of one vendor</b> are wrong"
    assert done["waived"] == [f"pickup_zone_in_range: {words}"]
    assert done["status"] == "done"
    query = text("SELECT expectation, success, waived_by, waiver_reason, waived_until, examples "
                 "FROM data_quality_metrics WHERE waived_by IS NOT NULL")  # fmt: skip
    with get_engine(settings).connect() as connection:
        assert [tuple(row) for row in connection.execute(query)] == [
            ("pickup_zone_in_range", 0, "A. Person", "zones <b>of one vendor</b> are wrong", "2999-12-31", '["0"]')
        ]
    page = Path(done["docs"]).read_text()
    assert "waived by A. Person until 2999-12-31" in page
    assert "<b>of one vendor" not in page
    kept = Lake(settings.lake).require("quality_raw", "yellow", MONTH)
    assert json.loads(Path(kept.uri).read_text())["waived"] == done["waived"]
    assert len(list((settings.home / "data_docs" / "validations").rglob("*.html"))) == 2


@pytest.mark.usefixtures("short_suite")
def test_an_expired_waiver_lets_nothing_pass_and_is_named(settings: Settings, tmp_path: Path) -> None:
    put_raw(settings, pickup_zone=0)
    with pytest.raises(QualityError, match=r"The waiver of pickup_zone_in_range by A. Person expired on 2020-01-01"):
        validate_month("yellow", "2019-03", waiving(settings, tmp_path, "2020-01-01"))


@pytest.mark.usefixtures("short_suite")
def test_a_month_above_the_setting_is_profiled_and_gets_the_same_verdicts(settings: Settings) -> None:
    put_raw(settings, pickup_zone=0, passenger_count=0)
    with pytest.raises(QualityError) as whole:
        validate_month("yellow", "2019-03", settings)
    verdicts = recorded(settings)
    with pytest.raises(QualityError) as profiled:
        validate_month("yellow", "2019-03", settings.model_copy(update={"gx_max_rows": 599}))
    assert str(profiled.value).split(" Data Docs")[0] == str(whole.value).split(" Data Docs")[0]
    assert recorded(settings) == verdicts
    report = json.loads(Path(Lake(settings.lake).require("quality_raw", "yellow", MONTH).uri).read_text())
    assert report["method"] == "profile of all rows and a seeded sample in Great Expectations"
    page = (settings.home / report["docs"]).read_text()
    assert "Counted exactly over all 600 rows by row group" in page


@pytest.mark.usefixtures("short_suite")
def test_examples_of_what_broke_a_rule_are_recorded(settings: Settings) -> None:
    put_raw(settings, fare_usd=[-5.0, -7.5, -5.0] + [10.0] * 597)
    validate_month("yellow", "2019-03", settings)
    query = text("SELECT unexpected_count, examples FROM data_quality_metrics WHERE expectation = 'fare_usd_in_range'")
    with get_engine(settings).connect() as connection:
        assert tuple(connection.execute(query).one()) == (3, '["-5", "-7.5"]')


@pytest.mark.usefixtures("short_suite")
def test_text_from_a_file_is_text_on_its_page(settings: Settings) -> None:
    put_raw(settings, store_and_fwd="<script>alert(1)</script>")
    page = Path(validate_month("yellow", "2019-03", settings)["docs"]).read_text()
    assert "alert(1)" in page
    assert "<script>alert(1)" not in page


@pytest.mark.usefixtures("short_suite")
def test_an_expectation_that_raises_is_a_critical_failure_with_its_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(judge: Judge, frame: Any, rules: list[Any]) -> Any:
        if any(rule.meta["rule"] == "fare_usd_filled" for rule in rules):
            raise RuntimeError("no such metric")
        return run(judge, frame, rules)

    run = Judge._run
    monkeypatch.setattr(Judge, "_run", raising)
    put_raw(settings)
    with pytest.raises(QualityError, match="fare_usd_filled: could not be computed: RuntimeError: no such metric"):
        validate_month("yellow", "2019-03", settings)
    assert [name for name, success in recorded(settings).items() if not success] == ["fare_usd_filled"]


def test_a_feature_month_has_a_row_for_each_clean_trip_and_keeps_its_bounds(settings: Settings) -> None:
    put_raw(settings)
    clean_month("yellow", "2019-03", settings)
    build_feature_month("yellow", "2019-03", settings)
    done = validate_feature_month("yellow", "2019-03", settings)
    assert (done["critical"], done["status"]) == ([], "done")
    assert done["passed"] > 80


def test_a_damaged_feature_month_is_refused(settings: Settings) -> None:
    import pyarrow as pa

    from include.lake import read_table

    put_raw(settings)
    clean_month("yellow", "2019-03", settings)
    built = build_feature_month("yellow", "2019-03", settings)
    table = read_table(built["uri"]).slice(1)
    place = table.schema.get_field_index("hour")
    table = table.set_column(place, "hour", pa.array([24.0] * 598 + [None], pa.float32()))
    Lake(settings.lake).publish_table("features", "yellow", MONTH, table, key="damaged")
    with pytest.raises(
        QualityError, match=r"row_count: 599, expected 600 rows; hour_filled: 1 rows.*hour_in_range.*features, or waive"
    ):
        validate_feature_month("yellow", "2019-03", settings)


def test_an_unchanged_month_does_not_wait_for_great_expectations(settings: Settings) -> None:
    put_raw(settings)
    validate_month("yellow", "2019-03", settings)
    code = (
        "import sys\n"
        "from include.config import load_settings\n"
        "from include.pipeline import DATA_STEPS\n"
        "from include.processing.validate_month import validate_month\n"
        f"done = validate_month('yellow', '2019-03', load_settings({{'home': {str(settings.home)!r}}}))\n"
        "print('RESULT', done['status'], 'great_expectations' in sys.modules)"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert outcome.stdout.split("RESULT ")[-1].strip() == "unchanged False", outcome.stderr[-2000:]
