"""`nbstream.map()`: order, errors, tables, limits, rate limits, the cassette, memory."""

import gc
import re
import weakref
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from pydantic import BaseModel

import nbstream
from nbstream import errors
from nbstream.messages import Message, TextPart, Usage
from nbstream.streams.run import Run
from nbstream.testing import ScriptedModel
from tests.harness.background import run_async
from tests.harness.patience import until


class Label(BaseModel):
    """A label of a text."""

    label: str
    score: int


def answers(count: int) -> list[str]:
    return [f"answer {number}" for number in range(count)]


def test_results_come_in_order_whatever_ends_first() -> None:
    job = nbstream.map(range_of(40), ScriptedModel(*answers(40)), concurrency=7)
    results = list(job)
    assert [one.index for one in results] == list(range(40))
    assert [one.prompt for one in results] == range_of(40)
    assert {one.output for one in results} == set(answers(40))
    assert job.totals.done == len(job) == 40


def range_of(count: int) -> list[str]:
    return [f"prompt {number}" for number in range(count)]


def test_it_is_awaited_and_iterated_in_a_running_loop_and_blocks_there_too() -> None:
    def job() -> nbstream.PromptMap[str]:
        return nbstream.map(["a", "b"], ScriptedModel("1", "2"), concurrency=1)

    async def read() -> list[list[Any]]:
        return [
            [one.output for one in await job()],
            [one.output async for one in job()],
            [one.output for one in job()],
            job().to_df()["answer"].to_list(),
        ]

    assert run_async(read()) == [["1", "2"]] * 4


def test_a_failed_prompt_is_a_row_and_the_others_go_on() -> None:
    model = ScriptedModel("a", errors.BadRequestError("No such field."), "c")
    job = nbstream.map(["1", "2", "3"], model, concurrency=1)
    table = job.to_df()
    assert table["answer"].to_list()[::2] == ["a", "c"]
    assert table["error"].to_list()[1] == "BadRequestError: No such field."
    assert (job.totals.done, job.totals.failed) == (2, 1)


def test_the_first_error_ends_it_if_it_shall() -> None:
    model = ScriptedModel("a", errors.BadRequestError("No."), "c")
    job = nbstream.map(["1", "2", "3"], model, concurrency=1, on_error="raise")
    with pytest.raises(errors.BadRequestError):
        job.to_df()
    assert [one.output for one in job.results] == ["a", None]
    assert len(model.requests) == 2


@pytest.mark.parametrize("library", [pd, pl])
def test_a_table_gets_the_answers_as_columns(library: Any) -> None:
    table = library.DataFrame({"text": ["fine", "bad"], "score": [8, 9]})
    if library is pd:
        table.index = [5, 3]
    model = ScriptedModel('{"label": "good", "score": 2}', '{"label": "poor", "score": 1}')
    job = nbstream.map(
        table, model, prompt="Classify: {{ text.upper() }}", output_type=Label, concurrency=1
    )
    found = job.to_df()
    assert type(found) is type(table)
    assert list(found.columns) == ["text", "score", "label", "answer_score", "error"]
    assert found["label"].to_list() == ["good", "poor"]
    assert found["answer_score"].to_list() == [2, 1]
    assert [one.prompt for one in model.requests] == ["Classify: FINE", "Classify: BAD"]
    if library is pd:
        assert list(found.index) == [5, 3]


@pytest.mark.parametrize(
    ("given", "prompt", "asked"),
    [
        (pd.DataFrame({"q": ["x", "y"], "n": [1, 2]}), "q", ["x", "y"]),
        (pd.DataFrame({"prompt": ["x", "y"], "n": [1, 2]}), None, ["x", "y"]),
        (pd.DataFrame({"a b": ["x", "y"]}), "{{ row['a b'] }}!", ["x!", "y!"]),
        (pl.Series(["x", "y"]), None, ["x", "y"]),
        ([{"q": "x"}, {"q": "y"}], "Say {{ q }}", ["Say x", "Say y"]),
        (("x", "y"), "Say {{ item }}", ["Say x", "Say y"]),
        ((one for one in "xy"), None, ["x", "y"]),
    ],
)
def test_where_prompts_come_from(given: Any, prompt: str | None, asked: list[str]) -> None:
    model = ScriptedModel("1", "2")
    nbstream.map(given, model, prompt=prompt, concurrency=1).wait()
    assert [one.prompt for one in model.requests] == asked


@pytest.mark.parametrize(
    ("given", "keywords", "says"),
    [
        ("one", {}, "many prompts"),
        (pd.DataFrame({"a": [1], "b": [2]}), {}, 'prompt="Classify'),
        (pd.DataFrame({"a": [1]}), {"prompt": "b"}, "Its columns: a"),
        (pd.DataFrame({"a": [1]}), {"prompt": "{{ b + 1 }}"}, "not defined"),
        (["a"], {"concurrency": 0}, "1 or more"),
        (["a"], {"on_error": "skip"}, '"keep" or "raise"'),
        (["a"], {"budget": -1}, "above 0"),
        (["a"], {"limits": 3}, "UsageLimits"),
        (["a"], {"concurency": 3}, "concurrency="),
        ([1, 2], {}, "{{ item }}"),
        (pd.DataFrame({"t": [1]}), {}, "{{ column }}"),
        (["a"], {"prompt": str.upper}, "prompt= takes a text"),
    ],
)
def test_a_mistake_is_told_before_anything_is_sent(
    given: Any, keywords: dict[str, Any], says: str
) -> None:
    model = ScriptedModel("1")
    with pytest.raises(errors.UsageError, match=re.escape(says)):
        nbstream.map(given, model, **keywords)
    assert not model.requests


@pytest.mark.parametrize(
    ("given", "known"),
    [(pd.DataFrame({"title": ["a"], "body": ["b"]}), "title, body, row"), (["a"], "item")],
)
def test_a_template_that_fails_names_what_it_can_have(given: Any, known: str) -> None:
    with pytest.raises(errors.UsageError, match="'text' is not defined") as caught:
        nbstream.map(given, ScriptedModel("1"), prompt="Classify: {{ text }}")
    assert f"names in a prompt are: {known}." in str(caught.value.remedy)


@pytest.mark.parametrize("given", [pd.DataFrame({"t": []}), [], pl.DataFrame({"t": []})])
def test_nothing_to_ask_is_a_table_without_rows(given: Any) -> None:
    table = nbstream.map(given, ScriptedModel()).to_df()
    assert len(table) == 0
    assert list(table.columns) == ["prompt" if isinstance(given, list) else "t", "answer", "error"]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
@pytest.mark.parametrize("first", [False, True])
def test_a_missing_prompt_is_an_error_of_its_own(missing: Any, first: bool) -> None:
    given = [missing, "a"] if first else ["a", missing]
    model = ScriptedModel("1")
    table = nbstream.map(pd.DataFrame({"t": given}, dtype=object), model).to_df()
    assert [str(one) for one in table["error"]][1 - first] == ("UsageError: The prompt is missing.")
    assert table["answer"][int(first)] == "1"
    assert len(model.requests) == 1


def test_equal_prompts_have_an_answer_each_also_with_a_cassette(tmp_path: Path) -> None:
    for concurrency in (1, 3):
        tape = tmp_path / f"{concurrency}.nbstream"
        for count, new in ((2, 2), (3, 1), (3, 0)):  # the second time one more is asked
            asked = ScriptedModel(*answers(3)[3 - new :])
            job = nbstream.map(["a"] * count, asked, cassette=tape, concurrency=concurrency)
            assert job.wait()
            assert len(asked.requests) == new
            found = [one.output for one in job.results]
            assert len(found) == count
        assert f"{job.totals!r}" == (
            "<Totals: 3 of 3 answered, 0 failed, 3 replayed, 0 requests sent>"
        )


def test_a_row_whose_prompt_cannot_be_made_is_an_error_of_its_own() -> None:
    job = nbstream.map([{"a": 2}, {"a": 0}], ScriptedModel("1"), prompt="{{ 1 / a }}")
    assert [type(one.error) for one in job] == [type(None), errors.UsageError]


def priced(count: int) -> list[Message]:
    usage = Usage(100_000, 10_000)
    part = (TextPart("Blue."),)
    return [Message("assistant", part, usage, "stop", None, "gpt-4o", "openai")] * count


def test_a_budget_ends_it_and_what_had_come_is_kept() -> None:
    model = ScriptedModel(*priced(9))  # 0.35 dollars each
    job = nbstream.map(range_of(9), model, concurrency=1, budget=0.5)
    with pytest.raises(errors.UsageLimitError, match=r"\$0.5"):
        job.to_df()
    assert [one.output for one in job.results] == ["Blue."] * 2
    assert len(model.requests) == 2
    assert job.cost is not None
    assert float(job.cost) == pytest.approx(0.7)
    assert job.usage.input_tokens == 200_000


def test_limits_of_tokens_and_requests_end_it() -> None:
    for limits in (
        nbstream.UsageLimits(request_limit=3),
        nbstream.UsageLimits(total_tokens_limit=300_000),
    ):
        model = ScriptedModel(*priced(9))
        job = nbstream.map(range_of(9), model, concurrency=1, limits=limits)
        with pytest.raises(errors.UsageLimitError):
            list(job)
        assert len(model.requests) == 3


def test_one_rate_limit_holds_all_requests_of_the_provider() -> None:
    """The other workers had sent theirs before; after it none is sent until the pause is over."""
    limit = errors.RateLimitError("Too many requests.", status=429, wait=0.3)
    model = ScriptedModel("0", limit, *answers(30))
    job = nbstream.map(range_of(20), model, concurrency=3)
    sent: list[int] = []

    def note() -> None:
        if job.pause > 0.05:
            sent.append(len(model.requests))

    job.listen(note)
    results = list(job)
    assert all(one.error is None for one in results)
    assert job.totals.sent == 21  # the refused request was sent again
    assert sent
    assert max(sent) <= 6  # none of 14 that wait


def test_a_limit_that_does_not_end_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbstream.many.pause.backoff", lambda _failures, _longest: 0.001)
    monkeypatch.setattr("nbstream.many.pause._SPREAD", 0.001)
    limit = errors.RateLimitError("Too many requests.", status=429)
    model = ScriptedModel(*[limit] * 99)
    [result] = nbstream.map(["a"], model)
    assert isinstance(result.error, errors.RateLimitError)
    assert 2 < len(model.requests) < 20


def test_a_provider_that_always_asks_for_no_wait_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nbstream.many.pause.backoff", lambda _failures, _longest: 0.02)
    limit = errors.RateLimitError("Too many requests.", status=429, wait=0.0)
    # Each refusal takes a moment, so that all are sent before the first of them.
    model = ScriptedModel(*[limit] * 25, *answers(25), delay=0.3)
    results = list(nbstream.map(range_of(25), model, concurrency=25))
    assert [one.error for one in results] == [None] * 25


def test_what_may_succeed_later_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbstream.many.pause.backoff", lambda _failures, _longest: 0.001)
    troubles = [
        errors.ServerError("It broke.", status=500),
        errors.IncompleteResponseError("It broke off."),
        errors.ProtocolError("Not JSON."),
        errors.ConnectionFailedError("No connection."),
    ]
    [result] = nbstream.map(["a"], ScriptedModel(*troubles, "Blue."))
    assert (result.output, result.attempts) == ("Blue.", 5)
    [result] = nbstream.map(["a"], ScriptedModel(*troubles, "Blue."), retries=3)
    assert isinstance(result.error, errors.ConnectionFailedError)


def test_stop_keeps_what_had_come() -> None:
    job = nbstream.map(range_of(9), ScriptedModel("0", *["slow " * 999] * 9, delay=0.01)).start()
    until(lambda: job.totals.done == 1)
    job.cancel()
    assert job.wait()
    assert [one.output for one in job.results if one.error is None] == ["0"]
    stopped = next(one for one in job.results if one.error is not None)
    assert isinstance(stopped.error, errors.CancelledStreamError)
    assert stopped.text.startswith("slow")
    assert len(job.to_df()) == 9
    assert "stopped" in repr(job)


def test_a_loop_that_is_left_ends_it() -> None:
    job = nbstream.map(range_of(9), ScriptedModel("0", *["slow " * 999] * 9, delay=0.01))
    for _ in job:
        break
    until(lambda: job.is_complete)
    assert job.is_cancelled


def test_the_cassette_answers_what_it_has(tmp_path: Path) -> None:
    tape = tmp_path / "map.nbstream"
    first = ScriptedModel(*answers(3))
    nbstream.map(range_of(3), first, cassette=tape, concurrency=1).wait()
    more = ScriptedModel(*answers(2))
    job = nbstream.map(range_of(5), more, cassette=tape, concurrency=1)
    results = list(job)
    assert [one.prompt for one in more.requests] == ["prompt 3", "prompt 4"]
    assert [one.is_replayed for one in results] == [True] * 3 + [False] * 2
    assert (job.totals.replayed, job.totals.sent) == (3, 2)
    assert [one.output for one in results] == [*answers(3), *answers(2)]


def test_finished_streams_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[weakref.ref[Run]] = []
    most = 0

    class Watched(Run):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            nonlocal most
            super().__init__(*args, **kwargs)
            runs.append(weakref.ref(self))
            if len(runs) % 20 == 0:
                gc.collect()
                most = max(most, sum(one() is not None for one in runs))

    monkeypatch.setattr("nbstream.many.api.Run", Watched)
    job = nbstream.map(range_of(60), ScriptedModel(*answers(60)), concurrency=3)
    job.wait()
    gc.collect()
    assert len(runs) == 60
    assert most <= 3 * 3  # those that run, and some that have just ended
    assert not [one for one in runs if one() is not None]
    assert len(job.results) == 60
