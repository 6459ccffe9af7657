"""A map in kernels without a page: its static form, and an interrupt."""

from pathlib import Path

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel

SETUP = """
import nbstream
from nbstream.testing import ScriptedModel
model = ScriptedModel("one", *["slow " * 999] * 9, delay=0.01)
job = nbstream.map([f"prompt {n}" for n in range(9)], model, concurrency=2)
"""


def test_a_headless_run_shows_the_end(shell: Kernel) -> None:
    code = "nbstream.map(['a', 'b'], ScriptedModel('1', '2'), concurrency=1).to_df()"
    shell.check(SETUP)
    shown = shell.check(code)
    assert "2 of 2 answered" in str(shown.displays)
    last_line = shell.check("nbstream.map(['a'], ScriptedModel('1'))")
    assert "1 of 1 answered" in str(last_line.displays)


def test_an_interrupt_ends_it_and_keeps_what_had_come(kernel: StartKernel, tmp_path: Path) -> None:
    for number, waits in enumerate(("job.wait()", "await job", "for result in job: pass")):
        one, begun = kernel(), tmp_path / str(number)
        one.check(f"{SETUP}\nimport pathlib; begun = pathlib.Path({str(begun)!r})")
        one.check("stop = job.listen(lambda: job.totals.done and begun.touch())")
        running = one.start(waits)
        one.until(begun.exists, running)
        one.interrupt()
        assert one.wait(running).status == "error"
        kept = one.check("job.wait(); print(job.results[0].output, job.is_cancelled, job)")
        assert kept.stdout.startswith("one True <PromptMap")
