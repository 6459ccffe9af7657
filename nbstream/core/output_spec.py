"""``OutputSpec``: a request's output type as a name and a JSON schema, in no provider's format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OutputSpec"]


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """The output type that a model is asked for.

    ``schema`` is standard JSON schema of an object; each protocol rewrites it for its
    provider. ``tool`` is the name of the tool whose arguments are the output, for
    models that support no other way.
    """

    name: str
    schema: Mapping[str, Any]
    tool: str = "final_result"
