"""The settings: where a value comes from, and the file."""

from pathlib import Path

import pytest

from nbstream.errors import UsageError
from nbstream.magics.config import Config


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings' file of the test, which does not exist yet."""
    for name in ("NBSTREAM_MODEL", "NBSTREAM_CHATS"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "folder" / "config.toml"
    monkeypatch.setenv("NBSTREAM_CONFIG", str(path))
    return path


def test_session_environment_and_file_count_in_this_order(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config()
    assert config.get("model") == (None, "")
    config.set("model", "vllm/saved", save=True)
    config.session.clear()
    assert config.get("model") == ("vllm/saved", str(file))
    monkeypatch.setenv("NBSTREAM_MODEL", "vllm/environment")
    assert config.get("model") == ("vllm/environment", "NBSTREAM_MODEL")
    config.set("model", "vllm/session")
    assert config.get("model") == ("vllm/session", "this session")
    assert Config().get("model")[0] == "vllm/environment"
    config.set("model", "default")
    assert config.get("model")[0] == "vllm/environment"


def test_defaults_of_parameters(file: Path) -> None:
    config = Config()
    config.set("temperature", "0.5", save=True)
    config.set("thinking", "2000")
    config.set("system", 'Say "ä" \\ briefly.', save=True)
    assert config.parameters == {
        "temperature": 0.5,
        "reasoning": 2000,
        "system": 'Say "ä" \\ briefly.',
    }
    assert Config().parameters == {"temperature": 0.5, "system": 'Say "ä" \\ briefly.'}
    config.set("temperature", "default", save=True)
    assert "temperature" not in Config().parameters


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("temprature", "1", "no setting called 'temprature'"),
        ("temperature", "warm", "temperature cannot be 'warm'"),
        ("model", "unknown/x", "no provider called 'unknown'"),
    ],
)
def test_a_bad_value_changes_nothing(file: Path, name: str, value: str, says: str) -> None:
    config = Config()
    with pytest.raises(UsageError, match=says):
        config.set(name, value, save=True)
    assert config.session == {}
    assert not file.exists()


@pytest.mark.parametrize("text", ["model = ", "colour = 1", "\x00"])
def test_a_file_that_cannot_be_read_is_named(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(UsageError, match=r"config\.toml"):
        Config().get("model")
