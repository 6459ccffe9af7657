"""Mistaken arguments are one clear error at the call, and nothing is sent."""

import functools
import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pydantic
import pytest

import nbstream
from nbstream import file_part, user_message
from nbstream.errors import UsageError
from nbstream.testing import ScriptedModel
from nbstream.transport.timeouts import Timeouts, as_timeouts
from tests.harness.llm_server import LLMServer

MODEL = "openai-chat/paced-2-1000"


def add(a: int) -> int:
    """Add one."""
    return a + 1


class Adder:
    """Callable, but not a function."""

    def __call__(self, a: int) -> int:
        return a + 1


class City(pydantic.BaseModel):
    """A test passes an instance instead of the class."""

    name: str


class DataFrame:
    """Has the name of pandas' and polars' class, which pydantic does not support either."""


looped: list[Any] = []
looped.append(looped)

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"messages": None}, "None"),
    ({"messages": 42}, "42"),
    ({"messages": b"hi"}, "bytes"),
    ({"messages": {"a", "b"}}, "set"),
    ({"messages": [None]}, "cannot be None"),
    ({"messages": [42]}, "cannot be 42"),
    ({"messages": [["x"]]}, "cannot be an object of type list"),
    ({"messages": nbstream.user_message("x").parts[0]}, "type TextPart"),
    ({"messages": user_message(5)}, "5"),  # type: ignore[arg-type]
    ({"messages": user_message(None)}, "None"),  # type: ignore[arg-type]
    ({"messages": user_message({"a": 1})}, "dict"),  # type: ignore[arg-type]
    ({"messages": nbstream.Message("human", ())}, "human"),  # type: ignore[arg-type]
    ({"system": nbstream.system_message("x")}, "system= takes a string"),
    ({"system": 3}, "system= takes a string, not 3"),
    ({"model": 5}, "not 5"),
    ({"model": str}, "not str"),
    ({"model": Path("x.gguf")}, "local/x.gguf"),
    ({"base_url": 5}, "base_url= takes"),
    ({"base_url": "localhost:1234/v1"}, "Write it with http://"),
    ({"base_url": "not an address"}, "is not an address"),
    ({"base_url": "http://h:port/v1"}, "is not an address"),
    ({"base_url": "http://h/v1?key=5"}, "Remove the ? or #"),
    ({"api_key": 5}, "api_key= is of type int"),
    ({"timeout": "30"}, "timeout= takes a number of seconds"),
    ({"timeout": 0}, "above zero"),
    ({"timeout": True}, "True"),
    ({"timeout": math.nan}, "nan"),
    ({"retries": "3"}, "retries="),
    ({"retries": -1}, "-1"),
    ({"tools": 5}, "list of tools, not one int"),
    ({"tools": [functools.partial(add, 1)]}, "Wrap it in a function"),
    ({"tools": [lambda city: city]}, "A lambda cannot be a tool"),
    ({"tools": [Adder()]}, "type Adder cannot be a tool"),
    ({"tools": [{"name": "a", "parameters": {"type": object()}}]}, "'a'['type'] holds"),
    ({"temperature": math.nan}, "temperature= takes a number from 0 to 2, not nan"),
    ({"temperature": object()}, "not an object of type object"),
    ({"stop": {"a"}}, "stop= takes a string, or a list of strings"),
    ({"user": b"x"}, "user= takes a string"),
    ({"extra_body": {"a": [1, {2}]}}, "extra_body=['a'][1] holds"),
    ({"extra_body": {None: 1}}, "key that is not a string"),
    ({"extra_body": {"a": looped}}, "Circular reference"),
    ({"output_type": pydantic.BaseModel}, "BaseModel itself has no fields"),
    ({"output_type": 5.0}, "5.0 is a value"),
    ({"output_type": "City"}, "'City' is a value"),
    ({"output_type": City(name="x")}, "is a value"),
    ({"output_type": {"type": "object"}}, "is a value"),
    ({"output_type": Path("x")}, "is a value"),
    ({"output_type": DataFrame}, "the answer's `df` is a DataFrame"),
    ({"output_type": list[DataFrame]}, "the answer's `df` is a DataFrame"),
    ({"output_type": add}, "add() is a function"),
    ({"output_type": print}, "print() is a function"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG, ids=[words for _, words in WRONG])
def test_a_mistake_is_an_error_at_the_call(
    wrong: dict[str, Any], words: str, llm_server: LLMServer
) -> None:
    before = len(llm_server.requests)
    given = {"model": MODEL, "messages": "hi", "base_url": llm_server.url + "/v1", "api_key": "k"}
    with pytest.raises(UsageError, match=re.escape(words)) as caught:
        nbstream.stream(**(given | wrong))
    assert len(str(caught.value)) < 300
    assert "\n" not in caught.value.text
    assert len(llm_server.requests) == before


@pytest.mark.parametrize("name", ["messages", "timeout", "retries", "poll_every", "on_progress"])
def test_generate_raises_the_same_error(name: str) -> None:
    given: dict[str, Any] = {"model": "openai/gpt-image-1", "messages": "hi", "api_key": "k"}
    with pytest.raises(UsageError):
        nbstream.generate(**(given | {name: object()}))


def test_provider_options_of_generate_must_be_json() -> None:
    params = nbstream.ImageParams(provider_options={"quality": {1}})
    with pytest.raises(UsageError, match="quality= holds"):
        nbstream.generate("openai/gpt-image-1", "hi", params, api_key="k")


@pytest.mark.parametrize("beside", [{"api_key": "another"}, {"base_url": "http://elsewhere"}])
def test_a_model_has_its_own_address_and_key(beside: dict[str, Any]) -> None:
    model = nbstream.get_model(MODEL, base_url="http://h", api_key="k")
    with pytest.raises(UsageError, match="its own address and key"):
        nbstream.stream(model, "hi", **beside)
    assert nbstream.stream(ScriptedModel("yes"), "hi", **beside).get_final_text() == "yes"


def ask(server: LLMServer, messages: Any = "hi", **settings: Any) -> Any:
    """The request body that the server got."""
    stream = nbstream.stream(MODEL, messages, base_url=server.url + "/v1", api_key="k", **settings)
    stream.until_done()
    return server.requests[-1].body


def test_empty_tools_are_not_sent(llm_server: LLMServer) -> None:
    assert "tools" not in ask(llm_server, tools=None)


def test_a_cached_function_is_the_function(llm_server: LLMServer) -> None:
    cached = functools.lru_cache(add)
    (tool,) = ask(llm_server, tools=[cached])["tools"]
    assert tool["function"]["name"] == "add"
    assert tool["function"]["description"] == "Add one."


def test_an_unpaired_surrogate_in_the_prompt_is_replaced(llm_server: LLMServer) -> None:
    body = ask(llm_server, "a\ud83d b \ud83d\ude00", user="\udc00")
    assert body["messages"][-1]["content"] == "a\N{REPLACEMENT CHARACTER} b \N{GRINNING FACE}"
    assert body["user"] == "\N{REPLACEMENT CHARACTER}"


def test_other_text_is_sent_unchanged(llm_server: LLMServer) -> None:
    prompt = "a\0b \u2028 é \N{GRINNING FACE}"
    assert ask(llm_server, prompt)["messages"][-1]["content"] == prompt


def test_numbers_are_converted_to_json_types(llm_server: LLMServer) -> None:
    numpy = pytest.importorskip("numpy")
    body = ask(
        llm_server,
        temperature=numpy.float32(0.5),
        seed=numpy.int64(7),
        extra_body={"logit_bias": {50: 1}},
    )
    assert (body["temperature"], body["seed"], body["logit_bias"]) == (0.5, 7, {"50": 1})


def test_later_changes_of_the_arguments_are_not_sent(llm_server: LLMServer) -> None:
    metadata: dict[str, Any] = {"a": [1]}
    schema: dict[str, Any] = {"name": "f", "parameters": {"type": "object", "properties": {}}}
    stream = nbstream.stream(
        MODEL,
        "hi",
        base_url=llm_server.url + "/v1",
        api_key="k",
        extra_body={"metadata": metadata},
        tools=[schema],
    )
    metadata["a"].append(2)
    schema["parameters"]["properties"]["late"] = {}
    stream.until_done()
    body = llm_server.requests[-1].body
    assert body["metadata"] == {"a": [1]}
    assert "late" not in str(body["tools"])


def test_a_custom_source_accepts_any_keyword() -> None:
    model = ScriptedModel("yes")
    thing = SimpleNamespace()
    given: dict[str, Any] = {"rows": [1]}
    stream = nbstream.stream(model, "hi", extra_body={"thing": thing, "given": given})
    given["rows"].append(2)
    assert stream.get_final_text() == "yes"
    body = model.requests[-1].params["extra_body"]
    assert body["thing"] is thing
    assert body["given"] == {"rows": [1]}


def test_a_number_as_timeout_limits_the_time_between_bytes() -> None:
    assert as_timeouts(30) == Timeouts(10.0, 30.0, 30.0, 30.0, 30.0)
    assert as_timeouts(0.5) == Timeouts(0.5, 0.5, 0.5, 0.5, 0.5)
    assert as_timeouts(None) is None
    with pytest.raises(UsageError, match=r"Timeouts\(between=\)"):
        Timeouts(between="3")  # type: ignore[arg-type]


def test_the_timeout_ends_a_stream_without_data(llm_server: LLMServer) -> None:
    stream = nbstream.stream(
        "openai-chat/hang-2", "hi", base_url=llm_server.url + "/v1", api_key="k", timeout=0.3
    )
    with pytest.raises(nbstream.errors.ResponseTimeoutError):
        stream.until_done()


def test_a_part_among_the_messages_gets_a_remedy() -> None:
    with pytest.raises(UsageError, match="user_message"):
        nbstream.stream(MODEL, ["What is this?", file_part(b"text")], api_key="k")  # type: ignore[list-item]
