"""The span and the metrics of one request: whole, failed, stopped, retried, replayed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace as otel
from opentelemetry.trace import SpanKind, StatusCode

import nbstream
from nbstream import errors, events
from nbstream.messages import Message, TextPart, Usage
from nbstream.testing import ScriptedModel
from tests.harness.llm_scripts import say
from tests.harness.llm_server import LLMServer
from tests.tracing.spans import traced

SECRET = "sk-secret-0123456789abcdef"
REPLY = Message("assistant", (TextPart("Scattering."),), Usage(10, 5, 4, 3, 2), "stop")


def test_a_request_is_a_span_with_its_facts() -> None:
    with traced() as found:
        model = ScriptedModel(REPLY)
        nbstream.stream(model, "Why blue?", temperature=0, max_tokens=50, stop="x").get_final_text()
        span, metrics = found.span(), found.metrics()
    facts: dict[str, Any] = dict(span.attributes or {})
    assert span.kind is SpanKind.CLIENT
    assert span.name == f"chat {facts['gen_ai.request.model']}"
    assert facts["gen_ai.operation.name"] == "chat"
    assert facts["gen_ai.request.stream"] is True
    assert (facts["gen_ai.request.temperature"], facts["gen_ai.request.max_tokens"]) == (0.0, 50)
    assert facts["gen_ai.request.stop_sequences"] == ("x",)
    assert facts["gen_ai.response.finish_reasons"] == ("stop",)
    assert (facts["gen_ai.usage.input_tokens"], facts["gen_ai.usage.output_tokens"]) == (10, 5)
    assert facts["gen_ai.usage.cache_read.input_tokens"] == 4
    assert facts["gen_ai.usage.cache_creation.input_tokens"] == 3
    assert facts["gen_ai.usage.reasoning.output_tokens"] == 2
    assert facts["gen_ai.response.time_to_first_chunk"] >= 0
    assert span.status.status_code is StatusCode.UNSET
    assert "Why blue?" not in span.to_json()
    assert "Scattering" not in span.to_json()
    tokens = {
        point.attributes["gen_ai.token.type"]: point.sum
        for point in metrics["gen_ai.client.token.usage"]
    }
    assert tokens == {"input": 10, "output": 5}
    assert metrics["gen_ai.client.operation.duration"][0].count == 1
    assert metrics["gen_ai.client.operation.time_to_first_chunk"][0].count == 1


def test_content_is_there_when_it_is_asked_for() -> None:
    def weather(city: str) -> str:
        """The weather."""
        return city

    with traced(content=True) as found:
        image = nbstream.messages.FilePart("image/png", b"\x89PNG\r\n")
        prompt = nbstream.user_message("Half a pair: \ud83d", image)
        nbstream.stream(
            ScriptedModel(REPLY), [prompt], system="Be brief.", tools=[weather]
        ).get_final_text()
        facts: Any = found.span().attributes
    assert json.loads(facts["gen_ai.system_instructions"]) == [
        {"type": "text", "content": "Be brief."}
    ]
    (asked,) = json.loads(facts["gen_ai.input.messages"])
    assert asked["role"] == "user"
    assert asked["parts"][0] == {"type": "text", "content": "Half a pair: \ud83d"}
    assert asked["parts"][1]["mime_type"] == "image/png"
    (answered,) = json.loads(facts["gen_ai.output.messages"])
    assert answered["parts"] == [{"type": "text", "content": "Scattering."}]
    assert answered["finish_reason"] == "stop"
    (tool,) = json.loads(facts["gen_ai.tool.definitions"])
    assert (tool["type"], tool["name"]) == ("function", "weather")


@pytest.mark.parametrize(
    ("value", "has_content"), [("true", True), ("SPAN_ONLY", True), ("", False), ("false", False)]
)
def test_the_variable_of_the_conventions_says_whether_there_is_content(
    monkeypatch: pytest.MonkeyPatch, value: str, has_content: bool
) -> None:
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", value)
    with traced(content=None) as found:
        nbstream.stream(ScriptedModel("Hello."), "hi").get_final_text()
        assert ("gen_ai.input.messages" in (found.span().attributes or {})) is has_content


def test_the_span_belongs_to_the_one_that_was_current_at_the_start() -> None:
    with traced() as found:
        tracer = found.spans_to.get_tracer("test")
        with tracer.start_as_current_span("cell") as cell:
            stream = nbstream.stream(ScriptedModel("Hello."), "hi")
            for _ in stream.text_stream:
                assert otel.get_current_span() is cell
        request = found.spans(2)[1]
    assert request.parent is not None
    assert request.parent.span_id == cell.get_span_context().span_id


@pytest.mark.parametrize("content", [False, True])
def test_a_failure_is_told_without_the_key(llm_server: LLMServer, content: bool) -> None:
    with traced(content=content) as found:
        stream = nbstream.stream(
            "openai-chat/status-401", SECRET, base_url=f"{llm_server.url}/v1", api_key=SECRET
        )
        assert stream.wait()
        assert isinstance(stream.error, errors.AuthenticationError)
        span, metrics = found.span(), found.metrics()
    assert (span.attributes or {})["error.type"] == "AuthenticationError"
    assert span.status.status_code is StatusCode.ERROR
    assert bool(span.status.description) is content
    assert SECRET not in span.to_json()
    assert metrics["gen_ai.client.operation.duration"][0].attributes["error.type"]
    assert "gen_ai.client.token.usage" not in metrics


def test_the_server_and_its_answer_are_named(llm_server: LLMServer) -> None:
    with traced(content=True) as found:
        nbstream.stream(
            f"openai-chat/{say('Hello.')}", "hi", base_url=f"{llm_server.url}/v1", api_key=SECRET
        ).get_final_text()
        span = found.span()
    facts = span.attributes or {}
    assert (facts["gen_ai.provider.name"], facts["server.address"]) == ("openai", "127.0.0.1")
    assert facts["server.port"] == int(llm_server.url.rpartition(":")[2])
    assert facts["gen_ai.response.id"]
    assert SECRET not in span.to_json()


def test_a_stopped_stream_is_no_failure(llm_server: LLMServer) -> None:
    with traced() as found:
        stream = nbstream.stream(
            "openai-chat/hang-10", "hi", base_url=f"{llm_server.url}/v1", api_key=SECRET
        )
        for _ in stream.text_stream:
            break  # the last reader has left
        assert stream.wait()
        span = found.span()
    facts = span.attributes or {}
    assert facts["gen_ai.response.finish_reasons"] == ("cancelled",)
    assert facts["nbstream.cancelled"] is True
    assert "error.type" not in facts
    assert span.status.status_code is StatusCode.UNSET


def test_a_stream_that_breaks_off_is_a_failure(llm_server: LLMServer) -> None:
    with traced() as found:
        stream = nbstream.stream(
            "openai-chat/eof-10", "hi", base_url=f"{llm_server.url}/v1", api_key=SECRET
        )
        assert stream.wait()
        assert type(stream.error).__name__ == (found.span().attributes or {})["error.type"]


def test_a_retry_is_an_event_of_the_one_span() -> None:
    script = [events.Retry(2, f"busy, said {SECRET}"), *nbstream.testing.events_of(REPLY)]
    with traced() as found:
        nbstream.stream(ScriptedModel(script), "hi").until_done()
        span = found.span()
    (retry,) = span.events
    assert (retry.name, (retry.attributes or {})["nbstream.retry.attempt"]) == ("nbstream.retry", 2)
    assert "busy" not in span.to_json()
    assert (span.attributes or {})["gen_ai.response.finish_reasons"] == ("stop",)


def test_what_a_cassette_answers_is_marked_and_not_counted(tmp_path: Path) -> None:
    tape = tmp_path / "tape.nbstream"
    with nbstream.recording(tape):
        nbstream.stream(ScriptedModel(REPLY), "hi").until_done()
    with traced() as found, nbstream.recording(tape):
        nbstream.stream(ScriptedModel(), "hi").until_done()
        span, metrics = found.span(), found.metrics()
    facts = span.attributes or {}
    assert facts["nbstream.replayed"] is True
    assert not [name for name in facts if name.startswith("gen_ai.usage")]
    assert metrics == {}


def test_images_have_their_own_operation() -> None:
    image = nbstream.messages.FilePart("image/gif", b"...")
    with traced() as found:
        nbstream.generate(ScriptedModel(nbstream.assistant_message(image)), "A bicycle.").result()
        facts = found.span().attributes or {}
    assert (facts["gen_ai.operation.name"], facts["gen_ai.output.type"]) == (
        "generate_content",
        "image",
    )


def test_a_later_call_replaces_the_first_and_stop_ends_it() -> None:
    first = nbstream.trace()
    with traced() as found:
        assert not first.is_on
        first.stop()  # of no effect
        nbstream.stream(ScriptedModel("Hello."), "hi").until_done()
        found.span()
    nbstream.stream(ScriptedModel("Hello."), "hi").until_done()
    found.span()
    with pytest.raises(errors.UsageError, match="content="):
        nbstream.trace(content="yes")  # type: ignore[arg-type]


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_nothing_of_opentelemetry_is_imported_without_it() -> None:
    code = (
        "import sys, nbstream; from nbstream.testing import ScriptedModel;"
        "nbstream.Agent(ScriptedModel('Hello.')).run_sync('hi');"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    assert run(code) == "[]"


def test_without_the_package_the_error_says_what_to_install() -> None:
    code = (
        "import sys, nbstream; sys.modules['opentelemetry'] = None\n"
        "try: nbstream.trace()\n"
        "except nbstream.errors.UsageError as error: print(error.remedy)"
    )
    assert run(code) == "pip install 'nbstream[otel]'"
