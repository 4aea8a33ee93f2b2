"""Cards at the API: both forms, the champion by name, and no way out of the shelf."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from include.config import Settings
from include.llm import card_store
from include.llm.model_card import generate_model_card_with_llm
from include.serving.api import create_app
from tests.unit.llm.versions import NAME, metadata, metrics

FARE = NAME["fare_usd"]


@pytest.fixture(scope="module")
def shelf(champions: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The champions beside cards of the one that answers, version 1, and of a version 3 that does not."""
    home = tmp_path_factory.mktemp("shelf")
    settings = champions.model_copy(update={"home": home})
    shutil.copytree(champions.lake, settings.lake)
    for pointer in home.rglob("champion.json"):
        pointer.write_text(pointer.read_text().replace(str(champions.home), str(home)))
    for version in (1, 3):
        card_store.save(settings.lake, generate_model_card_with_llm(metadata(version=version), metrics(), settings))
    return settings


@pytest.fixture(scope="module")
def client(shelf: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(shelf)) as made:
        yield made


def test_the_list_says_which_version_answers(client: TestClient) -> None:
    cards = client.get("/model-cards").json()
    assert [(card["name"], card["version"], card["champion"]) for card in cards] == [(FARE, 1, True), (FARE, 3, False)]
    assert cards[0]["written_at"] == "2019-06-02T03:04:05+00:00"


@pytest.mark.parametrize(("accept", "kind", "begins"), [
    ("", "text/html", "<!doctype html>"), ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html", "<!doctype html>"),
    ("text/markdown", "text/markdown", "# Model card"), ("text/markdown;q=0.4, text/*;q=0.5", "text/html", "<!doctype"),
])  # fmt: skip
def test_a_card_comes_in_the_form_that_is_asked_for(client: TestClient, accept: str, kind: str, begins: str) -> None:
    answer = client.get(f"/model-cards/{FARE}/3", headers={"accept": accept} if accept else {})
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    assert answer.text.startswith(begins)
    assert answer.headers["vary"] == "accept"


def test_a_page_may_load_and_run_nothing(client: TestClient) -> None:
    policy = client.get(f"/model-cards/{FARE}/1").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


def test_champion_is_a_version_too(client: TestClient) -> None:
    asked = [client.get(f"/model-cards/{FARE}/{version}").text for version in ("champion", "1")]
    assert asked[0] == asked[1]
    assert "version 1" in asked[0]


@pytest.mark.parametrize(("path", "status"), [
    (f"{FARE}/2", 404), (f"{NAME['high_tip']}/champion", 404), ("nyc_taxi_pink_fare_usd/champion", 404),
    ("../bundles/1", 404), ("%2e%2e/1", 422), ("..%2f..%2fetc/1", 404), (f"{FARE}/%2e%2e", 422),
    (f"{FARE}/v1.json", 422), (f"{FARE}/-1", 422), (f"{FARE}/1.0", 422), (f"{FARE}/99999999", 422), ("A/1", 422),
])  # fmt: skip
def test_whatever_else_is_asked_for_is_refused(client: TestClient, path: str, status: int) -> None:
    answer = client.get(f"/model-cards/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_form_that_is_not_offered_is_406(client: TestClient) -> None:
    assert client.get(f"/model-cards/{FARE}/1", headers={"accept": "application/pdf"}).status_code == 406


def test_cards_need_a_key_where_there_are_keys(shelf: Settings) -> None:
    guarded = shelf.model_copy(update={"api_keys": SecretStr("k" * 32)})
    with TestClient(create_app(guarded)) as client:
        assert client.get("/model-cards").status_code == 401
        assert client.get(f"/model-cards/{FARE}/1", headers={"x-api-key": "k" * 32}).status_code == 200
