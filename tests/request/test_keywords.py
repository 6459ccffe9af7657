"""The keywords of ``stream()``: completion, typos, other libraries' names, and wrong values."""

import dataclasses
import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

import nbstream
from nbstream.errors import UsageError
from nbstream.protocols.parameters import Parameters
from nbstream.request.keywords import FOREIGN, Keywords
from nbstream.testing import ScriptedModel
from tests.request.sent import MODELS, refused


def test_the_signature_names_every_keyword_for_completion() -> None:
    names = inspect.signature(nbstream.stream).parameters
    assert {"model", "messages", "output_type", *Keywords.__annotations__} == set(names)
    assert all(
        names[name].kind is inspect.Parameter.KEYWORD_ONLY for name in Parameters.__annotations__
    )


def test_a_notebook_completes_the_keywords() -> None:
    completer = pytest.importorskip("IPython.core.completer")
    space = {"nbstream": nbstream}
    for use_jedi in (True, False):
        one = completer.IPCompleter(namespace=space, use_jedi=use_jedi)
        with completer.provisionalcompleter():
            text = 'nbstream.stream("local", "hi", reas'
            found = {item.text for item in one.completions(text, len(text))}
        assert "reasoning=" in found, f"use_jedi={use_jedi}"


# Keywords that stream() does not have.

TYPOS = {
    "timeot": "timeout=",
    "temprature": "temperature=",
    "max_token": "max_tokens=",
    "tool_choise": "tool_choice=",
    "reasonning": "reasoning=",
    "extra_header": "extra_headers=",
    "sytem": "system=",
    "mesages": "messages=",
    "outputtype": "output_type=",
    "frequency_penality": "frequency_penalty=",
}


@pytest.mark.parametrize(("typo", "meant"), TYPOS.items())
def test_a_typo_names_the_nearest_keyword(typo: str, meant: str) -> None:
    error = refused(MODELS["openai_chat"], **{typo: 3})
    assert f"{typo}=" in error.text
    assert f"Did you mean {meant}?" in str(error.remedy)


@pytest.mark.parametrize(
    ("theirs", "ours"), [(one, ours) for ours, names in FOREIGN.items() for one in names]
)
def test_the_name_of_another_library_gets_a_suggestion(theirs: str, ours: str) -> None:
    assert refused(MODELS["anthropic"], **{theirs: 3}).remedy == f"Write {ours}."
    assert theirs not in Keywords.__annotations__
    keyword = re.match(r"(\w+)=", ours)
    assert keyword is None or keyword[1] in {"output_type", *Keywords.__annotations__}


@pytest.mark.parametrize("name", ["ignore_eos", "min_p", "logit_bias", "store", "safety_settings"])
def test_a_field_of_the_provider_is_referred_to_extra_body(name: str) -> None:
    assert f'extra_body={{"{name}": ...}}' in str(refused("local", **{name: 1}).remedy)


@pytest.mark.parametrize("name", ["stream", "n"])
def test_an_unsupported_keyword_is_explained(name: str) -> None:
    assert "Leave it out" in str(refused(MODELS["openai_chat"], **{name: 2}).remedy)


# Values.

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"temperature": "0"}, "a number from 0 to 2, not '0'"),
    ({"temperature": True}, "not True"),
    ({"temperature": float("inf")}, "not inf"),
    ({"temperature": -0.1}, "not -0.1"),
    ({"temperature": 2.1}, "not 2.1"),
    ({"top_p": 1.1}, "from 0 to 1"),
    ({"top_k": 2.5}, "a whole number from 0"),
    ({"max_tokens": 0}, "a whole number from 1"),
    ({"max_tokens": 10.0}, "a whole number"),
    ({"stop": [""]}, "a string, or a list of strings"),
    ({"stop": 5}, "not 5"),
    ({"stop": {"a": 1}}, "type dict"),
    ({"seed": "7"}, "a whole number"),
    ({"presence_penalty": 3}, "from -2 to 2"),
    ({"frequency_penalty": -3}, "from -2 to 2"),
    ({"reasoning": "hard"}, "an effort"),
    ({"reasoning": True}, "not True"),
    ({"reasoning": -5}, "not -5"),
    ({"reasoning": 1.5}, "not 1.5"),
    ({"reasoning": {"effort": "low"}}, "Anthropic's thinking"),
    ({"reasoning": {"type": "enabled"}}, 'reasoning["budget_tokens"]='),
    ({"reasoning": {"type": "adaptive", "budget_tokens": 5}}, "no budget_tokens"),
    ({"thinking": "low"}, "Anthropic's dict"),
    ({"thinking": {"type": "adaptive"}, "reasoning": "low"}, "the same parameter"),
    ({"verbosity": "short"}, "'low', 'medium', 'high'"),
    ({"cache": ""}, "True, False or a string"),
    ({"cache": 1}, "True, False or a string"),
    ({"service_tier": 1}, "a string"),
    ({"tool_choice": len}, "a tool's name, or the provider's own dict, not an object of type"),
    ({"tool_choice": {"type": object()}}, "which JSON cannot write"),
    ({"parallel_tool_calls": "no"}, "True or False"),
    ({"user": ""}, "a string"),
    ({"metadata": "a"}, "a dict of strings"),
    ({"metadata": {"a": 1}}, "metadata['a']"),
    ({"extra_body": [1]}, "extra_body= takes a dict"),
    ({"extra_body": {"a": object()}}, "extra_body=['a'] holds"),
    ({"extra_headers": "a: b"}, "extra_headers= takes a dict"),
    ({"extra_headers": {"a b": "c"}}, "not a valid header name"),
    ({"extra_headers": {"a": "b\nc"}}, "invalid value for a"),
    ({"extra_headers": {"a": 5}}, "invalid value for a"),
    ({"extra_headers": {"Content-Length": "5"}}, "cannot set Content-Length"),
    ({"extra_query": {"a": [1]}}, "extra_query['a']"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG, ids=[str(one)[:60] for one, _ in WRONG])
def test_a_wrong_value_is_an_error(wrong: dict[str, Any], words: str) -> None:
    error = refused(MODELS["openai_chat"], **wrong)
    assert words in str(error)
    assert len(str(error)) < 300


@pytest.mark.parametrize("keywords", [{"temperature": 3}, {"seed": "x"}, {"timeot": 1}])
def test_a_scripted_model_checks_the_same(keywords: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        nbstream.stream(ScriptedModel("yes"), "hi", **keywords)


def test_a_custom_model_gets_the_common_names() -> None:
    model = ScriptedModel("yes")
    keywords: dict[str, Any] = {"stop": "END", "seed": 1, "max_tokens": 5, "top_p": None}
    extra: dict[str, Any] = {"extra_body": {"x": 1}, "extra_headers": {"X-A": "b"}}
    thinking = {"type": "enabled", "budget_tokens": 1600}
    nbstream.stream(model, "hi", thinking=thinking, **keywords, **extra).until_done()
    expected = {"stop": ["END"], "seed": 1, "max_tokens": 5, "reasoning": 1600}
    assert model.requests[0].params == {**expected, **extra}


KEY = "sk-0123456789abcdefghijklmnop"
CARELESS: dict[str, dict[str, Any]] = {
    "a typo": {"api_ky": KEY},
    "another's name": {"headers": {"Authorization": f"Bearer {KEY}"}},
    "a list of keys": {"api_key": [KEY]},
    "pairs": {"extra_headers": [("Authorization", KEY)]},
    "a list as a header": {"extra_headers": {"Authorization": [KEY]}},
    "a key as a name": {"extra_headers": {f"X\r\n{KEY}": "a"}},
    "a list in a query": {"extra_query": {"key": [KEY]}},
    "an address": {"base_url": f"https://a.example/v1?key={KEY}"},
}


@pytest.mark.parametrize("keywords", CARELESS.values(), ids=CARELESS)
def test_a_refusal_shows_no_key_in_any_frame(keywords: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        nbstream.stream("openai/gpt-5", "hi", **{"api_key": KEY, **keywords})
    assert KEY not in str(caught.value)
    ours = [row.frame for row in caught.traceback if "/nbstream/request" in str(row.path)]
    assert ours
    assert not [frame for frame in ours if KEY in repr(frame.f_locals)]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: nbstream.Timeouts(conect=1), "Did you mean connect=?"),  # type: ignore[call-arg]
        (lambda: nbstream.Timeouts(frst_byte=1), "Did you mean first_byte=?"),  # type: ignore[call-arg]
        (lambda: nbstream.Timeouts(x=1), "It has connect=, "),  # type: ignore[call-arg]
        (lambda: nbstream.ImageParams(sise="1K"), "Did you mean size=?"),  # type: ignore[call-arg]
        (lambda: nbstream.VideoParams(resolutoin="1K"), "Did you mean resolution=?"),  # type: ignore[call-arg]
        (lambda: _generate(size="1K"), "params=nbstream.ImageParams(size=...)"),
        (lambda: _generate(duration=8), "params=nbstream.VideoParams(duration=...)"),
        (lambda: _generate(seed=8), "ImageParams(seed=...) or nbstream.VideoParams(seed=...)"),
        (lambda: _generate(sise="1K"), "Did you mean nbstream.ImageParams(size=...)?"),
        (lambda: _generate(pol_every=1), "Did you mean poll_every=?"),
        (lambda: _generate(prompt="x"), "Write messages."),
        (lambda: _generate(max_retries=2), "Write retries=."),
        (lambda: _generate(quality="high"), 'provider_options={"quality": ...}'),
    ],
)
def test_an_unknown_keyword_names_the_nearest(make: Callable[[], object], words: str) -> None:
    with pytest.raises(UsageError, match="has no keyword") as caught:
        make()
    assert words in str(caught.value.remedy)


def _generate(**keywords: Any) -> object:
    return nbstream.generate("openai/gpt-image-1", "a cat", **keywords)


def test_the_signatures_stay_as_they_are() -> None:
    assert list(inspect.signature(nbstream.Timeouts).parameters)[:2] == ["connect", "first_byte"]
    assert "unknown" not in inspect.signature(nbstream.generate).parameters
    assert nbstream.Timeouts(5).connect == 5
    assert dataclasses.replace(nbstream.ImageParams(n=2), seed=1).n == 2
