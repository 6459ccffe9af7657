"""What one kernel remembers for its ``%%llm`` cells: the default model and the models it used."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Session:
    """The state that the magics of this process share."""

    model: str | None = None
    """The model of cells without ``-m``, set by ``%llm model``; None: the environment's."""

    models: dict[str, None] = field(default_factory=dict)
    """The models that cells named, in order, for the completion."""


session = Session()
