"""The media samples of Vercel's ai for Python; only the import and the file's builder differ.

Source: its examples/media (image_generation, image_edit, video_generation), in the form in
which one function makes pictures and videos.
"""

import base64
import pathlib
from collections.abc import Iterator

import pytest

import nbstream as ai
from tests.harness.background import run_async
from tests.harness.media_endpoints import KEY, MP4, png
from tests.harness.media_server import MediaServer


@pytest.fixture(autouse=True)
def media(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> Iterator[MediaServer]:
    with MediaServer() as server:
        for name in ("OPENAI_API_KEY", "GEMINI_API_KEY"):
            monkeypatch.setenv(name, KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        monkeypatch.chdir(tmp_path)
        yield server


def test_image_generation(capsys: pytest.CaptureFixture[str]) -> None:
    model = ai.get_model("google/imagen-4.0-generate-001")
    messages = [
        ai.user_message(
            "A watercolor painting of a cozy cabin in the mountains at sunset, "
            "with warm light spilling from the windows and smoke rising from "
            "the chimney."
        ),
    ]

    async def main() -> None:
        result = await ai.generate(model, messages, ai.ImageParams(n=2, aspect_ratio="16:9"))

        print(f"Generated {len(result.images)} image(s)")
        for i, img in enumerate(result.images):
            filename = f"generated_{i}.png"
            data = (
                img.data if isinstance(img.data, bytes) else base64.b64decode(img.data)  # type: ignore[arg-type] # theirs may be text
            )
            pathlib.Path(filename).write_bytes(data)
            print(f"  {filename}: {img.media_type}, {len(data)} bytes")

        if result.usage:
            print(
                f"Usage: {result.usage.input_tokens} input, "
                f"{result.usage.output_tokens} output tokens"
            )

    run_async(main())
    size = len(png())
    assert capsys.readouterr().out.splitlines() == [
        "Generated 2 image(s)",
        f"  generated_0.png: image/png, {size} bytes",
        f"  generated_1.png: image/png, {size} bytes",
    ]
    assert pathlib.Path("generated_1.png").read_bytes() == png(1)


def test_image_edit(capsys: pytest.CaptureFixture[str], media: MediaServer) -> None:
    model = ai.get_model("openai/gpt-image-1")

    async def main() -> None:
        input_image = ai.file_part("https://picsum.photos/id/237/400/300.jpg")

        messages = [
            ai.user_message(
                "Transform this photo into a soft watercolor painting style. "
                "Keep the composition and subject the same but make it look "
                "like a hand-painted watercolor.",
                input_image,
            ),
        ]

        result = await ai.generate(model, messages, ai.ImageParams(size="1024x1024"))

        print(f"Generated {len(result.images)} edited image(s)")
        for i, img in enumerate(result.images):
            img.save(f"watercolor_edit_{i}.png")

    run_async(main())
    assert capsys.readouterr().out == "Generated 1 edited image(s)\n"
    assert pathlib.Path("watercolor_edit_0.png").read_bytes() == png(0)
    row = media.of("POST", "/v1/images/edits")[0].json
    assert row["images"] == [{"image_url": "https://picsum.photos/id/237/400/300.jpg"}]
    assert row["size"] == "1024x1024"


def test_video_generation(capsys: pytest.CaptureFixture[str]) -> None:
    model = ai.get_model("google/veo-3.1-fast-generate-001")

    async def main() -> None:
        print("Generating video (this may take a minute or two)...")

        result = await ai.generate(
            model,
            [ai.user_message("A paper boat drifting across a puddle in the rain.")],
            ai.VideoParams(aspect_ratio="16:9", duration=4),
            poll_every=0.02,
        )

        print(f"Generated {len(result.videos)} video(s)")
        for i, vid in enumerate(result.videos):
            ext = "mp4" if "mp4" in vid.media_type else "webm"
            filename = f"generated_{i}.{ext}"
            data = (
                vid.data if isinstance(vid.data, bytes) else base64.b64decode(vid.data)  # type: ignore[arg-type] # theirs may be text
            )
            pathlib.Path(filename).write_bytes(data)
            print(f"  {filename}: {vid.media_type}, {len(data)} bytes")

    run_async(main())
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Generated 1 video(s)",
        f"  generated_0.mp4: video/mp4, {len(MP4)} bytes",
    ]
    assert pathlib.Path("generated_0.mp4").read_bytes() == MP4
