"""Images and videos are recorded, and replayed without a server and a key."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import nbstream
from nbstream import errors
from tests.generation.test_videos import SORA, VEO, film
from tests.harness.media_endpoints import KEY, MP4
from tests.harness.media_server import MediaServer

if TYPE_CHECKING:
    from nbstream.events import Progress

IMAGES = nbstream.ImageParams(n=3)


def test_media_are_replayed(
    media: MediaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "media.nbstream"

    def make() -> tuple[nbstream.Generated, list[nbstream.Generated]]:
        images = nbstream.generate("openai/gpt-image-1", "A cat.", IMAGES)
        imagen = nbstream.generate("google/imagen-4.0-generate-001", "A cat.", IMAGES)
        return images.result(), [imagen.result(), *(film(one).result() for one in (SORA, VEO))]

    with nbstream.recording(path) as tape:
        images, others = make()
    assert [one.data for one in others[-1].videos] == [MP4]
    assert KEY not in path.read_text()
    asked = len(media.requests)
    for name in ("OPENAI_API_KEY", "GEMINI_API_KEY", "OPENAI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with nbstream.recording(path, "none") as replayed:
        again, others_again = make()
        reports: list[Progress] = []
        film(SORA, on_progress=reports.append).result()
        with pytest.raises(errors.NotRecordedError, match=r'"A boat\.", now'):
            film(SORA, "A ship.").result()
    assert [one.data for one in again.images] == [one.data for one in images.images]
    assert [one.files for one in others_again] == [one.files for one in others]
    assert replayed.replayed == tape.recorded + 1
    assert reports
    assert len(media.requests) == asked
