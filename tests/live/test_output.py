"""Typed answers over HTTP: aimock for each output mode, and the local model."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import httpx
import pytest
from pydantic import BaseModel, Field

import nbstream
from nbstream.errors import LocalModelError, OutputError
from nbstream.providers import local
from tests.harness.aimock import AIMock
from tests.harness.background import run_async
from tests.harness.in_step import in_step
from tests.harness.patience import HANG
from tests.live.wires import WIRES, model


class Recipe(BaseModel):
    """A recipe."""

    name: str
    ingredients: list[str]
    minutes: int


PANCAKES = Recipe(name="Pancakes", ingredients=["flour", "milk", "eggs"], minutes=20)

# A protocol, a model, and the field of the request that asks for the type.
MODES = {
    "responses": ("openai_responses", "gpt-5.2", "text"),
    "chat": ("openai_chat", "gpt-5.2", "response_format"),
    "gemini": ("gemini", "gemini-2.5-flash", "generationConfig"),
    "claude": ("anthropic", "claude-sonnet-4-5", "output_config"),
    "older claude, by a tool": ("anthropic", "claude-3-5-haiku-latest", "tool_choice"),
    "gemma, in words": ("gemini", "gemma-3-27b-it", "systemInstruction"),
}
MODE = pytest.mark.parametrize("mode", MODES)


@pytest.fixture(scope="module")
def aimock() -> Iterator[AIMock]:
    with AIMock() as running:
        yield running


class Sent:
    """A client that records the bodies it sends."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []
        self.client = httpx.AsyncClient(event_hooks={"request": [self._keep]})

    async def _keep(self, request: httpx.Request) -> None:
        self.bodies.append(json.loads(request.content))


def ask(aimock: AIMock, mode: str, **settings: Any) -> nbstream.Stream[Recipe]:
    wire, name, _ = MODES[mode]
    found = model(wire, aimock.url, name=name)
    return nbstream.stream(found, "a recipe, please", output_type=Recipe, **settings)


@MODE
def test_a_value_grows_in_every_output_mode(aimock: AIMock, mode: str) -> None:
    sent = Sent()
    stream = in_step(ask(aimock, mode, client=sent.client))
    values = list(stream.stream_output(debounce_by=None))
    assert len({repr(value) for value in values}) > 1
    assert values[-1] == stream.output == stream.get_output() == PANCAKES
    assert stream.finish_reason == "stop"
    assert stream.tool_calls == []
    assert json.loads(stream.text) == PANCAKES.model_dump()
    (body,) = sent.bodies
    assert body[MODES[mode][2]]


@MODE
def test_the_same_with_async_code(aimock: AIMock, mode: str) -> None:
    async def main() -> tuple[list[Any], Recipe]:
        async with in_step(ask(aimock, mode)) as stream:
            values = [value async for value in stream.stream_output(debounce_by=None)]
            return values, await stream.get_output()

    values, final = run_async(main())
    assert len(values) > 1
    assert values[-1] == final == PANCAKES


@MODE
def test_the_answer_is_sent_back_as_text(aimock: AIMock, mode: str) -> None:
    """Providers refuse a tool call without a result, so the answer is sent as text."""
    first = ask(aimock, mode)
    asked = nbstream.user_message("a recipe, please")
    history = [asked, first.get_final_message(), nbstream.user_message("say hello")]
    sent = Sent()
    wire, name, _ = MODES[mode]
    again = nbstream.stream(model(wire, aimock.url, name=name), history, client=sent.client)
    assert again.get_final_text().startswith("Hello")
    assert "Pancakes" in json.dumps(sent.bodies)
    assert "final_result" not in json.dumps(sent.bodies)


def test_the_schema_reaches_the_server(aimock: AIMock) -> None:
    stream = ask(aimock, "chat")
    stream.until_done()
    found = httpx.get(
        f"{aimock.url}/__aimock/journal",
        params={"requestId": stream.request_id or ""},
        timeout=HANG,
    )
    named = found.json()[0]["body"]["response_format"]["json_schema"]
    assert (named["name"], named["strict"]) == ("Recipe", True)
    assert named["schema"]["required"] == ["name", "ingredients", "minutes"]


@pytest.mark.parametrize("wire", WIRES)
def test_text_instead_of_a_value(aimock: AIMock, wire: str) -> None:
    stream = nbstream.stream(model(wire, aimock.url), "say hello", output_type=Recipe)
    with pytest.raises(OutputError, match="no JSON") as caught:
        stream.get_output()
    assert caught.value.raw == stream.text
    assert caught.value.provider == wire
    assert caught.value.request_id == stream.request_id


# The local model.


Hobby = Annotated[str, Field(max_length=20)]


class Person(BaseModel):
    """A person, with limits that the grammar can enforce."""

    name: str = Field(max_length=20)
    age: int = Field(ge=0, le=150)
    hobbies: list[Hobby] = Field(max_length=3)


@pytest.fixture(scope="module")
def _local() -> None:
    try:
        local.ensure_installed()
    except LocalModelError as error:
        pytest.skip(str(error))


@pytest.mark.usefixtures("_local")
def test_the_local_model_fills_a_schema() -> None:
    stream = nbstream.stream(
        "local",
        "Describe a person called Ada, with two hobbies, as JSON.",
        output_type=Person,
        temperature=0,
        max_tokens=200,
    )
    in_step(stream)
    values = list(stream.stream_output(debounce_by=None))
    final = stream.get_output()
    assert isinstance(final, Person)
    assert values[-1] == final == Person.model_validate_json(stream.text)
    assert len({repr(value) for value in values}) > 3
    names = [value.name for value in values if hasattr(value, "name")]
    assert all(final.name.startswith(name) for name in names)
    assert stream.repairs == ()


@pytest.mark.usefixtures("_local")
@pytest.mark.parametrize("output_type", [bool, list[int], dict[str, int]])
def test_the_local_model_fills_a_schema_that_is_not_an_object(output_type: Any) -> None:
    """Its grammar accepts any schema, even a dict with any keys. The limit may end it."""
    stream = nbstream.stream(
        "local", "Give an example.", output_type=output_type, temperature=0, max_tokens=60
    )
    stream.until_done()
    if stream.finish_reason == "length":
        with pytest.raises(OutputError, match="limit"):
            stream.get_output()
        assert type(stream.text) is str
    else:
        kind: type[Any] = getattr(output_type, "__origin__", output_type)
        assert isinstance(stream.get_output(), kind)
