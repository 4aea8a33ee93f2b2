"""Months through the gate: what is written, what follows, what a rollback holds, and what dies half-way."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from include.config import Settings, load_settings
from include.errors import BadDataError, BundleError
from include.models import promotion, registry, rollback
from include.models.approval import Answer, compare
from include.models.bundle import MODEL_FILE, Pointer, read_pointer
from include.models.history import known_models, moves, standing
from include.models.registry import register_best
from include.models.rollback import roll_back
from include.models.tracking import client
from include.models.train_all import fit_family, plan_training
from include.warehouse.engine import get_engine
from tests.homes import feature_months

pytestmark = pytest.mark.integration
NAME = "nyc_taxi_yellow_duration_min"
MONTHS = ("2019-01", "2019-02", "2019-03", "2019-04")
Fitted = tuple[dict[str, Any], list[list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Fitted]]:
    """Plans and candidates of three months, before anything is registered. Nobody writes here."""
    home = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("MLFLOW_TRACKING_URI", raising=False)  # MLflow leaves the last test's store there
        settings = load_settings({"home": home, "source": "sample", "sample_rows": 3000, "bootstrap_rounds": 100,
                                  "families": ("zone_pair_median", "ridge")})  # fmt: skip
    feature_months(settings, "yellow", *MONTHS)
    fitted = {}
    for month in MONTHS[1:]:
        plan = plan_training("yellow", month, "always", settings)
        fitted[month] = (plan, [fit_family(plan, family, settings) for family in plan["families"]])
    return settings, fitted


@pytest.fixture
def home(trained: tuple[Settings, dict[str, Fitted]], tmp_path: Path) -> tuple[Settings, dict[str, Fitted]]:
    """A registry of the test's own over the same candidates. Every challenger that gains anything is promoted."""
    settings, fitted = trained
    shutil.copytree(settings.home / "mlflow", tmp_path / "mlflow")
    return settings.model_copy(update={
        "home": tmp_path, "lake_url": str(tmp_path / "lake"), "warehouse_url": f"sqlite:///{tmp_path}/w.db",
        "min_gain": 0.0, "veto_rows": 10**9,
    }), fitted  # fmt: skip


@pytest.fixture
def always_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bootstrap says that every challenger is five percent better than anybody."""
    monkeypatch.setattr("include.models.contest.bootstrap_gain", lambda *_: (0.05, 0.02))


def register(home: tuple[Settings, dict[str, Fitted]], month: str, key: str = "") -> dict[str, Any]:
    settings, fitted = home
    plan, candidates = fitted[month]
    outcome: dict[str, Any] = register_best(plan | ({"decision_key": key} if key else {}), candidates, settings)
    return dict(outcome["duration_min"])


def rows(settings: Settings, query: str) -> list[Any]:
    with get_engine(settings).connect() as connection:
        return list(connection.execute(text(query)).all())


def alias(settings: Settings, which: str = "champion") -> int:
    return int(client(settings).get_model_version_by_alias(NAME, which).version)


def answering(settings: Settings) -> int:
    """The version that alias, pointer and log agree on."""
    pointer, stands = read_pointer(settings.lake, NAME), standing(settings, NAME)
    assert pointer is not None
    assert stands is not None
    assert pointer.version == alias(settings) == stands.version
    return pointer.version


@pytest.mark.parametrize("where", ["set_alias", "publish_pointer", "mark_decision"])
def test_a_promotion_that_died_is_finished_by_the_next_try(
    home: tuple[Settings, dict[str, Fitted]], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(promotion, where, crash)
        with pytest.raises(ConnectionError):
            register(home, "2019-02")
    outcome = register(home, "2019-02")
    assert (outcome["action"], outcome["status"]) == ("promote", "unchanged")
    assert outcome["champion"] == f"{NAME}/{answering(home[0])}"
    assert alias(home[0], "challenger") == outcome["version"]
    tags = client(home[0]).get_model_version(NAME, str(outcome["version"])).tags
    assert (tags["decision"], tags["rule"], tags["test_month"]) == ("promote", "first", "2019-02")


@pytest.mark.parametrize("where", ["record_decision", "publish_version"])
def test_a_promotion_that_died_before_its_decision_was_written_has_moved_nothing(
    home: tuple[Settings, dict[str, Fitted]], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(registry, where, crash)
        with pytest.raises(ConnectionError):
            register(home, "2019-02")
    assert read_pointer(home[0].lake, NAME) is None
    assert rows(home[0], "SELECT * FROM promotion_log") == []
    assert rows(home[0], "SELECT * FROM model_registry") == []
    assert register(home, "2019-02")["champion"] == f"{NAME}/{answering(home[0])}"


def crash(*_: Any, **__: Any) -> None:
    raise ConnectionError("the machine went away")


def test_the_next_month_finishes_what_died_and_meets_that_champion(
    home: tuple[Settings, dict[str, Fitted]], monkeypatch: pytest.MonkeyPatch, always_better: None
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(promotion, "set_alias", crash)
        with pytest.raises(ConnectionError):
            register(home, "2019-02")
    register(home, "2019-03")
    assert [move.replaced for move in moves(home[0], NAME)] == [None, 1]
    assert answering(home[0]) == 2


def test_deciding_again_moves_nothing(home: tuple[Settings, dict[str, Fitted]]) -> None:
    register(home, "2019-02")
    before = read_pointer(home[0].lake, NAME)
    assert register(home, "2019-02")["status"] == "unchanged"
    assert read_pointer(home[0].lake, NAME) == before


def test_an_older_month_registers_and_never_takes_the_alias(
    home: tuple[Settings, dict[str, Fitted]], always_better: None
) -> None:
    register(home, "2019-03")
    late = register(home, "2019-02")
    assert (late["action"], late["rule"], late["version"]) == ("keep", "older_month", 2)
    assert answering(home[0]) == alias(home[0], "challenger") == 1


def test_each_month_first_scores_who_stood_before_it(
    home: tuple[Settings, dict[str, Fitted]], always_better: None
) -> None:
    for month in MONTHS[1:]:
        register(home, month)
    query = "SELECT version, month, mae, coverage, slices, rows_scored FROM model_performance WHERE role='prospective' "
    found = rows(home[0], query + f"AND model_name = '{NAME}' ORDER BY month")
    assert [(row.version, row.month) for row in found] == [(1, "2019-03"), (2, "2019-04")]
    assert all(0 < row.coverage < 1 and row.mae > 0 for row in found)
    parts = json.loads(found[0].slices)
    assert sum(part["rows"] for name, part in parts.items() if name.startswith("hours")) == found[0].rows_scored
    register(home, "2019-03", key="other rules")  # today's champion is version 3, of a later month
    assert rows(home[0], query + f"AND model_name = '{NAME}' ORDER BY month") == found


def test_error_by_age_reads_what_users_met(home: tuple[Settings, dict[str, Fitted]]) -> None:
    settings = home[0].model_copy(update={"min_gain": 0.9})
    for month in MONTHS[1:]:
        register((settings, home[1]), month)
    found = rows(settings, "SELECT age_months, months, loss, loss_to_baseline FROM error_by_age "
                           "WHERE target = 'duration_min' ORDER BY age_months")  # fmt: skip
    assert [(row.age_months, row.months) for row in found] == [(1, 3), (2, 1), (3, 1)]
    mae = dict(rows(settings, f"SELECT month, mae FROM model_performance WHERE role = 'prospective' "
                              f"AND model_name = '{NAME}'"))  # fmt: skip
    assert [row.loss for row in found][1:] == pytest.approx([mae["2019-03"], mae["2019-04"]])
    assert all(0 < row.loss_to_baseline < 1 for row in found)


def test_the_decision_can_be_read_everywhere(home: tuple[Settings, dict[str, Fitted]]) -> None:
    outcome = register(home, "2019-02")
    ((rule, actor, gain),) = rows(home[0], f"SELECT `rule`, actor, gain FROM promotion_log WHERE model_name='{NAME}'")
    assert (rule, actor) == ("first", "gate")
    assert gain == pytest.approx(float(outcome["gain"]))
    mlflow_client = client(home[0])
    version = mlflow_client.get_model_version(NAME, str(outcome["version"]))
    run = mlflow_client.get_run(version.run_id)
    assert version.tags["reason"] == run.data.tags["reason"] == outcome["reason"]
    ((mae, slices),) = rows(home[0], f"SELECT mae, slices FROM model_performance WHERE model_name = '{NAME}' "
                                     "AND version = 1")  # fmt: skip
    parts = {name.replace(">", "to"): part["loss"] for name, part in json.loads(slices).items()}
    logged = run.data.metrics
    assert logged["test_mae"] == mae
    assert {name[6:]: loss for name, loss in logged.items() if name.startswith("slice_")} == parts
    register(home, "2019-02")
    assert [m.step for m in mlflow_client.get_metric_history(version.run_id, "test_mae")] == [201902]
    table = Path(mlflow_client.download_artifacts(version.run_id, "decision_2019-02.txt")).read_text()
    assert "gain over the baseline" in table


def test_a_rollback_puts_the_previous_champion_back_and_holds_for_its_month(
    home: tuple[Settings, dict[str, Fitted]], always_better: None
) -> None:
    for month in MONTHS[1:3]:
        register(home, month)
    assert roll_back(home[0], NAME, None, "ana", "fares are off at JFK")["champion"] == 1
    assert answering(home[0]) == 1
    again = register(home, "2019-03")
    assert (again["status"], again["champion"]) == ("unchanged", f"{NAME}/1")
    other = register(home, "2019-03", key="other rules")
    assert (other["rule"], other["champion"]) == ("rolled_back", f"{NAME}/1")
    assert register(home, "2019-04")["action"] == "promote"  # a later month decides anew
    history = rows(home[0], "SELECT version, champion_from, champion_to, decision, actor, reason "
                            f"FROM champion_history WHERE model_name = '{NAME}' ORDER BY champion_from")  # fmt: skip
    assert [row.version for row in history] == [1, 2, 1, answering(home[0])]
    assert (history[2].actor, history[2].reason) == ("ana", "fares are off at JFK")
    assert [row.champion_to for row in history] == [*(row.champion_from for row in history[1:]), None]


def test_a_second_rollback_goes_one_further_back_and_then_ends(
    home: tuple[Settings, dict[str, Fitted]], always_better: None
) -> None:
    for month in MONTHS[1:]:
        register(home, month)
    assert [roll_back(home[0], NAME, None, "ana", "")["champion"] for _ in range(2)] == [2, 1]
    with pytest.raises(BadDataError, match="is the first champion: there is none to go back to"):
        roll_back(home[0], NAME, None, "ana", "")
    assert roll_back(home[0], NAME, 3, "ana", "it was good after all")["champion"] == answering(home[0]) == 3


def test_a_rollback_that_died_is_finished_not_taken_further(
    home: tuple[Settings, dict[str, Fitted]], always_better: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in MONTHS[1:]:
        register(home, month)
    with monkeypatch.context() as dying:
        dying.setattr(promotion, "set_alias", crash)
        with pytest.raises(ConnectionError):
            roll_back(home[0], NAME, None, "ana", "")
    assert roll_back(home[0], NAME, None, "ana", "")["champion"] == answering(home[0]) == 2


def test_a_rollback_that_is_impossible_says_so_and_moves_nothing(
    home: tuple[Settings, dict[str, Fitted]], always_better: None
) -> None:
    register(home, "2019-02")
    register(home, "2019-03")
    assert NAME in known_models(home[0])
    for name, version, message in (
        ("nyc_taxi_purple", None, f"models that have one: {NAME}, nyc_taxi_yellow_fare_usd"),
        (NAME, 9, "has no registered version 9; registered: 1, 2"),
        (NAME, 2, "is the champion already; other versions: 1"),
    ):
        with pytest.raises(BadDataError, match=message):
            roll_back(home[0], name, version, "ana", "")
    damaged = Path(moves(home[0], NAME)[0].uri) / MODEL_FILE
    damaged.write_bytes(b"not a model")
    with pytest.raises(BundleError, match="damaged"):
        roll_back(home[0], NAME, None, "ana", "")
    assert answering(home[0]) == 2


def test_the_command_says_who_answers_or_why_nobody_can(
    home: tuple[Settings, dict[str, Fitted]], always_better: None, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(rollback, "get_settings", lambda: home[0])
    monkeypatch.setattr(rollback, "configure", lambda: None)  # logs stay with the test's own
    monkeypatch.setattr("sys.argv", ["rollback", "--model", NAME, "--by", "ana"])
    with pytest.raises(SystemExit, match=r"^1$"):
        rollback.main()
    assert f"error: '{NAME}' has no champion; models that have one: none" in capsys.readouterr().err
    for month in MONTHS[1:3]:
        register(home, month)
    with monkeypatch.context() as forgotten:
        forgotten.setattr("sys.argv", ["rollback", "--model", ""])  # what `make rollback` passes on
        with pytest.raises(SystemExit, match=r"^1$"):
            rollback.main()
    assert re.search(rf"MODEL=<name> .*; those that have a champion: {NAME}, ", capsys.readouterr().err)
    rollback.main()
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["champion"] == 1


def test_a_lake_whose_warehouse_was_lost_keeps_its_champion(
    home: tuple[Settings, dict[str, Fitted]], always_better: None
) -> None:
    register(home, "2019-03")
    lost = home[0].model_copy(update={"warehouse_url": f"sqlite:///{home[0].home}/new.db"})
    assert register((lost, home[1]), "2019-02")["rule"] == "older_month"
    pointer = read_pointer(lost.lake, NAME)
    assert isinstance(pointer, Pointer)
    assert pointer.test_month == "2019-03"


def test_families_that_failed_are_reported_and_no_candidate_leaves_the_champion(
    home: tuple[Settings, dict[str, Fitted]],
) -> None:
    settings, fitted = home
    plan, candidates = fitted["2019-02"]
    failed = [{"family": "mlp", "target": target, "failed": "no memory"} for target in ("duration_min", "fare_usd")]
    outcome = register_best(plan, [*candidates, failed], settings)
    assert outcome["duration_min"]["failed"] == {"mlp": "no memory"}
    before = answering(settings)
    plan, candidates = fitted["2019-03"]
    none = [c for c in candidates[1] if c["target"] != "duration_min"]
    with pytest.raises(BadDataError, match="duration_min: no contest without any candidate beside the baseline"):
        register_best(plan, [candidates[0], none, failed], settings)
    assert answering(settings) == before
    decided = rows(settings, "SELECT model_name FROM promotion_log WHERE test_month = '2019-03' ORDER BY model_name")
    assert [row[0] for row in decided] == ["nyc_taxi_yellow_fare_usd", "nyc_taxi_yellow_high_tip"]
    scored = rows(settings, "SELECT version FROM model_performance WHERE role='prospective' AND month = '2019-03' "
                            f"AND model_name = '{NAME}'")  # fmt: skip
    assert scored == [(before,)]


def test_a_damaged_champion_stops_its_target_alone(
    home: tuple[Settings, dict[str, Fitted]], always_better: None
) -> None:
    register(home, "2019-02")
    settings, fitted = home
    (Path(moves(settings, NAME)[0].uri) / MODEL_FILE).write_bytes(b"not a model")
    with pytest.raises(BadDataError, match=r"duration_min: .*damaged"):
        register_best(*fitted["2019-03"], settings)
    decided = rows(settings, "SELECT model_name FROM promotion_log WHERE test_month = '2019-03' ORDER BY model_name")
    assert [row[0] for row in decided] == ["nyc_taxi_yellow_fare_usd", "nyc_taxi_yellow_high_tip"]
    assert answering(settings) == 1


def test_who_stands_is_scored_although_nothing_was_fitted(home: tuple[Settings, dict[str, Fitted]]) -> None:
    register(home, "2019-02")
    settings, fitted = home
    nothing = [[{"family": "ridge", "target": "duration_min", "failed": "no memory"}]]
    expected = "No family has a candidate for 2019-03, every champion stays: ridge for duration_min: no memory"
    with pytest.raises(BadDataError, match=expected):
        register_best(fitted["2019-03"][0], nothing, settings)
    scored = rows(settings, "SELECT model_name, version FROM model_performance WHERE role = 'prospective' "
                            "AND month = '2019-03' ORDER BY model_name")  # fmt: skip
    assert [tuple(row) for row in scored] == [
        (f"nyc_taxi_yellow_{t}", 1) for t in ("duration_min", "fare_usd", "high_tip")
    ]


def asking(home: tuple[Settings, dict[str, Fitted]]) -> Settings:
    """The same home, where a person has to agree."""
    return home[0].model_copy(update={"approval": True})


def test_a_decline_is_written_down_and_holds_when_the_month_is_done_again(
    home: tuple[Settings, dict[str, Fitted]], always_better: None
) -> None:
    register(home, "2019-02")
    settings, (plan, candidates) = asking(home), home[1]["2019-03"]
    asked = compare(plan, candidates, settings)
    assert sorted(asked["asked"]) == ["duration_min", "fare_usd", "high_tip"]
    assert rows(settings, "SELECT * FROM model_registry WHERE test_month = '2019-03'") == []
    outcome = register_best(plan, candidates, settings, Answer(False, "ana", "JFK is off", asked["asked"]))
    assert (outcome["duration_min"]["rule"], outcome["duration_min"]["champion"]) == ("declined", f"{NAME}/1")
    assert (answering(settings), alias(settings, "challenger")) == (1, 2)
    query = f"SELECT decision, actor, reason FROM promotion_log WHERE model_name = '{NAME}' AND test_month = '2019-03'"
    ((decision, actor, reason),) = rows(settings, query)
    assert (decision, actor) == ("keep", "ana")
    assert reason.startswith("declined by ana: JFK is off; the gate: 5.00%")
    assert compare(plan, candidates, settings) == {"asked": {}, "text": ""}
    assert register_best(plan, candidates, settings)["duration_min"]["status"] == "unchanged"
    assert answering(settings) == 1


def test_an_approved_promotion_moves_and_a_stale_answer_does_not(
    home: tuple[Settings, dict[str, Fitted]], always_better: None
) -> None:
    settings = asking(home)
    questions = {month: compare(*home[1][month], settings)["asked"] for month in MONTHS[1:3]}
    plan, candidates = home[1]["2019-02"]
    outcome = register_best(plan, candidates, settings, Answer(True, "ana", "", questions["2019-02"]))
    assert outcome["duration_min"]["champion"] == f"{NAME}/{answering(settings)}" == f"{NAME}/1"
    assert rows(settings, f"SELECT actor FROM champion_history WHERE model_name = '{NAME}'") == [("ana",)]
    with pytest.raises(BadDataError, match="the champion has changed since the question was asked"):
        register_best(*home[1]["2019-03"], settings, Answer(True, "ana", "", questions["2019-03"]))
    assert answering(settings) == 1


def test_without_a_person_nothing_is_promoted_and_a_first_decline_leaves_no_champion(
    home: tuple[Settings, dict[str, Fitted]],
) -> None:
    settings, (plan, candidates) = asking(home), home[1]["2019-02"]
    with pytest.raises(BadDataError, match=r"duration_min: first champion.*TAXI_APPROVAL=false"):
        register_best(plan, candidates, settings)
    assert rows(settings, "SELECT * FROM promotion_log") == []
    asked = compare(plan, candidates, settings)["asked"]
    outcome = register_best(plan, candidates, settings, Answer(False, "", "", asked))
    assert (outcome["duration_min"]["champion"], standing(settings, NAME)) == ("none", None)
    assert "declined by time-out, nobody answered within 7 days" in outcome["duration_min"]["reason"]
