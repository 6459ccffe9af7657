"""What `executor=` refuses, and how the reports of a worker become the events of an answer."""

import gc
import threading
import weakref
from typing import Any

import pytest

import nbstream
from nbstream.core import events as ev
from nbstream.core.codec import event_to_dict
from nbstream.errors import UsageError
from nbstream.many.cluster import Cluster, ClusterSource, Request, check_sendable, request_of
from nbstream.testing import ScriptedModel


class Client:
    """Has what a client of Dask has, and runs nothing."""

    def __init__(self, *, asynchronous: bool = False) -> None:
        self.asynchronous = asynchronous

    def submit(self) -> None:
        """Run a task."""

    def subscribe_topic(self) -> None:
        """Receive reports."""


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"executor": 3}, "nbstream\\[dask\\]"),
        ({"executor": Client(asynchronous=True)}, "without asynchronous"),
    ],
)
def test_what_is_no_blocking_client_is_refused(keywords: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        nbstream.map(["a"], ScriptedModel("1"), **keywords)


def test_a_client_is_not_kept() -> None:
    client = Client()
    job = nbstream.map(["a"], "openai/gpt-5", executor=client, api_key="sk-1")
    kept = weakref.ref(client)
    del client, job
    gc.collect()
    assert kept() is None


def test_a_model_that_cannot_be_sent_is_refused() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(UsageError, match="scripted model cannot be pickled") as caught:
        check_sendable(ScriptedModel("1"))
    assert "without executor=" in str(caught.value.remedy)
    with pytest.raises(UsageError, match="workers of executor= cannot have") as caught:
        check_sendable(threading.Lock())
    assert "Name a model" in str(caught.value.remedy)
    check_sendable("anthropic/claude-sonnet-4-5")


def test_a_request_shows_no_key() -> None:
    request = request_of(
        "openai/gpt-5", [nbstream.user_message("hi")], None, {"api_key": "sk-secret", "top_p": None}
    )
    assert "secret" not in repr(request)
    assert request.keywords == {"api_key": "sk-secret"}


def test_events_are_given_once_and_a_second_attempt_begins_anew() -> None:
    request = Request("m", [], None, {})
    source = ClusterSource(Client(), Cluster(), request)
    rows = [
        event_to_dict(one) for one in (ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, "Blue"))
    ]
    kinds = [
        [event.kind for event in source._new(attempt, at, given)]
        for attempt, at, given in [
            ("one", 0, rows[:1]),
            ("one", 0, rows[:1]),  # again
            ("one", 2, rows[2:]),  # one is missing before it
            ("one", 0, rows),
            ("two", 0, rows[:2]),
            ("two", 0, rows),
        ]
    ]
    assert kinds == [
        ["stream_start"],
        [],
        [],
        ["text_start", "text_delta"],
        ["retry", "stream_start", "text_start"],
        ["text_delta"],
    ]
