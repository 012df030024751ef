"""The story of a booking through all services on the real Apache Kafka, and a second start that keeps its data."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from maillage.demo.loader import load_demo
from maillage.demo.state import DemoState
from maillage.embedded.broker_choice import ChosenBroker, choose_broker
from maillage.embedded.ports import free_ports
from maillage.signed_in import Platform
from maillage.stack import Stack, running_stack
from maillage.stack_options import DEFAULT_PORTS
from maillage.story.play import StoryResult, play_story
from tests.factories.brokers import remember_broker

pytestmark = pytest.mark.timeout(900)
SESSION_TIMEOUT_MS = 2_000
STORY_MINIMUM_CHECKS = 70


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[ChosenBroker]:
    with choose_broker(tmp_path / "broker", say=remember_broker) as broker:
        if not broker.is_apache:
            pytest.skip(f"no real Apache Kafka here: {'; '.join(broker.rejected)}")
        yield broker


def test_the_story_holds_and_a_second_start_keeps_its_data(tmp_path: Path, kafka: ChosenBroker) -> None:
    directory = tmp_path / "stack"
    choose_ports(directory)
    options: dict[str, Any] = {
        "external_kafka": kafka.bootstrap_servers,
        "kafka_session_timeout_ms": SESSION_TIMEOUT_MS,
        "keeps_ports": True,
    }
    with running_stack(directory, "kafka", **options) as stack:
        state, first = asyncio.run(load_and_play(stack))
        assert_holds(first)
        before = visible_to_everybody(stack)
    with running_stack(directory, "kafka", **options) as stack:
        assert visible_to_everybody(stack) == before
        kept, second = asyncio.run(load_and_play(stack))
    assert kept.participants == state.participants, "nothing was loaded twice"
    assert kept.story_runs == 2
    assert_holds(second)


def choose_ports(directory: Path) -> None:
    """Free ones that stay: accounts belong to the issuer's address."""
    directory.mkdir()
    ports = dict(zip(DEFAULT_PORTS, free_ports(len(DEFAULT_PORTS)), strict=True))
    (directory / "stack.json").write_text(json.dumps({"ports": ports}))


async def load_and_play(stack: Stack) -> tuple[DemoState, StoryResult]:
    async with Platform(stack.describe()) as platform:
        state = await load_demo(platform, stack.directory)
        result = await play_story(platform, state, stack.directory)
        return state, result


def assert_holds(result: StoryResult) -> None:
    wrong = [check for check in result.checks if not check.ok]
    late = [effect for step in result.steps for effect in step.effects if effect.after_ms is None]
    assert not wrong
    assert not late
    assert len(result.checks) >= STORY_MINIMUM_CHECKS
    assert result.holds


def visible_to_everybody(stack: Stack) -> list[tuple[str, str, int]]:
    """Sessions as somebody sees them who has not signed in."""
    answer = httpx.get(f"{stack.base_urls['activities']}/api/activities/v1/sessions", params={"limit": 200})
    return [(item["id"], item["state"], item["places_free"]) for item in answer.json()["items"]]
