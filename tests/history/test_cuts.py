"""Every recorded answer, cut at 20 places and continued, is accepted by every server.

The rules are in the files ``*_rules.py`` beside this one, from the providers' documents.
"""

import random
from collections import Counter
from dataclasses import replace

import pytest

from nbstream.core.message import Message, Part, ToolCallPart, tool_message, user_message
from tests.history.cut_answers import CUTS, cut_answers, cut_once
from tests.history.edited import mixed
from tests.history.servers import SERVERS
from tests.recordings import MISSING, recordings

PROTOCOLS = ("anthropic", "gemini", "openai-chat", "openai-responses")
THINKING = {"thinking": {"type": "enabled", "budget_tokens": 2_000}}

pytestmark = pytest.mark.skipif(not recordings("anthropic"), reason=MISSING)


def continued(message: Message) -> dict[str, list[Message]]:
    """What a user may send after an answer: the results of all, one or none of its calls."""
    asked = [user_message("question"), message]
    results = [tool_message(call, "done") for call in message.tool_calls]
    histories = {"go on": [*asked, user_message("go on")]}
    if results:
        histories["all results"] = [*asked, *results]
        histories["all results, go on"] = [*asked, *results, user_message("go on")]
        histories["one result"] = [*asked, results[-1], user_message("go on")]
        histories["late result"] = [*asked, user_message("go on"), results[0]]
    return histories


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_cut_answer_leads_to_a_request_that_a_server_refuses(protocol: str) -> None:
    found: Counter[str] = Counter()
    examples: dict[str, tuple[str, int, str]] = {}
    sent = 0
    for recording in recordings(protocol):
        seen = set()
        for number, message in enumerate(cut_answers(recording)):
            key = repr((message.parts, message.finish_reason))
            if key in seen:  # nothing came between two cuts
                continue
            seen.add(key)
            for way, history in continued(message).items():
                for name, server in SERVERS.items():
                    sent += 1
                    for fault in server.faults(history):
                        found[f"{name}: {fault}"] += 1
                        examples[f"{name}: {fault}"] = recording.name, number, way
    assert not found, [(fault, examples[fault]) for fault, _ in found.most_common(5)]
    assert sent > 1_000


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_budget_for_thinking_is_left_out_where_the_api_refuses_it(protocol: str) -> None:
    for recording in recordings(protocol)[::5]:
        for message in cut_answers(recording):
            for history in continued(message).values():
                assert SERVERS["anthropic"].faults(history, **THINKING) == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_messages_are_those_of_bodies_that_are_really_cut(protocol: str) -> None:
    """``cut_answers`` decodes once; a decoder that is closed at the cut gives the same."""
    for recording in random.Random(0).sample(recordings(protocol), 12):
        messages = list(cut_answers(recording))
        for number in (3, 10, 17):
            cut = cut_once(recording, number)
            assert settled(messages[number - 1]) == settled(cut), recording.name
    assert len(messages) == CUTS + 1


def settled(message: Message) -> list[Part]:
    """The parts, with ``{}`` for no arguments: a decoder holds it back until the call ends.

    The real object may still follow.
    """
    return [
        replace(part, args_json="{}")
        if isinstance(part, ToolCallPart) and not part.args_json
        else part
        for part in message.parts
    ]


def test_answers_of_several_providers_in_one_edited_history() -> None:
    chance = random.Random(0)
    samples = [one for name in PROTOCOLS for one in chance.sample(recordings(name), 25)]
    answers = [message for recording in samples for message in cut_answers(recording)]
    for seed in range(400):
        for name, server in SERVERS.items():
            assert server.faults(mixed(answers, seed)) == [], (name, seed)
