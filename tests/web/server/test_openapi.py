"""The OpenAPI document says what there is and what comes, and nothing that it allows breaks the server."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.server.conftest import TOKEN, Served
from tui_live.web.api import ROUTES, document

README = (Path(__file__).resolve().parents[3] / "README.md").read_text()
#: What never ends by itself, and what would change the machine that tests run on.
LEFT_OUT = {"past_stream"}
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
#: Other paths and methods than those of the document, as fuzzing finds them.
UNDOCUMENTED = (404, 405)


async def test_every_route_has_a_row_and_every_row_a_route(served: Served) -> None:
    told = {(method.upper(), path) for path, ways in document()["paths"].items() for method in ways}
    assert told == {(route.method, route.path) for route in ROUTES}
    application = served.server._runner.app
    served_paths = {(route.method, route.resource.canonical) for route in application.router.routes()}
    others = {
        ("GET", "/api/openapi.json"),
        ("GET", "/ws"),
        ("*", "/api/{rest}"),
        ("GET", "/{name}"),
        ("HEAD", "/{name}"),
        ("HEAD", "/api/openapi.json"),
        ("*", "/{name}"),
    }
    heads = {("HEAD", path) for method, path in told if method == "GET"}
    assert served_paths == told | heads | others
    status, answer = await served.ask("/api/openapi.json")
    assert (status, answer) == (200, document())


def test_the_readme_names_every_path() -> None:
    for route in ROUTES:
        path = re.sub(r"{(\w+)}", lambda name: name[1].upper(), route.path)
        assert f"`{path}`" in README or f"{path}`" in README, path


def test_every_reference_leads_somewhere_and_every_answer_has_a_shape() -> None:
    made = document()
    references = set(re.findall(r"#/components/schemas/(\w+)", str(made)))
    assert references == set(made["components"]["schemas"])
    for ways in made["paths"].values():
        for operation in ways.values():
            assert all(each["schema"] for each in operation["responses"]["200"]["content"].values())
            assert {"401", "421"} <= set(operation["responses"])


def test_the_stream_and_bodies_are_described_so_that_one_can_begin() -> None:
    paths = document()["paths"]
    stream = paths["/api/sessions/{id}/stream"]["get"]
    assert ("Last-Event-ID", "header") in {(each["name"], each["in"]) for each in stream["parameters"]}
    assert "addEventListener" in stream["description"] and "/ws" in document()["info"]["description"]
    assert "null" in paths["/api/stream_action"]["post"]["description"]
    for ways in paths.values():
        for operation in ways.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                name = content["schema"]["$ref"].rpartition("/")[2]
                kind = next(route.body for route in ROUTES if route.body and route.body.__name__ == name)
                msgspec.convert(content["example"], kind)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.name)
async def test_nothing_that_anybody_asks_breaks_the_server(served: Served, mode: schemathesis.GenerationMode) -> None:
    key = await served.session("ana")
    schema = schemathesis.openapi.from_dict(document())
    schema.config.generation.update(modes=[mode])
    statuses = await asyncio.to_thread(ask_everything, schema, served.url, key)
    assert statuses[200] > 20
    assert {404, 421} & set(statuses) == {404}
    assert max(statuses) < 500, statuses


def ask_everything(schema: Any, url: str, key: str) -> Counter[int]:
    """Ask what schemathesis makes of the document; whatever is not as documented fails. How often each status came."""
    statuses: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.definition.raw["operationId"] in LEFT_OUT:
            continue

        @settings(
            max_examples=15,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(case=operation.as_strategy(), known=st.booleans(), trusted=st.integers(0, 5))
        def ask(case: Any, known: bool, trusted: int) -> None:
            if known and "id" in (case.path_parameters or {}):
                case.path_parameters["id"] = key
            headers = {"Authorization": f"Bearer {TOKEN}"} if trusted else {}
            answer = case.call(base_url=url, headers=headers, timeout=10)
            statuses[answer.status_code] += 1
            if answer.status_code not in UNDOCUMENTED:
                case.validate_response(answer, checks=CHECKS)

        ask()
    return statuses
