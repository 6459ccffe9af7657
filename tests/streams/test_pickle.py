"""What can be pickled and copied, and what a stream says instead."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import nbstream
from nbstream.errors import NBStreamError, UsageError
from nbstream.testing import ScriptedModel


def answered() -> nbstream.Stream[str]:
    stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    stream.until_done()
    return stream


@pytest.mark.parametrize("keep", [pickle.dumps, copy.deepcopy])
@pytest.mark.parametrize(
    "made",
    [
        answered,
        lambda: answered().text_stream,
        lambda: nbstream.generate(ScriptedModel("No."), "A red bicycle."),
    ],
)
def test_a_stream_says_what_to_keep_in_its_place(
    made: Callable[[], Any], keep: Callable[[Any], Any]
) -> None:
    with pytest.raises(UsageError, match=r"Keep stream\.message"):
        keep(made())


@pytest.mark.parametrize("keep", [lambda one: pickle.loads(pickle.dumps(one)), copy.deepcopy])
def test_what_came_can_be_kept(keep: Callable[[Any], Any]) -> None:
    stream = answered()
    assert keep(stream.message) == stream.message
    assert keep(list(stream)) == list(stream)
    assert keep(stream.all_messages()) == stream.all_messages()


def failure(model: ScriptedModel) -> NBStreamError:
    with pytest.raises(NBStreamError) as caught:
        nbstream.stream(model, "Count.", output_type=list[int], retries=0).get_output()
    return caught.value


@pytest.mark.parametrize(
    "error",
    [
        failure(ScriptedModel("[1, 2")),
        failure(ScriptedModel('[1, "two"]')),
        failure(ScriptedModel(nbstream.errors.RateLimitError("Too many.", wait=3, status=429))),
    ],
)
def test_an_error_comes_back_from_another_process_with_all_that_it_holds(
    error: NBStreamError,
) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert vars(back) == vars(error)
