"""The whole OpenAPI document against the application: what is undocumented, or fails, is found by asking at random.

Bodies and parameters are drawn from the document, valid and broken ones, with a fixed seed. `make fuzz` draws more.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks

from include.config.add_api_key import add_key
from include.config.api_keys import SCOPES
from include.serving.api import create_app
from include.warehouse.engine import engine_for
from include.warehouse.schema import init_db
from tests.champions import published
from tests.unit.models.trips import sample_rows, window_of

pytestmark = pytest.mark.integration
EXAMPLES = int(os.environ.get("TAXI_FUZZ_EXAMPLES", "15"))
"""Requests per operation and kind."""
TOO_LARGE, NOT_HERE = 413, 501
"""The second is said of a rollback without MLflow's client, the only status from 500 on that is an answer."""


def nothing_failed(_: Any, response: Any, case: schemathesis.Case[Any]) -> None:
    """No status from 500 on."""
    if response.status_code >= 500 and response.status_code != NOT_HERE:
        raise AssertionError(f"{case.method} {case.path} failed with {response.status_code}: {response.text[:500]}")


def broken_is_refused(context: schemathesis.CheckContext, response: Any, case: schemathesis.Case[Any]) -> None:
    """A body that is too large for any form is refused for that, whatever else is wrong with it."""
    if response.status_code != TOO_LARGE:
        checks.negative_data_rejection(context, response, case)


CHECKS = [
    nothing_failed, broken_is_refused, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance, checks.missing_required_header,
]  # fmt: skip
DRAWN = settings(
    max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, asgi.ASGIClient, dict[str, str]]]:
    """The running application over champions and an empty warehouse, and the header of a key that may do everything."""
    window = window_of(sample_rows(tmp_path_factory.mktemp("rows")))
    home = published(tmp_path_factory.mktemp("home"), window)
    init_db(engine_for(home.warehouse))
    key = {"X-API-Key": add_key(home, "fuzzer", sorted(SCOPES))}
    app = create_app(home)

    async def requests_only(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":  # the generator would start and stop the application for every operation
            await app(scope, receive, send)

    with pytest.MonkeyPatch.context() as slim, TestClient(app), asgi.get_client(requests_only) as client:
        slim.setattr("include.serving.rollback_call.importlib.util.find_spec", lambda _: None)  # a process per rollback
        yield app, client, key


def _without_keys(document: dict[str, Any]) -> dict[str, Any]:
    """The document as it is for somebody who has a key: who has none is asked about in the tests of access."""
    bare = copy.deepcopy(document)
    for methods in bare["paths"].values():
        for declared in methods.values():
            declared.pop("security", None)
    return bare


def _operations() -> Iterator[tuple[str, str, GenerationMode]]:
    """Every operation, with valid requests; and with broken ones where there is anything to break."""
    for path, methods in sorted(create_app().openapi()["paths"].items()):
        for method, declared in methods.items():
            yield method.upper(), path, GenerationMode.POSITIVE
            if declared.keys() & {"parameters", "requestBody"}:
                yield method.upper(), path, GenerationMode.NEGATIVE


OPERATIONS = list(_operations())


@pytest.mark.parametrize(("method", "path", "mode"), OPERATIONS, ids=lambda part: getattr(part, "value", part))
def test_every_answer_is_as_documented(service: Any, method: str, path: str, mode: GenerationMode) -> None:
    app, client, key = service
    operation = schemathesis.openapi.from_dict(_without_keys(app.openapi()))[path][method]

    @seed(1)
    @DRAWN
    @given(case=operation.as_strategy(mode))
    def answers_as_documented(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(base_url="http://testserver", session=client, headers=key, checks=CHECKS)

    answers_as_documented()
