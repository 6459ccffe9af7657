"""Chats in their file: turns, re-runs, branches, and many processes at once."""

import json
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

import nbstream
from nbstream.chat import Chat, Store, Turn
from nbstream.errors import UsageError
from nbstream.testing import ScriptedModel


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of each kind."""
    return Store(tmp_path / "folder" / "chats.db" if request.param == "file" else None)


def turn(prompt: str, reply: str, cell: str = "") -> Turn:
    made = nbstream.assistant_message(reply)
    return Turn(nbstream.user_message(prompt), (made,), cell, "test/m")


def texts(chat: Chat, cell: str = "") -> list[str]:
    return [message.text for message in chat.history(cell)]


def test_turns_come_back_in_order_and_whole(store: Store) -> None:
    image = nbstream.file_part(b"\x89PNG\r\n\x1a\n....")
    first = Turn(nbstream.user_message("see", image), (nbstream.assistant_message("a dot"),), "c1")
    assert store.save("x", first) == 1
    assert store.save("x", turn("and?", "no more")) == 2
    assert store.save("y", turn("other", "chat")) == 1
    assert store.turns("x")[0] == first
    assert texts(Chat("x", store)) == ["see", "a dot", "and?", "no more"]
    assert store.turns("none") == []
    assert [(one.name, one.turns) for one in store.chats()] == [("y", 1), ("x", 2)]


def test_a_cell_that_runs_again_replaces_its_turn_and_drops_the_later_ones(store: Store) -> None:
    chat = Chat("x", store)
    for n in range(1, 5):
        store.save("x", turn(f"q{n}", f"a{n}", f"cell{n}"))
    assert texts(chat, "cell2") == ["q1", "a1"]
    assert texts(chat, "cell9") == ["q1", "a1", "q2", "a2", "q3", "a3", "q4", "a4"]
    assert store.save("x", turn("q2 new", "a2 new", "cell2")) == 2
    assert texts(chat) == ["q1", "a1", "q2 new", "a2 new"]


def test_a_turn_without_a_cell_replaces_nothing(store: Store) -> None:
    for _ in range(3):
        store.save("x", turn("go on", "more"))
    assert len(store.turns("x")) == 3


def test_a_stopped_answer_is_no_turn(store: Store) -> None:
    chat = Chat("x", store)
    store.save("x", turn("q1", "a1", "c1"))
    store.save("x", turn("q2", "a2", "c2"))
    answer = nbstream.stream(ScriptedModel("A long answer.", delay=0.01), "q")
    next(iter(answer.text_stream))
    answer.close()
    answer.wait()
    assert chat.ended(nbstream.user_message("q3"), answer, "c3") is None
    assert texts(chat) == ["q1", "a1", "q2", "a2"]
    assert chat.ended(nbstream.user_message("q2"), answer, "c2") is None
    assert texts(chat) == ["q1", "a1"]


def test_branch_and_forget(store: Store) -> None:
    store.save("x", turn("q", "a", "c"))
    assert store.branch("x", "y") == 1
    store.save("y", turn("q2", "a2"))
    assert len(store.turns("x")) == 1
    with pytest.raises(UsageError, match="'y' already"):
        store.branch("x", "y")
    with pytest.raises(UsageError, match="no chat called 'z'"):
        store.branch("z", "new")
    assert store.forget("x")
    assert not store.forget("x")
    assert [one.name for one in store.chats()] == ["y"]


def test_what_is_forgotten_is_not_in_the_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "chats.db")
    store.save("x", turn("a very secret question", "a"))
    store.forget("x")
    for file in tmp_path.iterdir():
        assert b"very secret" not in file.read_bytes(), file.name


def test_the_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "chats.db"
    Store(path).save("x", turn("q", "a"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_reading_makes_no_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "new" / "chats.db")
    assert (store.chats(), store.turns("x"), store.forget("x"), store.cut("x", "c")) == (
        *([], [], False, 0),
    )
    assert not (tmp_path / "new").exists()


def test_the_users_own_file_is_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NBSTREAM_CHATS", raising=False)
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path)
    path = tmp_path / "chats.db"
    Store(path).save("x", turn("q", "a"))
    path.chmod(0o644)
    Store(path).chats()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644, "a file that the user chose may be shared"
    Store.default().chats()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "chats.db")
    store.save("x", turn("a", "b"))
    plain = sqlite3.connect
    monkeypatch.setattr(
        "sqlite3.connect", lambda path, **how: plain(f"file:{path}?mode=ro", uri=True, **how)
    )
    assert texts(Chat("x", store)) == ["a", "b"]
    with pytest.raises(UsageError, match="attempt to write a readonly database"):
        store.save("x", turn("c", "d"))


def test_a_locked_file_is_waited_for_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "chats.db")
    store.save("x", turn("a", "b"))
    with closing(sqlite3.connect(tmp_path / "chats.db", check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            saved = pool.submit(store.save, "x", turn("c", "d"))
            assert texts(Chat("x", store)) == ["a", "b"], "reading does not wait"
            other.rollback()
            assert saved.result() == 2
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("nbstream.chat.database.PATIENCE", 0.0)
        with pytest.raises(UsageError, match="Another program has locked the chats"):
            store.save("x", turn("e", "f"))


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\0" + b"x" * 200])
def test_a_broken_file_is_named_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "chats.db"
    path.write_bytes(content)
    with pytest.raises(UsageError) as error:
        Store(path).chats()
    assert str(path) in str(error.value)
    assert "NBSTREAM_CHATS" in str(error.value)


def test_a_newer_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UsageError, match="newer version"):
        Store(path).save("x", turn("q", "a"))


def test_a_full_disk_is_named_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "chats.db")
    store.save("x", turn("a", "b", "c1"))

    def full(connection: sqlite3.Connection, _: float) -> sqlite3.Connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr("nbstream.chat.database._prepared", full)
        with pytest.raises(UsageError, match="disk is full"):
            store.save("x", turn("again", "b" * 200_000, "c1"))
    assert texts(Chat("x", store)) == ["a", "b"]


def test_kernels_that_make_the_file_at_once_all_succeed(tmp_path: Path) -> None:
    def first(path: Path) -> int:
        together.wait()
        return Store(path).save("x", turn("q", "a"))

    together = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        for number in range(40):  # without waiting, about one in twenty fails
            saved = pool.map(first, [tmp_path / f"{number}.db"] * 4)
            assert sorted(saved) == [1, 2, 3, 4]


def test_the_environment_chooses_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBSTREAM_CHATS", "off")
    assert Store.default().path is None
    monkeypatch.setenv("NBSTREAM_CHATS", str(tmp_path / "a.db"))
    assert Store.default().path == tmp_path / "a.db"
    monkeypatch.delenv("NBSTREAM_CHATS")
    found = Store.default().path
    assert found is not None
    assert found.name == "chats.db"


WRITER = """
import sys
from pathlib import Path
import nbstream
from nbstream.chat import Store, Turn
name, count = sys.argv[2], int(sys.argv[3])
store = Store(Path(sys.argv[1]))
for n in range(count):
    text = f"{name}-{n}"
    reply = nbstream.assistant_message("answer to " + text)
    store.save("shared", Turn(nbstream.user_message(text), (reply,), text))
    store.save(name, Turn(nbstream.user_message(text), (reply,), text))
    print(text, flush=True)
"""


def test_two_processes_write_one_file_and_one_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    command = [sys.executable, "-c", WRITER, str(path)]
    told: dict[str, list[str]] = {"one": [], "two": []}
    with (
        subprocess.Popen([*command, "one", "200"], stdout=subprocess.PIPE, text=True) as lasting,
        subprocess.Popen([*command, "two", "200"], stdout=subprocess.PIPE, text=True) as killed,
    ):
        assert lasting.stdout is not None
        assert killed.stdout is not None
        for line in killed.stdout:
            told["two"].append(line.strip())
            if len(told["two"]) == 60:
                killed.send_signal(signal.SIGKILL)
        told["one"] = [line.strip() for line in lasting.stdout]
    assert (lasting.returncode, killed.returncode) == (0, -signal.SIGKILL)
    store = Store(path)
    shared = store.turns("shared")
    for one in shared:
        assert one.reply[0].text == f"answer to {one.prompt.text}", "a turn is mixed"
    for name, said in told.items():
        assert len(said) >= 60
        assert [one.prompt.text for one in store.turns(name)][: len(said)] == said
        assert [t for one in shared if (t := one.prompt.text) in set(said)] == said


def test_the_tables_are_as_documented(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    before = time.time()
    Store(path).save("x", turn("q", "a", "c"))
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        row = connection.execute(
            "SELECT name, position, cell, model, prompt, reply, turns.created AS created"
            " FROM turns JOIN chats ON chats.id = turns.chat"
        ).fetchone()
    assert (row["name"], row["position"], row["cell"], row["model"]) == ("x", 1, "c", "test/m")
    assert json.loads(row["prompt"])["role"] == "user"
    assert [one["role"] for one in json.loads(row["reply"])] == ["assistant"]
    assert before <= row["created"] <= time.time()
