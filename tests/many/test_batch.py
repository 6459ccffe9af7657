"""`nbstream.map(..., batch=True)`: the batches of Anthropic and OpenAI, polled and resumed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import nbstream
from nbstream import errors
from nbstream.progress.words import facts
from nbstream.request import batches
from nbstream.streams.loop import submit
from tests.harness.batch_server import AnthropicServer, BatchServer, OpenAIServer
from tests.harness.patience import HANG, until

KEY = "sk-secret-of-the-batch-tests"
MODELS = {
    "anthropic": "anthropic/claude-sonnet-4-5",
    "openai": "openai/gpt-5-mini",
    "openai-chat": "openai-chat/gpt-5-mini",
}


@pytest.fixture(params=list(MODELS))
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(provider: str) -> Iterator[BatchServer]:
    with AnthropicServer() if provider == "anthropic" else OpenAIServer() as found:
        yield found


@pytest.fixture
def ask(provider: str, server: BatchServer, tmp_path: Path) -> Any:
    address = server.url if provider == "anthropic" else f"{server.url}/v1"

    def make(prompts: list[str], **more: Any) -> nbstream.PromptMap[Any]:
        given: dict[str, Any] = {
            "batch": True,
            "cassette": tmp_path / "answers.nbstream",
            "interval": 0.02,
            "base_url": address,
            "api_key": KEY,
            "progress": False,
        }
        return nbstream.map(prompts, MODELS[provider], **{**given, **more})

    return make


def test_a_batch_answers_its_prompts_in_order_and_the_cassette_keeps_them(
    ask: Any, server: BatchServer, tmp_path: Path
) -> None:
    server.finish.set()
    server.echo = KEY
    prompts = ["one", "fail two", "three"]
    job = ask(prompts, system="Be short.", max_tokens=50)
    results = list(job)
    assert [one.output for one in results] == ["Answer to one", None, "Answer to three"]
    assert isinstance(results[1].error, errors.BadRequestError)
    assert "No such field." in str(results[1].error)
    assert (job.totals.done, job.totals.failed, job.totals.sent) == (2, 1, 3)
    assert job.usage.total_tokens == 30
    assert job.cost is None
    assert results[0].message is not None
    assert results[0].message.cost is None
    body = server.sent[0][0].get("params") or server.sent[0][0]["body"]
    assert "stream" not in body
    assert "stream_options" not in body
    assert KEY not in (tmp_path / "answers.nbstream").read_text() + repr(job)
    assert KEY not in str(results[1].error)

    # What failed is sent again; what was answered is not.
    again = ask(prompts, system="Be short.", max_tokens=50)
    assert [one.output for one in again] == ["Answer to one", None, "Answer to three"]
    assert [len(one) for one in server.sent] == [3, 1]
    assert again.totals.replayed == 2


def test_stop_keeps_the_batch_and_the_same_map_waits_for_it_again(
    ask: Any, server: BatchServer
) -> None:
    server.answered = 1
    job = ask(["one", "two", "two"]).start()
    until(lambda: job.totals.done == 1)
    assert len(job.batches) == 1
    job.stop()
    assert job.wait(HANG)
    assert job.is_cancelled
    assert job.results == []
    assert (job.totals.done, job.open_batches) == (0, 1)
    assert "the batch goes on at the provider" in facts(job)

    server.finish.set()
    again = ask(["two", "one", "two", "three"])  # another order, and one more
    assert again.to_df()["answer"].tolist() == [
        f"Answer to {one}" for one in ("two", "one", "two", "three")
    ]
    assert [len(one) for one in server.sent] == [3, 1]
    assert not server.cancelled
    assert ask(["one", "two", "three"]).to_df()["answer"].notna().all()
    assert len(server.sent) == 2


def test_a_map_that_was_made_before_another_one_ended_takes_its_answers(
    ask: Any, server: BatchServer
) -> None:
    server.finish.set()
    first, second = ask(["one", "two"]), ask(["one", "two"])
    assert first.wait(HANG)
    assert second.to_df()["answer"].tolist() == ["Answer to one", "Answer to two"]
    assert [len(one) for one in server.sent] == [2], "nothing is paid for twice"


_KILLED = """
import sys, nbstream
model, address, cassette = sys.argv[1:]
nbstream.map(["one", "two"], model, batch=True, cassette=cassette, base_url=address,
             api_key="key", progress=False).wait()
"""


def test_a_process_that_was_killed_is_followed_by_one_that_sends_nothing(
    ask: Any, provider: str, server: BatchServer, tmp_path: Path
) -> None:
    cassette = tmp_path / "answers.nbstream"
    address = server.url if provider == "anthropic" else f"{server.url}/v1"
    given = [MODELS[provider], address, str(cassette)]
    with subprocess.Popen([sys.executable, "-c", _KILLED, *given]) as process:
        until(lambda: cassette.exists() and cassette.read_text().endswith("\n"))
        process.kill()
    server.finish.set()
    assert [one.output for one in ask(["one", "two"])] == ["Answer to one", "Answer to two"]
    assert len(server.sent) == 1


def test_cancel_cancels_the_batch_also_after_stop(ask: Any, server: BatchServer) -> None:
    job = ask(["one", "two"]).start()
    until(lambda: job.batches)
    job.stop()
    assert job.wait(HANG)
    job.cancel()
    until(lambda: server.cancelled)
    assert job.open_batches == 0

    other = ask(["three"]).start()
    until(lambda: other.batches)
    other.cancel()
    assert other.wait(HANG)
    until(lambda: len(server.cancelled) == 2)


def test_cancel_cancels_the_batch_also_if_the_map_fails_meanwhile(
    ask: Any, server: BatchServer
) -> None:
    job = ask(["one"]).start()
    until(lambda: job.batches)
    submit(job._work.cancel_batches()).result(HANG)  # the first half of cancel()
    server.forgets = True
    assert job.wait(HANG)
    assert len(server.cancelled) == 1


def test_a_poll_that_fails_is_sent_again(ask: Any, server: BatchServer) -> None:
    job = ask(["one"]).start()
    until(lambda: job.batches)
    server.breaks = 1
    server.finish.set()
    assert [one.output for one in job] == ["Answer to one"]
    assert len(server.sent) == 1


def test_more_prompts_than_a_batch_may_have_are_several_batches(
    ask: Any, provider: str, server: BatchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.finish.set()
    monkeypatch.setattr(type(batches._PROTOCOLS[provider]), "max_requests", 2)
    prompts = [f"prompt {number}" for number in range(5)]
    assert [one.output for one in ask(prompts)] == [f"Answer to {one}" for one in prompts]
    assert [len(one) for one in server.sent] == [2, 2, 1]


def test_a_batch_of_another_account_is_an_error_that_says_so(ask: Any, server: BatchServer) -> None:
    job = ask(["one"]).start()
    until(lambda: job.batches)
    job.stop()
    assert job.wait(HANG)
    server.sent.clear()
    with pytest.raises(errors.NotFoundError, match="not in this account"):
        ask(["one"]).to_df()


def test_results_that_are_kept_no_longer_are_asked_for_anew(ask: Any, server: BatchServer) -> None:
    job = ask(["one", "two"]).start()
    until(lambda: job.batches)
    job.stop()
    assert job.wait(HANG)
    server.finish.set()
    server.gone = True
    assert all("no longer" in str(one.error) for one in ask(["one", "two"]))
    server.gone = False
    assert [one.output for one in ask(["one", "two"])] == ["Answer to one", "Answer to two"]
    assert len(server.sent) == 2


def test_the_betas_of_all_prompts_are_those_of_the_batch() -> None:
    one = batches.UnsentRequest(b"", {"anthropic-beta": "files-api,pdfs"})
    other = batches.UnsentRequest(b"", {"anthropic-beta": "pdfs, skills"})
    found = batches._headers_of([batches.UnsentRequest(b"", {}), one, other])
    assert found == {"anthropic-beta": "files-api,pdfs,skills"}


class Mood(BaseModel):
    """A mood."""

    mood: str


def test_the_first_error_is_raised_once_the_other_answers_are_received(
    ask: Any, server: BatchServer
) -> None:
    server.finish.set()
    job = ask(["fail one", "two"], on_error="raise")
    with pytest.raises(errors.BadRequestError):
        job.to_df()
    assert [one.output for one in job.results] == [None, "Answer to two"]


def test_expired_and_cancelled_requests_say_so(ask: Any, server: BatchServer) -> None:
    job = ask(["expire one", "other"]).start()
    until(lambda: job.batches)
    server.finish.set()
    expired, other = job
    assert "24 hours" in str(expired.error)
    assert other.output == "Answer to other", "what was answered before is kept"
    server.finish.clear()
    job = ask(["two"]).start()
    until(lambda: job.batches)
    server.cancelled.add(job.batches[0])
    assert isinstance(next(iter(job)).error, errors.CancelledStreamError)


@pytest.mark.parametrize("provider", ["openai"], indirect=True)
def test_a_refused_file_is_the_error_of_each_prompt(ask: Any, server: OpenAIServer) -> None:
    server.refuses = True
    results = list(ask(["one", "two"]))
    assert all("Line 1 is no request." in str(one.error) for one in results)
    assert server.endpoints == ["/v1/responses"]


@pytest.mark.parametrize("provider", ["anthropic"], indirect=True)
def test_an_answer_of_another_type_is_an_error_of_its_row(ask: Any, server: BatchServer) -> None:
    server.finish.set()
    (result,) = ask(["one"], output_type=Mood)
    assert isinstance(result.error, errors.OutputError)
    assert result.text == "Answer to one"


@pytest.mark.parametrize("provider", ["anthropic"], indirect=True)
def test_a_rejected_key_ends_the_map_and_is_not_shown(
    ask: Any, server: BatchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> tuple[int, bytes]:
        error = {"type": "authentication_error", "message": f"invalid x-api-key: {KEY}"}
        return 401, json.dumps({"type": "error", "error": error}).encode()

    monkeypatch.setattr(server, "reply", refuse)
    with pytest.raises(errors.AuthenticationError) as caught:
        ask(["one"]).to_df()
    assert KEY not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    ("model", "more", "says"),
    [
        ("google/gemini-2.5-flash", {}, "Anthropic and OpenAI"),
        ("anthropic/claude-sonnet-4-5", {"cassette": None}, "keeps the batch's id"),
        ("anthropic/claude-sonnet-4-5", {"budget": 1.0}, "budget="),
        ("anthropic/claude-sonnet-4-5", {"interval": 0}, "interval="),
    ],
)
def test_what_does_not_go_with_batches_is_refused(
    model: str, more: dict[str, Any], says: str, tmp_path: Path
) -> None:
    given = {"cassette": tmp_path / "a.nbstream", "api_key": KEY, **more}
    with pytest.raises(errors.UsageError, match=says):
        nbstream.map(["one"], model, batch=True, **given)
