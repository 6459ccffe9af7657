"""What the protocols of image and video models share.

Knows how a conversation becomes one prompt with pictures, and what such models
cannot do. Refuses to know any provider's shape.
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
    """The half of a ``WireProtocol`` that is the same for all models that only make files.

    ``makes`` is what kind of files.
    """

    __slots__ = ()

    makes: ClassVar[Literal["image", "video"]]

    def parameter_fields(
        self, model: str, given: Mapping[str, Any], *, tools: bool = False
    ) -> dict[str, Any]:
        """Such models have none of the parameters of text models.

        Raises:
            UsageError: one is given.
        """
        del tools
        refuse_parameters(given, model)
        return {}

    def request(
        self,
        model: str,
        messages: Sequence[Message],
        params: dict[str, Any],
        *,
        tools: Sequence[Tool] = (),
        tool_choice: ToolChoice = None,  # noqa: ARG002 - the interface's
        output: OutputSpec | None = None,
    ) -> Request:
        """A request for what ``messages`` describe; see ``WireProtocol``.

        Raises:
            UsageError: there is no text, there are tools or a type, or a file is one
                that the model does not take.
        """
        refuse_tools(tools, model)
        refuse_output(output, model)
        return self.build(model, messages, params)

    def build(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """``request``, where nothing but files is asked for."""
        raise NotImplementedError


def prompt_of(messages: Sequence[Message]) -> str:
    """All that the system and the user say, as one text.

    Raises:
        UsageError: they say nothing.
    """
    said = [
        part.text
        for message in messages
        if message.role in {"system", "user"}
        for part in message.parts
        if isinstance(part, TextPart) and part.text.strip()
    ]
    if not said:
        raise UsageError(
            "There is no prompt: this model needs words for what it is to make.",
            remedy="Put a text beside the files: user_message('Make it rain.', image).",
        )
    return "\n".join(said)


def pictures_of(messages: Sequence[Message], most: int, model: str) -> list[FilePart]:
    """The conversation's pictures, the model's own among them, in order.

    Raises:
        UsageError: there are more than ``most``, or files that are no pictures.
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
    """Such models write nothing.

    Raises:
        UsageError: there is a type.
    """
    if spec is not None:
        raise UsageError(
            f"{model} makes pictures or videos, and no values.", remedy="Leave output_type= out."
        )


def refuse_parameters(given: Mapping[str, Any], model: str) -> None:
    """Such models take other parameters.

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


def refuse_tools(tools: Sequence[object], model: str) -> None:
    """Such models call nothing.

    Raises:
        UsageError: there are tools.
    """
    if tools:
        raise UsageError(
            f"{model} makes pictures or videos, and calls no tools.", remedy="Leave tools= out."
        )
