"""The base class for protocols of image and video models, and functions that they share.

They read the prompt and the input images from the messages, and refuse tools, output types and
the parameters of text models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from nbstream.core.message import FilePart, TextPart
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice
    from nbstream.protocols.base import Request


class MediaProtocol:
    """The methods of ``WireProtocol`` that protocols for image and video models share.

    ``makes`` is the kind of files they make.
    """

    __slots__ = ()

    makes: ClassVar[Literal["image", "video"]]

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """Refuse the parameters of text models; image and video models have none of them.

        Raises:
            UsageError: one is given, or tools are.
        """
        refuse_parameters(given, model)
        refuse_tools(tools, model)
        return {}

    def request(
        self,
        model: str,
        messages: Sequence[Message],
        params: dict[str, Any],
        *,
        tools: Sequence[Tool] = (),
        tool_choice: ToolChoice = None,  # noqa: ARG002 - part of the interface
        output: OutputSpec | None = None,
    ) -> Request:
        """A request for what ``messages`` describe; see ``WireProtocol``.

        Raises:
            UsageError: there is no text, tools or an output type are given, or the model
                does not take one of the files.
        """
        refuse_tools(tools, model)
        refuse_output(output, model)
        return self.build(model, messages, params)

    def build(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """Build the request. The caller has refused ``tools`` and ``output``."""
        raise NotImplementedError


def prompt_of(messages: Sequence[Message]) -> str:
    """The prompt: all text of the system and the user, joined.

    Raises:
        UsageError: there is none.
    """
    texts = [
        part.text
        for message in messages
        if message.role in {"system", "user"}
        for part in message.parts
        if isinstance(part, TextPart) and part.text.strip()
    ]
    if not texts:
        raise UsageError(
            "There is no prompt. This model needs a text that says what to make.",
            remedy="Add a text to the files: user_message('Make it rain.', image).",
        )
    return "\n".join(texts)


def pictures_of(messages: Sequence[Message], most: int, model: str) -> list[FilePart]:
    """The images of the conversation in order, including those that the model made.

    Raises:
        UsageError: there are more than ``most``, or files that are not images.
    """
    files = [part for message in messages for part in message.parts if isinstance(part, FilePart)]
    for file in files:
        if not file.media_type.startswith("image/"):
            raise UsageError(
                f"{model} takes pictures only, and this is a file of type {file.media_type}.",
                remedy="Leave it out, or send a picture of it.",
            )
    if len(files) > most:
        some = f"at most {most} picture{'s' if most > 1 else ''}" if most else "no pictures"
        raise UsageError(f"{model} takes {some} with a prompt; there are {len(files)}.")
    return files


def refuse_output(spec: OutputSpec | None, model: str) -> None:
    """Refuse an output type: these models write no text.

    Raises:
        UsageError: an output type is given.
    """
    if spec is not None:
        raise UsageError(
            f"{model} makes pictures or videos, not values of a type.",
            remedy="Leave output_type= out.",
        )


def refuse_parameters(given: Mapping[str, Any], model: str) -> None:
    """Refuse the parameters of text models: these models take others.

    Raises:
        UsageError: there is one, other than ``tool_choice``.
    """
    for name in given:
        if name != "tool_choice":
            raise UsageError(
                f"{model} makes pictures or videos, and takes no {name}=.",
                remedy="Use nbstream.generate() with ImageParams or VideoParams, or put the"
                " provider's own fields in extra_body=.",
            )


def refuse_tools(tools: Sequence[object] | bool, model: str) -> None:
    """Refuse tools: these models call none.

    Raises:
        UsageError: tools are given.
    """
    if tools:
        raise UsageError(
            f"{model} makes pictures or videos, and calls no tools.", remedy="Leave tools= out."
        )
