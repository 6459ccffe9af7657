"""``file_part()``: what it takes, and its errors."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest

import nbstream
from nbstream import file_part
from nbstream.core.message import FilePart
from nbstream.errors import UsageError
from nbstream.files import content
from nbstream.testing import ScriptedModel
from tests.files import samples


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (samples.PNG, "image/png"),
        (samples.JPEG, "image/jpeg"),
        (samples.GIF, "image/gif"),
        (samples.WEBP, "image/webp"),
        (samples.HEIC, "image/heic"),
        (samples.SVG, "image/svg+xml"),
        (samples.PDF, "application/pdf"),
        (samples.WAV, "audio/wav"),
        (samples.MP3, "audio/mpeg"),
        (b"\xff\xfb\x90\x00\x00", "audio/mpeg"),
        (samples.MP4, "video/mp4"),
        ("Grüße\n".encode(), "text/plain"),
        (b"BM is how this text begins", "text/plain"),
        (b"ID3 too", "text/plain"),
        ("ä".encode() * 4000, "text/plain"),
    ],
)
def test_the_type_is_found_in_the_bytes(data: bytes, kind: str) -> None:
    assert file_part(data) == FilePart(kind, data)


def test_text_may_be_split_inside_a_character() -> None:
    assert content.media_type(b"a" + "ä".encode() * 4000) == "text/plain"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", samples.PNG, "image/png"),
        ("a.jpg", samples.PNG, "image/png"),  # the content wins
        ("a", samples.JPEG, "image/jpeg"),
        ("a.csv", b"x,y\n1,2\n", "text/csv"),
        ("a.json", b"{}", "application/json"),
        ("a.md", b"# A", "text/markdown"),
        ("a.ts", b"let a = 1;", "text/plain"),  # .ts is used for videos and for TypeScript
        ("a.svg", samples.SVG, "image/svg+xml"),
        ("a.xml", samples.SVG, "application/xml"),
        (
            "a.docx",
            samples.ZIP,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("a.zip", samples.ZIP, "application/zip"),
        ("a.parquet", b"PAR1\x00\x01\x80", None),
    ],
)
def test_a_path(tmp_path: Path, name: str, data: bytes, kind: str | None) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    for given in (path, str(path)):
        if kind is None:
            with pytest.raises(UsageError, match="The bytes do not show"):
                file_part(given)
            continue
        part = file_part(given)
        assert part.data == data
        assert part.filename == name
        assert part.media_type == kind


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.png", b"not a picture", "a.png is named as image/png, but its content is text"),
        ("a.pdf", samples.PNG, "is named as application/pdf, but its content is image/png"),
        ("a.png", b"\x00\x01\x02", "but its content is something else"),
        ("a.docx", samples.PNG, "but its content is image/png"),
        ("a.png", b"", "a.png is empty"),
    ],
)
def test_a_file_whose_content_contradicts_its_name(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match=words):
        file_part(tmp_path / name)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing\.png cannot be read: No such file"):
        file_part(tmp_path / "nothing.png")
    with pytest.raises(UsageError, match="cannot be read"):
        file_part(tmp_path)


def test_an_explicit_type_and_name_are_used() -> None:
    assert file_part(b"\x00\x01", "audio/pcm").media_type == "audio/pcm"
    assert file_part(b"a;b", media_type="text/csv", filename="t").media_type == "text/csv"
    assert file_part(samples.JPEG, "image/png").media_type == "image/jpeg"
    with pytest.raises(UsageError, match="content is image/png"):
        file_part(samples.PNG, "text/plain")


def test_an_address() -> None:
    url = "https://example.org/a%20photo.JPG?size=2"
    assert file_part(url) == FilePart("image/jpeg", url=url)
    assert file_part("gs://bucket/x.mp4", filename="film").filename == "film"
    with pytest.raises(UsageError, match="media_type=") as caught:
        file_part("https://example.org/photo")
    assert "https://example.org/photo" in str(caught.value)
    assert file_part("https://example.org/photo", "image/png").media_type == "image/png"


def test_a_data_url() -> None:
    url = "data:image/png;base64," + base64.b64encode(samples.PNG).decode()
    assert file_part(url) == FilePart("image/png", samples.PNG)
    assert file_part("data:,hello%20you").data == b"hello you"
    spaced = "DATA:image/png; BASE64," + base64.encodebytes(samples.PNG).decode().rstrip("=\n")
    assert file_part(spaced) == FilePart("image/png", samples.PNG), "as browsers read it"
    safe = base64.urlsafe_b64encode(samples.PNG).decode()
    assert file_part(f"data:image/png;base64,{safe}").data == samples.PNG
    latin = file_part("data:text/plain;charset=iso-8859-1,%E4")
    assert latin == FilePart("text/plain", "ä".encode())


ENCODED = base64.b64encode(samples.PNG).decode()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("data:image/png;base64,a", "cut off"),
        (f"data:image/png;base64,{ENCODED[:-3].rstrip('=')[:9]}", "cut off"),
        ("data:image/png;base64,iVBOR%%%%", "characters that are not base64"),
        ("data:image/png;base64,…", "characters that are not base64"),
        ("data:image/png;base64", "no comma"),
        ("data:image/png;base64 iVBO", "no comma"),
        (f"data:image/png,{ENCODED}", "not marked as base64"),
    ],
)
def test_a_data_url_that_is_malformed(url: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        file_part(url)
    assert "base64.b64encode(data).decode()" in str(caught.value.remedy)


def test_a_data_url_without_data() -> None:
    with pytest.raises(UsageError, match="is empty"):
        file_part("data:image/png;base64,")


def test_a_file_url(tmp_path: Path) -> None:
    path = tmp_path / "a photo.png"
    path.write_bytes(samples.PNG)
    for url in (path.as_uri(), path.as_uri().replace("///", "//localhost/"), f"FILE:{path}"):
        part = file_part(url)
        assert part == FilePart("image/png", samples.PNG, filename="a photo.png")
    with pytest.raises(UsageError, match=r"gone\.png cannot be read: No such file"):
        file_part((tmp_path / "gone.png").as_uri())
    with pytest.raises(UsageError, match="on another machine, server"):
        file_part("file://server/share/a.png")


@pytest.mark.parametrize("url", ["s3://bucket/x.png", "ftp://host/x.png", "blob://x"])
def test_an_address_that_no_provider_fetches(url: str) -> None:
    with pytest.raises(UsageError, match="takes no address with") as caught:
        file_part(url)
    assert "FilePart(media_type, url=...)" in str(caught.value)


TEXT = "Größe;Preis\n5 €;1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.csv", "a.txt", None])
def test_a_text_with_a_byte_order_mark(encoding: str, name: str | None, tmp_path: Path) -> None:
    data = TEXT.encode(encoding)
    given: Any = data
    if name is not None:
        given = tmp_path / name
        given.write_bytes(data)
    part = file_part(given)
    assert part.data == TEXT.encode()
    assert part.media_type == ("text/csv" if name == "a.csv" else "text/plain")
    for mark, big in ((b"\xfe\xff", "utf-16-be"), (b"\x00\x00\xfe\xff", "utf-32-be")):
        assert file_part(mark + TEXT.encode(big)).data == TEXT.encode()


@pytest.mark.parametrize("encoding", ["cp1252", "shift_jis", "utf-16-le"])
def test_a_text_of_another_encoding(encoding: str, tmp_path: Path) -> None:
    text = "日本語" if encoding == "shift_jis" else TEXT
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    if encoding != "utf-16-le":
        with pytest.raises(UsageError, match=r"a\.csv is not UTF-8: byte ") as caught:
            file_part(path)
        assert 'media_type="text/csv; charset=cp1252"' in str(caught.value.remedy)
    part = file_part(path, f'text/csv; charset="{encoding}"')
    assert part == FilePart("text/csv", text.encode(), filename="a.csv")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("plain words".encode(encoding))
    with pytest.raises(UsageError, match=r"not UTF-8: byte \d is 0x00") as caught:
        file_part(tmp_path / "a.txt")
    assert "charset=utf-16-le" in str(caught.value.remedy)
    part = file_part(tmp_path / "a.txt", f"text/plain; charset={encoding}")
    assert part.data == b"plain words"


def test_a_text_that_turns_out_not_to_be_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a" * 10_000 + b"\xe4")
    with pytest.raises(UsageError, match="not UTF-8: byte 10000 is 0xE4"):
        file_part(tmp_path / "a.txt")
    (tmp_path / "a.json").write_bytes(b'{"a": "\xe4"}')
    with pytest.raises(UsageError, match="application/json; charset=cp1252"):
        file_part(tmp_path / "a.json")


def test_an_encoding_that_does_not_fit() -> None:
    with pytest.raises(UsageError, match="is not encoded as ascii"):
        file_part(b"\xe4", "text/plain; charset=ascii")
    with pytest.raises(UsageError, match="charset=klingon is not an encoding"):
        file_part(b"\xe4", "text/plain; charset=klingon")
    assert file_part("ä".encode(), "text/plain; charset=UTF-8").data == "ä".encode()


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00\x00binary\x00", b"\xff\xfeodd", b"\xfe\xff\x00\x00"]
)
def test_bytes_that_only_look_like_a_mark(data: bytes) -> None:
    assert file_part(data, "application/octet-stream").data == data


def test_a_missing_file_with_a_similar_name(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(samples.PNG)
    with pytest.raises(UsageError, match=r"Did you mean .*photo\.png") as caught:
        file_part(tmp_path / "phto.png")
    assert "working directory" in str(caught.value)
    with pytest.raises(UsageError, match="it is a directory"):
        file_part(tmp_path)


def test_an_open_file(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(samples.PNG)
    with path.open("rb") as file:
        assert file_part(file) == FilePart("image/png", samples.PNG, filename="a.png")
    assert file_part(io.BytesIO(samples.PNG)).data == samples.PNG
    with pytest.raises(UsageError, match="open as text"):
        file_part(io.StringIO("x"))


class Figure:
    """Stands for a matplotlib figure."""

    def savefig(self, file: Any, *, format: str, **_: Any) -> None:  # noqa: A002 - its name there
        assert format == "png"
        file.write(samples.PNG)


class Image:
    """Stands for a PIL image."""

    size = (1, 1)

    def __init__(self, mode: str) -> None:
        self.mode = mode

    def convert(self, mode: str) -> "Image":
        return Image(mode)

    def save(self, file: Any, format: str) -> None:  # noqa: A002 - its name there
        if self.mode == "CMYK":
            raise OSError(f"cannot write mode {self.mode} as {format}")
        file.write(samples.png(len(self.mode)))


def test_images_and_figures() -> None:
    figure = Figure()
    axes = type("Axes", (), {"figure": figure})()
    shown = type("Plot", (), {"_repr_png_": lambda _: samples.PNG})()
    for one in (figure, axes, shown):
        assert file_part(one, filename="plot.png") == FilePart(
            "image/png", samples.PNG, filename="plot.png"
        )
    assert file_part(Image("L")).data == samples.png(1)
    assert file_part(Image("CMYK")).data == samples.png(len("RGB")), "PNG does not support CMYK"


def test_an_image_that_cannot_be_saved() -> None:
    broken = type("Plot", (), {"_repr_png_": lambda _: 1 / 0})()
    with pytest.raises(UsageError, match="Plot could not be drawn as PNG: division by zero"):
        file_part(broken)


@pytest.mark.parametrize("given", [3, None, object(), Figure, ["a.png"]])
def test_a_value_that_is_not_a_file_is_refused(given: Any) -> None:
    with pytest.raises(UsageError, match="is not a file"):
        file_part(given)


def test_real_pillow_and_matplotlib() -> None:
    pil = pytest.importorskip("PIL.Image")
    for mode in ("RGB", "RGBA", "L", "P", "CMYK", "F"):
        assert file_part(pil.new(mode, (2, 2))).media_type == "image/png"
    matplotlib = pytest.importorskip("matplotlib.figure")
    figure = matplotlib.Figure()
    assert file_part(figure.subplots()) == file_part(figure)


# What can be done with a file part.


def test_in_a_message(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(samples.PNG)
    message = nbstream.user_message("What is this?", file_part(tmp_path / "x.png"))
    assert message.files == message.images == [message.parts[1]]
    assert message.text == "What is this?"


def test_a_message_may_consist_of_a_file() -> None:
    model = ScriptedModel("A grey dot.")
    question = nbstream.user_message(file_part(samples.PNG))
    assert nbstream.stream(model, [question]).get_final_text() == "A grey dot."
    with pytest.raises(UsageError, match="prompt is empty"):
        nbstream.stream(model, [nbstream.user_message(" ", "")])


def test_save(tmp_path: Path) -> None:
    target = file_part(samples.PNG).save(tmp_path / "y.png")
    assert target == tmp_path / "y.png"
    assert target.read_bytes() == samples.PNG
    with pytest.raises(ValueError, match=r"only an address: https://example\.org/x\.png"):
        file_part("https://example.org/x.png").save(tmp_path / "z")


def test_ipython_display_data() -> None:
    encoded = base64.b64encode(samples.PNG).decode()
    bundle = file_part(samples.PNG, filename="x.png")._repr_mimebundle_()
    assert bundle["image/png"] == encoded
    assert bundle["text/plain"] == f"<file x.png: image/png, {len(samples.PNG)} B>"
    assert "<img" in file_part(samples.WEBP)._repr_mimebundle_()["text/html"]
    assert "<audio controls" in file_part(samples.WAV)._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    "part", [file_part(samples.SVG), file_part("https://example.org/x.png"), file_part(b"<script>")]
)
def test_unsafe_files_are_only_named(part: FilePart) -> None:
    assert part._repr_mimebundle_().keys() == {"text/plain"}


def test_ipython_shows_it() -> None:
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(file_part(samples.PNG))
    assert data["image/png"] == base64.b64encode(samples.PNG).decode()


def test_a_name_cannot_control_a_terminal() -> None:
    part = FilePart("image/png\x1b[2J", b"x", filename="a\x1b]8;;http://evil.test\x07\u202eb.png")
    shown = f"{part} {part._repr_mimebundle_()['text/plain']}"
    assert all(one.isprintable() for one in shown)
