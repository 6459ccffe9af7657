"""A refusal, a retry and an error, a generated image and a file, in a real JupyterLab."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook
from tests.recordings import FOLDER, MISSING

SCRIPT = """\
import nbstream
from nbstream.core import events as ev
from nbstream.errors import OverloadedError
from nbstream.testing import stream_from_events

long = "The request failed because of this. " * 60
failing = [
    ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, "Void"),
    ev.Retry(2, "api.example answered 503."),
    ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, "The partial stays"),
    OverloadedError(long, remedy="Wait a minute."),
]
"""

FILE = """\
name = "a_very_long_file_name_" * 40
part = nbstream.messages.FilePart("application/" + "x" * 400, b"x" * 3_000, filename=name)
nbstream.Stream.replay_message(nbstream.assistant_message(part))
"""


@pytest.mark.skipif(not FOLDER.exists(), reason=MISSING)
def test_a_refusal_reads_as_the_models_own(notebook: OpenNotebook) -> None:
    name = "rig--openai--refusal-matrix--responses-streaming-refusal-delta-surfaces"
    path = FOLDER / "openai-responses" / f"{name}.sse"
    page = notebook(["import nbstream", f"nbstream.replay({str(path)!r})"])
    page.run_cell(0)
    page.run_cell(1)
    page.page.wait_for_selector('.nbstream[data-status="done"]')
    out = page.output(1)
    expect(out.locator(".nbstream-refusal .nbstream-label")).to_have_text("The model refused")
    expect(out.locator(".nbstream-refusal-text")).not_to_be_empty()
    expect(out.locator(".nbstream-error")).to_have_count(0)


@pytest.mark.skipif(not FOLDER.exists(), reason=MISSING)
def test_a_generated_image_keeps_its_box(notebook: OpenNotebook) -> None:
    path = FOLDER / "openai-responses" / "ai--azure--azure-image-generation-tool-1.sse"
    page = notebook(["import nbstream", f"nbstream.replay({str(path)!r}, speed=20)"])
    page.run_cell(0)
    page.run_cell(1)
    page.page.wait_for_selector('.nbstream[data-status="done"]')
    out = page.output(1)
    image = out.locator(".nbstream-picture img")
    expect(image).to_be_visible()
    column, box = out.locator(".nbstream-body").bounding_box(), image.bounding_box()
    assert column is not None
    assert box is not None
    assert 0 < box["width"] <= column["width"] + 1
    expect(out.locator(".nbstream-download")).to_have_text("Download")


def test_a_retry_and_an_error_are_told_in_their_place(notebook: OpenNotebook) -> None:
    page = notebook([SCRIPT, "stream_from_events(failing)", FILE])
    for cell in range(3):
        page.run_cell(cell, wait=cell == 0)
    page.page.wait_for_selector('.nbstream[data-status="failed"]')
    out = page.output(1)
    expect(out.locator(".nbstream-retry")).to_have_text("Asked again: api.example answered 503.")
    expect(out.locator(".nbstream-text")).to_have_text("The partial stays")
    box = out.locator(".nbstream-error")
    expect(box).to_have_attribute("role", "alert")
    expect(box).to_contain_text("Wait a minute.")
    pane = box.locator(".nbstream-disclosure-pane")
    expect(pane).to_be_hidden()
    box.locator("summary").click()
    expect(pane).to_be_visible()
    column, file = out.bounding_box(), page.output(2).locator(".nbstream-file").bounding_box()
    assert column is not None
    assert file is not None
    assert file["width"] <= column["width"]
