"""The settings: where a value comes from, and the file."""

import errno
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from nbstream.errors import UnknownModelError, UsageError
from nbstream.magics.config import Config
from nbstream.magics.options import Options
from nbstream.magics.prepared import PreparedCell, Values


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
        ("api_key", "sk-live-4242", r"^A key is no setting\.\n%llm key PROVIDER asks for it\.$"),
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


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("temperature", "nan"),
        ("temperature", "-1"),
        ("max_tokens", "0"),
        ("thinking", "-5"),
        ("timeout", "0"),
        ("timeout", "nan"),
    ],
)
def test_a_value_that_each_later_cell_would_refuse_is_refused_at_once(
    file: Path, name: str, wrong: str
) -> None:
    config = Config()
    with pytest.raises(UsageError, match=r"takes|cannot be"):
        config.set(name, wrong, save=True)
    assert config.get(name) == (None, "")
    assert not file.exists()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('budget = "abc"', "budget cannot be 'abc'"),
        ("budget = -1", "budget cannot be '-1'"),
        ("temperature = true", "cannot be True"),
        ("max_tokens = 0", "max_tokens= takes"),
        ("system = [1]", r"cannot be \[1\]"),
        ("model = 5", "cannot be 5"),
    ],
)
def test_a_wrong_value_in_the_file_is_named_and_can_be_mended_by_a_command(
    file: Path, line: str, says: str
) -> None:
    file.parent.mkdir()
    file.write_text(f"# mine\n{line}\ntimeout = 30 # s\n")
    name = line.partition(" ")[0]
    with pytest.raises(UsageError, match=says) as error:
        Config().get(name)
    assert f"{name} in {file}" in str(error.value)
    assert f"%llm config --save {name} default" in str(error.value)
    assert Config().get("timeout") == (30.0, str(file))
    Config().set(name, "default", save=True)
    assert Config().get(name) == (None, "")
    assert file.read_text() == "# mine\ntimeout = 30 # s\n"


def test_a_value_as_users_write_it_is_read_as_the_command_reads_it(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('budget = "$1.50"\nthinking = "off"\nmax_tokens = "50"\ntemperature = 1\n')
    assert Config().get("budget")[0] == 1.5
    assert Config().parameters == {"reasoning": 0, "max_tokens": 50, "temperature": 1.0}


def test_a_value_over_several_lines_is_replaced_whole(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('system = """Be\nbrief."""\nchats = "off"\n')
    text = 'Say "\x7f😀" \\ now.'
    Config().set("system", text, save=True)
    assert Config().get("system")[0] == text
    assert Config().get("chats")[0] == "off"


def test_a_link_stays_and_leads_to_the_changed_file(file: Path) -> None:
    file.parent.mkdir()
    real = file.with_name("dotfiles.toml")
    file.symlink_to(real)  # dangling at first
    Config().set("chats", "off", save=True)
    real.chmod(0o640)
    Config().set("chats", "b.db", save=True)
    assert file.is_symlink()
    assert (real.read_text(), stat.S_IMODE(real.stat().st_mode)) == ('chats = "b.db"\n', 0o640)
    assert sorted(one.name for one in file.parent.iterdir()) == ["config.toml", "dotfiles.toml"]


def test_a_file_that_cannot_be_written_is_named_and_stays(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Config().set("chats", "off", save=True)

    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", read_only)
    config = Config()
    with pytest.raises(UsageError, match=r"config\.toml cannot be written: Read-only") as error:
        config.set("chats", "b.db", save=True)
    assert "Without --save" in str(error.value)
    assert config.get("chats") == ("off", str(file))


def test_kernels_that_write_at_once_leave_a_whole_file(file: Path) -> None:
    together = Barrier(4)

    def write(number: int) -> None:
        together.wait()
        for n in range(20):
            Config().set("system", f"{number}-{n} " * 500, save=True)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert Config().get("system")[0].split()[0].endswith("-19")
    assert [one.name for one in file.parent.iterdir()] == ["config.toml"]


def test_a_wrong_model_of_the_file_says_where_it_comes_from(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('model = "opnai/gpt-5"\n')
    values = Values.evaluated(Options(), "hi", {})
    with pytest.raises(UnknownModelError, match="opnai") as error:
        PreparedCell.made(values)
    assert f"The name is that of {file}." in str(error.value)
