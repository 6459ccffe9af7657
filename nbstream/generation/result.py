"""``Generated``: the images or videos of a finished generation. It draws itself in a notebook.

``generated`` makes it from the model's message, or raises if that has no such files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core.printable import printable
from nbstream.errors import ContentFilterError, ProviderError

if TYPE_CHECKING:
    from nbstream.core.message import FilePart, Message, Usage
    from nbstream.providers.media import Kind

_SHOWN = 300  # characters of a model's text that an error quotes


@dataclass(frozen=True, slots=True)
class Generated:
    """Images or videos, and the message that holds them. It draws itself in a notebook.

    >>> image = nbstream.messages.FilePart("image/gif", b"...")
    >>> generated = nbstream.Generated(nbstream.assistant_message("Here it is.", image))
    >>> generated.text, generated.images == [image]
    ('Here it is.', True)
    """

    message: Message

    @property
    def files(self) -> list[FilePart]:
        """All files, in order."""
        return self.message.files

    @property
    def images(self) -> list[FilePart]:
        """The images, in order."""
        return [file for file in self.files if file.media_type.startswith("image/")]

    @property
    def videos(self) -> list[FilePart]:
        """The videos, in order."""
        return [file for file in self.files if file.media_type.startswith("video/")]

    @property
    def text(self) -> str:
        """The model's text. Most models that make files write none."""
        return self.message.text

    @property
    def usage(self) -> Usage | None:
        """The provider's token count, if it gave one."""
        return self.message.usage

    def of(self, kind: Kind) -> list[FilePart]:
        """The files of that kind."""
        return self.images if kind == "image" else self.videos

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """What IPython shows: a single file as itself, several below each other."""
        bundles = [file._repr_mimebundle_() for file in self.files]
        plain = "\n".join(bundle["text/plain"] for bundle in bundles)
        if len(bundles) == 1 and not self.text:
            return bundles[0]
        html = "".join(_html(bundle) for bundle in bundles)
        text = printable(self.text)
        bundle = {"text/plain": "\n".join(line for line in (text, plain) if line)}
        return {**bundle, "text/html": f"<div>{html}</div>"} if html and not self.text else bundle


def _html(bundle: dict[str, str]) -> str:
    """One file of a MIME bundle as HTML; empty if it cannot be shown."""
    if html := bundle.get("text/html"):
        return html
    for kind, data in bundle.items():
        if kind.startswith("image/"):
            return f'<img src="data:{kind};base64,{data}" style="max-width:100%">'
    return ""


def generated(message: Message, kind: Kind) -> Generated:
    """The result that a complete ``message`` holds.

    Raises:
        ContentFilterError: the provider refused to make it.
        ProviderError: it holds nothing of that ``kind``.
    """
    result = Generated(message)
    if result.of(kind):
        return result
    said = " ".join(message.text.split())[:_SHOWN]
    text = f"The answer holds no {kind}." + (f" The model wrote: {said}" if said else "")
    error = (ContentFilterError if message.finish_reason == "content_filter" else ProviderError)(
        text, provider=message.provider
    )
    error.message = message
    raise error
