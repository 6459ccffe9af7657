"""What an answer is to look like, before any provider's shape.

Knows a name and a JSON schema. Refuses to know which Python type they stand for,
which is ``typed``'s, and how any wire format asks for them: each protocol's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OutputSpec"]


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """A type as a model is told of it.

    ``schema`` is plain JSON schema of an object; what a provider's dialect of it
    lacks, its protocol rewrites. ``tool`` is what the tool is called whose
    arguments the answer is, where a model can be told in no better way.
    """

    name: str
    schema: Mapping[str, Any]
    tool: str = "final_result"
