"""``%llm key`` in a real ipykernel: where a typed key goes, and where it never goes."""

import json
from pathlib import Path

import pytest

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer

SHORT = "openai-chat/paced-3-100"
KEY = "sk-typed-987654321"
BACKEND = '''
"""A keyring in a file, for this test."""
import json
from pathlib import Path
from keyring.backend import KeyringBackend

FILE = Path(__file__).with_name("keys.json")

class Keyring(KeyringBackend):
    priority = 1
    def _rows(self):
        return json.loads(FILE.read_text()) if FILE.exists() else {}
    def get_password(self, service, username):
        return self._rows().get(f"{service} {username}")
    def set_password(self, service, username, password):
        if FILE.with_name("locked").exists():
            raise RuntimeError(f"locked; {password} was not kept")
        FILE.write_text(json.dumps({**self._rows(), f"{service} {username}": password}))
    def delete_password(self, service, username):
        rows = self._rows()
        del rows[f"{service} {username}"]
        FILE.write_text(json.dumps(rows))
'''


@pytest.fixture
def keyless(kernel: StartKernel) -> Kernel:
    """A kernel without a key in the environment, in which tracebacks show variables."""
    one = kernel(env={"OPENAI_API_KEY": "", "NBSTREAM_DISPLAY": "live"})
    one.check("%load_ext nbstream\n%xmode Verbose")
    return one


def sent_key(server: LLMServer) -> str:
    """The key of the last request."""
    return server.requests[-1].headers["authorization"]


def test_a_typed_key_is_used_and_shows_nowhere(keyless: Kernel, llm_server: LLMServer) -> None:
    failed = keyless.run(f"%%llm -m {SHORT}\nhi")
    assert "%llm key openai-chat asks for it" in failed.stderr
    asked, request = keyless.answer("%llm key openai", f"  {KEY} ")
    assert request["password"] is True
    assert request["prompt"] == "API key of openai: "
    assert asked.stdout.strip() == "The key of openai counts until the kernel ends."
    shown = [keyless.check(f"%%llm -m {SHORT} -o mine -c\nhi")]
    assert sent_key(llm_server) == f"Bearer {KEY}"
    shown.append(keyless.run("%%llm -m openai-chat/status-401\nhi"))  # which quotes the key
    assert "was typed: %llm key openai" in shown[-1].traceback
    shown.append(keyless.run("mine.nope(1)"))
    shown.append(keyless.run(f"import nbstream; nbstream.stream('{SHORT}', 'hi', nope=1)"))
    shown.append(keyless.check("%llm status"))
    assert "openai (this session), openai-chat (this session)" in shown[-1].stdout
    shown.append(keyless.check("print(repr(mine), vars(type(mine)), mine.response, _ih, _oh)"))
    shown.append(keyless.check("import pickle; print(pickle.dumps(mine.message))"))
    for result in shown:
        assert KEY not in json.dumps(result.raw, default=repr)
        assert KEY not in result.traceback
    assert "is forgotten" in keyless.check("%llm key openai --forget").stdout
    assert keyless.run(f"%%llm -m {SHORT}\nhi").status == "error"


def test_a_bad_key_is_refused_without_being_shown(keyless: Kernel) -> None:
    failed, _ = keyless.answer("%llm key openai", f"{KEY}\u00e9")
    assert failed.status == "error"
    assert "cannot be sent" in failed.stderr
    assert KEY not in json.dumps(failed.raw, default=repr)
    nothing, _ = keyless.answer("%llm key openai", "")
    assert "nothing changed" in nothing.stdout
    assert "cannot ask for a key" in keyless.run("%llm key openai").stderr
    assert "Known: anthropic, openai" in keyless.run("%llm key opnai").stderr


def test_a_key_beside_the_command_is_no_prompt(keyless: Kernel, llm_server: LLMServer) -> None:
    before = len(llm_server.requests)
    for line in (f"%llm key openai {KEY}", f"%llm key {KEY}", f"%llm key openai {KEY} --save"):
        failed = keyless.run(line)
        assert failed.status == "error"
        assert KEY not in failed.stderr + failed.traceback
    assert len(llm_server.requests) == before


def test_a_saved_key_is_in_the_keyring_for_all_sessions(
    kernel: StartKernel, llm_server: LLMServer, tmp_path: Path
) -> None:
    pytest.importorskip("keyring")
    (tmp_path / "filed.py").write_text(BACKEND)
    where = {"PYTHON_KEYRING_BACKEND": "filed.Keyring", "PYTHONPATH": str(tmp_path)}
    env = {"OPENAI_API_KEY": "", "NBSTREAM_DISPLAY": "live", **where}
    first = kernel(env=env)
    first.check("%load_ext nbstream\n%xmode Verbose")
    saved, _ = first.answer("%llm key openai --save", KEY)
    assert "in the system's keyring" in saved.stdout
    assert json.loads((tmp_path / "keys.json").read_text()) == {"nbstream OPENAI_API_KEY": KEY}
    second = kernel(env=env)
    second.check("%load_ext nbstream")
    second.check(f"%%llm -m {SHORT}\nhi")
    assert sent_key(llm_server) == f"Bearer {KEY}"
    assert "openai-chat (the keyring)" in second.check("%llm status").stdout
    failed = second.run("%%llm -m openai-chat/status-401\nhi")
    assert "in the keyring: %llm key openai-chat --save" in failed.traceback
    assert "is forgotten" in second.check("%llm key openai --forget").stdout
    assert json.loads((tmp_path / "keys.json").read_text()) == {}
    assert second.run(f"%%llm -m {SHORT}\nhi").status == "error"
    (tmp_path / "locked").touch()
    locked, _ = second.answer("%llm key openai --save", KEY)
    assert "keyring cannot be used. RuntimeError: locked; [key] was not kept" in locked.stderr
    assert KEY not in json.dumps(locked.raw, default=repr)


def test_a_key_in_a_misspelt_command_is_not_sent_to_a_model(
    keyless: Kernel, llm_server: LLMServer
) -> None:
    keyless.answer("%llm key openai", KEY)
    keyless.check(f"%llm config model {SHORT}")
    before = len(llm_server.requests)
    key = "sk-proj-ABCdefGHIjkl"
    for line in (
        f"Key openai {key}",
        f"keys openai {key}",
        f"key={key}",
        f"API_KEY: {key}",
        f"key --save {key} for openai please",
    ):
        failed = keyless.run(f"%llm {line}")
        assert failed.status == "error"
        assert "it seems to hold a key" in failed.stderr
        assert key not in failed.stderr + failed.traceback
    assert len(llm_server.requests) == before
    keyless.check("%llm key ideas of internationalization in a few words")
    assert len(llm_server.requests) == before + 1


def test_explain_sends_no_key_that_the_code_or_the_error_shows(
    keyless: Kernel, llm_server: LLMServer
) -> None:
    keyless.answer("%llm key openai", KEY)
    keyless.check(f"%llm config model {SHORT}")
    keyless.run(f"key = '{KEY}'\nraise ValueError('refused: ' + key)")
    keyless.check("%llm explain")
    (message,) = llm_server.requests[-1].body["messages"]
    assert KEY not in message["content"]
    assert "ValueError: refused: [key]" in message["content"]
