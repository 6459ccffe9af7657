"""``generate()`` in a real ipykernel: the result is shown, and an interrupt stops the job."""

import time

import pytest

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel
from tests.harness.media_endpoints import KEY, b64, png
from tests.harness.media_server import MediaServer
from tests.harness.patience import until

START = """
import nbstream
from nbstream.request import job_source
job_source._CANCEL_TIMEOUT = 30  # seconds; one may be too few on a busy machine
endless = dict(model="openai/sora-2", messages="endless", params=nbstream.VideoParams())
"""


@pytest.fixture
def shell(kernel: StartKernel, media: MediaServer) -> Kernel:
    """A kernel that uses the media server."""
    env = {"OPENAI_BASE_URL": f"{media.url}/v1", "OPENAI_API_KEY": KEY}
    one = kernel(env=env)
    one.check(START)
    return one


def test_an_awaited_generation_shows_its_image(shell: Kernel) -> None:
    shown = shell.check("await nbstream.generate('openai/gpt-image-1', 'A cat.')").displays
    assert len(shown) == 1
    assert shown[0]["image/png"].strip() == b64(png(0))


def test_blocking_calls_while_the_kernels_loop_runs(shell: Kernel) -> None:
    code = "result = nbstream.generate('openai/gpt-image-1', 'A cat.').result()\nresult.images[0]"
    assert shell.check(code).displays[0]["image/png"].strip() == b64(png(0))


def test_the_last_line_of_a_cell_starts_it_and_shows_it(shell: Kernel) -> None:
    cell = shell.check("g = nbstream.generate('openai/gpt-image-1', 'A cat.')\ng")
    shell.until(lambda: b64(png(0)) in cell.displays[0].get("text/html", ""), cell)
    assert len(cell.displays) == 1


@pytest.mark.parametrize("wait", ["await g", "g.result()"])
def test_an_interrupt_ends_the_job(shell: Kernel, media: MediaServer, wait: str) -> None:
    cell = shell.start(f"g = nbstream.generate(**endless, poll_every=0.05)\n{wait}")
    shell.until(lambda: len(media.of("GET", "/v1/videos/")) > 1, cell)
    began = shell.interrupt()
    shell.wait(cell)
    assert cell.ended_at - began < 10, "the job itself takes minutes"
    assert cell.status == "error"
    assert cell.ename in ("KeyboardInterrupt", "CancelledError")
    printed = shell.check("g.stream.wait(30); print(g.message.finish_reason)")
    assert printed.stdout == "cancelled\n"
    until(lambda: media.jobs["video_0"].deleted)
    time.sleep(0.2)  # for a poll that is under way
    asked = len(media.requests)
    time.sleep(0.5)
    assert len(media.requests) == asked, "it is still being polled"
