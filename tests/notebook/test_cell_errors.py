"""What a cell says when a request fails: short, with the remedy, and the partial is kept."""

from tests.harness.kernel import Kernel


def test_an_unknown_model_names_the_nearest(shell: Kernel) -> None:
    failed = shell.run("%%llm -m openai-chat/gpt-5.2-mni\nhi")
    assert failed.status == "error"
    assert "Did you mean openai-chat/gpt-5.2-mini" in failed.traceback
    assert len(failed.traceback.splitlines()) <= 5
    listed = shell.check("%llm models openai-chat").stdout.split()
    assert listed == ["openai-chat/gpt-5.2", "openai-chat/gpt-5.2-mini", "openai-chat/whisper-2"]
    assert shell.check("%llm models mini").stdout.split()[-1] == "openai-chat/gpt-5.2-mini"


def test_a_rate_limit_says_how_long_to_wait(shell: Kernel) -> None:
    failed = shell.run("%%llm -m openai-chat/status-429 -p retries 0\nhi")
    assert failed.status == "error"
    assert "Wait 1 s" in failed.traceback


def test_a_network_failure_names_the_address(shell: Kernel) -> None:
    asked = "%%llm -m vllm/x -p base_url http://127.0.0.1:9/v1 -p retries 0\nhi"
    failed = shell.run(asked)
    assert failed.status == "error"
    assert "127.0.0.1:9" in failed.traceback
    assert len(failed.traceback.splitlines()) <= 6
