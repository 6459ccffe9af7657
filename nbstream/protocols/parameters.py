"""The table of request parameters, such as ``temperature``, and their field in each protocol.

Also checks the values that a caller gave, and writes them to a request's body by the table.

To add a parameter, add a row to ``Parameters``. The keyword of ``nbstream.stream()``, its check,
the body's field and ``docs/parameters.md`` follow from it. A ``Special`` field also needs code in
the protocol's own ``parameters.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - read by get_type_hints
from dataclasses import dataclass, field
from functools import cache as _once
from typing import Annotated, Any, Literal, TypedDict, get_type_hints

from nbstream.core.tool_spec import ToolChoice  # noqa: TC001 - read by get_type_hints
from nbstream.errors import UsageError
from nbstream.protocols import parameter_checks as check
from nbstream.protocols.json_merge import put
from nbstream.protocols.parameter_checks import Check  # noqa: TC001 - as above

PROTOCOL_TITLES = {
    "anthropic": "Anthropic's Messages API",
    "openai_responses": "OpenAI's Responses API",
    "openai_chat": "Chat Completions",
    "gemini": "Gemini's generateContent",
}


@dataclass(frozen=True, slots=True)
class Special:
    """A parameter that ``parameters.py`` of the protocol converts. ``text`` documents it."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A parameter that the protocol does not have. ``remedy`` is what to do instead."""

    remedy: str


Field = str | Special | Refused
"""A parameter in one protocol. A text is the path of a field in the request's body."""


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter: what it takes, and its field in each protocol.

    ``check`` is None where the value is checked elsewhere. ``at_most`` has lower
    limits of single protocols than ``check``.
    """

    check: Check | None
    anthropic: Field
    openai_responses: Field
    openai_chat: Field
    gemini: Field
    at_most: Mapping[str, float] = field(default_factory=dict)


Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max", "adaptive"]

_NO_SEED = Refused("Leave it out: answers there cannot be repeated by a seed.")
_NO_PENALTY = Refused("Leave it out, or ask for less repetition in the prompt.")
_SAY_IT = Refused("Leave it out, and say in the prompt how long the answer should be.")


class Parameters(TypedDict, total=False):
    """Parameters that go to the provider. None is the same as not given.

    Fields of each row: check, Anthropic Messages, OpenAI Responses, OpenAI Chat
    Completions, Gemini. Sources: the API references,
    https://platform.claude.com/docs/en/api/messages/create,
    https://platform.openai.com/docs/api-reference/responses/create,
    https://platform.openai.com/docs/api-reference/chat/create and
    https://ai.google.dev/api/generate-content#generationconfig.
    """

    temperature: Annotated[
        float | None,
        Row(
            check.number(0, 2),
            "temperature",
            "temperature",
            "temperature",
            "generationConfig.temperature",
            at_most={"anthropic": 1},
        ),
    ]
    top_p: Annotated[
        float | None, Row(check.number(0, 1), "top_p", "top_p", "top_p", "generationConfig.topP")
    ]
    top_k: Annotated[
        int | None,
        Row(
            check.integer(0),
            "top_k",
            Refused("Leave it out, or use top_p= there."),
            "top_k",
            "generationConfig.topK",
        ),
    ]
    max_tokens: Annotated[
        int | None,
        Row(
            check.integer(1),
            "max_tokens",
            "max_output_tokens",
            Special("max_completion_tokens or max_tokens"),
            "generationConfig.maxOutputTokens",
        ),
    ]
    stop: Annotated[
        str | Sequence[str] | None,
        Row(
            check.TEXTS,
            "stop_sequences",
            Refused("Ask the model by Chat Completions (openai-chat/<model>), or leave it out."),
            "stop",
            "generationConfig.stopSequences",
        ),
    ]
    seed: Annotated[
        int | None,
        Row(check.integer(), _NO_SEED, _NO_SEED, Special("seed"), "generationConfig.seed"),
    ]
    presence_penalty: Annotated[
        float | None,
        Row(
            check.number(-2, 2),
            _NO_PENALTY,
            _NO_PENALTY,
            "presence_penalty",
            "generationConfig.presencePenalty",
        ),
    ]
    frequency_penalty: Annotated[
        float | None,
        Row(
            check.number(-2, 2),
            _NO_PENALTY,
            _NO_PENALTY,
            "frequency_penalty",
            "generationConfig.frequencyPenalty",
        ),
    ]
    reasoning: Annotated[
        Effort | int | Mapping[str, Any] | None,
        Row(
            check.REASONING,
            Special("thinking, output_config.effort"),
            Special("reasoning.effort"),
            Special("reasoning_effort"),
            Special("generationConfig.thinkingConfig"),
        ),
    ]
    verbosity: Annotated[
        Literal["low", "medium", "high"] | None,
        Row(check.one_of("low", "medium", "high"), _SAY_IT, "text.verbosity", "verbosity", _SAY_IT),
    ]
    cache: Annotated[
        bool | str | None,
        Row(
            check.CACHE,
            Special("cache_control"),
            Special("prompt_cache_key"),
            Special("prompt_cache_key"),
            Special("cachedContent"),
        ),
    ]
    service_tier: Annotated[
        str | None,
        Row(check.TEXT, "service_tier", "service_tier", "service_tier", "serviceTier"),
    ]
    parallel_tool_calls: Annotated[
        bool | None,
        Row(
            check.FLAG,
            Special("tool_choice.disable_parallel_tool_use"),
            Special("parallel_tool_calls"),
            Special("parallel_tool_calls"),
            Special("(True is what it does; False is refused)"),
        ),
    ]
    tool_choice: Annotated[
        ToolChoice,
        Row(
            check.CHOICE,
            Special("tool_choice"),
            Special("tool_choice"),
            Special("tool_choice"),
            Special("toolConfig.functionCallingConfig"),
        ),
    ]
    user: Annotated[
        str | None,
        Row(
            check.TEXT,
            Special("metadata.user_id"),
            "user",
            "user",
            Refused("Leave it out, or name the user in metadata=, which becomes labels."),
        ),
    ]
    metadata: Annotated[
        Mapping[str, str] | None,
        Row(check.LABELS, Special("metadata (user_id only)"), "metadata", "metadata", "labels"),
    ]


@_once
def table(of: type[Any] = Parameters) -> dict[str, Row]:
    """Each parameter's row, in the order of the table."""
    hints = get_type_hints(of, include_extras=True)
    found = {name: getattr(hint, "__metadata__", ()) for name, hint in hints.items()}
    return {name: row for name, rows in found.items() for row in rows if isinstance(row, Row)}


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that are not None, each value checked and converted to JSON types.

    Raises:
        UsageError: a value that its parameter does not take.
    """
    rows = table()
    found: dict[str, Any] = {}
    for name, value in given.items():
        if value is not None:
            reads = rows[name].check
            found[name] = reads.read(name, value) if reads else value
    return found


def body_fields(
    given: Mapping[str, Any], protocol: str, where: str, lacks: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The body's fields for parameters that ``protocol`` has under a name of the table.

    ``given`` is as ``checked`` returns it. ``where`` is what errors call the API,
    ``lacks`` names what a single server does not have, each with a remedy.

    Raises:
        UsageError: the API cannot do one of them.
    """
    body: dict[str, Any] = {}
    for name, value in given.items():
        row = table()[name]
        path: Field = getattr(row, protocol)
        if isinstance(path, Refused):
            raise refusal(name, where, path.remedy)
        if lacks and name in lacks:
            raise refusal(name, where, lacks[name])
        most = row.at_most.get(protocol)
        if most is not None and value > most:
            raise UsageError(
                f"{where} takes {name}= up to {most:g}, not {value!r}.",
                remedy=f"Write {name}={most:g} or less.",
            )
        if isinstance(path, str):
            put(body, path, value)
    return body


def effort(reasoning: str | int | dict[str, Any], where: str, *, tokens: bool = False) -> str | int:
    """``reasoning``, checked: an effort, or with ``tokens`` also a number of tokens.

    Raises:
        UsageError: it is Anthropic's dict, ``adaptive``, or a number that ``where`` does not take.
    """
    if reasoning == "adaptive":
        raise UsageError(
            f"{where} does not take reasoning='adaptive'.",
            remedy="Leave it out: the model decides by itself.",
        )
    if isinstance(reasoning, str) or (isinstance(reasoning, int) and tokens):
        return reasoning
    form = "as a number of tokens" if isinstance(reasoning, int) else "with Anthropic's own fields"
    raise UsageError(
        f"{where} takes reasoning= as an effort, not {form}.",
        remedy='Write reasoning="low", "medium" or "high".',
    )


def refusal(name: str, where: str, remedy: str = "") -> UsageError:
    """The error for a parameter that ``where`` does not have."""
    return UsageError(f"{where} has no {name}=.", remedy=remedy or "Leave it out.")
