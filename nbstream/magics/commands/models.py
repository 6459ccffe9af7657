"""``%llm model``, ``models`` and ``status``: which models there are, and which is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from nbstream.errors import NBStreamError, UsageError
from nbstream.magics.chats import store
from nbstream.magics.commands.cost import budget_lines, spent_line
from nbstream.magics.config import config
from nbstream.providers import default_model
from nbstream.providers.key_sources import find_key
from nbstream.providers.names import LOCAL, split
from nbstream.providers.registry import registered_names
from nbstream.providers.table import PROVIDERS
from nbstream.request.model_list import list_models


def model(name: str | None = None) -> None:
    """Print or set the session's model.

    Raises:
        UnknownModelError, MissingKeyError: the model cannot be asked.
    """
    if name is not None:
        config.set("model", name)
    print(_model())  # noqa: T201 - the command's result


def models(wanted: str | None = None) -> None:
    """Print the models of all providers that have a key, or those that ``wanted`` chooses.

    Raises:
        NBStreamError: the one provider that was asked for did not answer.
    """
    provider, part = split(wanted) if wanted else ("", "")
    if provider not in PROVIDERS:
        provider, part = "", wanted or ""
    asked = [provider] if provider else [one for one in PROVIDERS if _source(one)]
    own = [] if provider else [LOCAL, *registered_names()]
    with ThreadPoolExecutor(max(1, len(asked))) as pool:
        answers = list(pool.map(_names, asked))
    if provider and isinstance(answers[0], NBStreamError):
        raise answers[0]
    shown = [row for row in own if part in row]
    for name, found in zip(asked, answers, strict=True):
        if isinstance(found, NBStreamError):
            shown.append(f"{name}: {found.text}")
        else:
            shown += [one for one in found if part.lower() in one.lower()]
    print("\n".join(shown) or f"No model has {part!r} in its name, of the providers with a key.")  # noqa: T201


def _model() -> str:
    """The model of cells without ``-m``."""
    return config.get("model")[0] or default_model()


def _names(provider: str) -> list[str] | NBStreamError:
    try:
        return list_models(provider)
    except NBStreamError as error:
        return error


def _source(provider: str) -> str | None:
    """Where a provider's key comes from; None if none is found."""
    return find_key(provider)[1]


def _chats() -> str:
    """How many chats there are, or why that is not known."""
    try:
        return f"{len(store().chats())} kept in {store().path or 'memory'}"
    except UsageError as error:
        return error.text


def status() -> None:
    """Print the session's model, the keys that were found by name, and what was spent."""
    print(f"model   {_model()}")  # noqa: T201
    found = [(one, place) for one in PROVIDERS if (place := _source(one))]
    keys = ", ".join(f"{one} ({place})" for one, place in found) or "none"
    print(f"keys    {keys}")  # noqa: T201
    print(f"chats   {_chats()}")  # noqa: T201
    print(f"spent   {spent_line()}")  # noqa: T201
    for line in budget_lines():
        print(line)  # noqa: T201
