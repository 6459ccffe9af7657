"""Images from each provider: the request and the result."""

import base64
from typing import Any

import httpx
import pytest

import nbstream
from nbstream.core.events import FileEvent, StreamEnd, StreamStart
from nbstream.core.message import FilePart
from nbstream.protocols.gateway_media import GatewayImages
from nbstream.streams.loop import submit
from tests.harness.background import run_async
from tests.harness.media_endpoints import KEY, b64, png
from tests.harness.media_server import MediaServer

PROMPT = [nbstream.user_message("A cat.")]
DOG = FilePart("image/png", png(50), filename='"; rm="x.png')


def test_the_example_of_the_documentation(media: MediaServer) -> None:
    async def main() -> nbstream.Generated:
        params = nbstream.ImageParams(n=1, aspect_ratio="16:9")
        return await nbstream.generate("openai/gpt-image-1", PROMPT, params)

    result = run_async(main())
    assert result.images == [result.files[0]]
    assert result.images[0].data == png(0)
    assert result.images[0].media_type == "image/png"
    assert result.videos == []
    assert result.text == ""
    assert result.usage is not None
    assert (result.usage.input_tokens, result.usage.output_tokens) == (13, 272)
    assert result.message.provider == "openai"
    assert result.message.model == "gpt-image-1"
    [request] = media.requests
    assert request.path == "/v1/images/generations"
    assert request.json == {
        "model": "gpt-image-1",
        "prompt": "A cat.",
        "stream": False,
        "size": "1536x1024",  # the closest to 16:9 of its three sizes
    }


@pytest.mark.parametrize(
    ("model", "params", "asked"),
    [
        ("gpt-image-1", {"n": 3, "size": "1024x1536"}, {"n": 3, "size": "1024x1536"}),
        ("gpt-image-1", {"aspect_ratio": "1:1"}, {"size": "1024x1024"}),
        ("gpt-image-2", {"aspect_ratio": "16:9"}, {"size": "1536x864"}),
        ("gpt-image-2", {"aspect_ratio": "2:3"}, {"size": "1024x1536"}),
        ("gpt-image-1", {"provider_options": {"quality": "low"}}, {"quality": "low"}),
        ("gpt-image-1", {"provider_options": {"openai": {"background": "opaque"}}}, None),
    ],
)
def test_parameters_for_openai(
    media: MediaServer, model: str, params: dict[str, Any], asked: dict[str, Any] | None
) -> None:
    nbstream.generate(f"openai/{model}", PROMPT, nbstream.ImageParams(**params)).result()
    sent = media.requests[0].json
    whole = {"model": model, "prompt": "A cat.", "stream": False}
    assert sent == {**whole, **(asked or {"background": "opaque"})}


def test_partial_images_arrive_first(media: MediaServer) -> None:
    params = nbstream.ImageParams(partial_images=2)
    generation = nbstream.generate("openai/gpt-image-1", PROMPT, params)
    events = list(generation)
    files = [event for event in events if isinstance(event, FileEvent)]
    assert isinstance(events[0], StreamStart)
    assert isinstance(events[-1], StreamEnd)
    assert [(file.index, file.partial) for file in files] == [(0, True), (0, True), (0, False)]
    assert [file.data for file in files] == [png(100), png(101), png(7)]
    result = generation.result()
    assert [image.data for image in result.images] == [png(7)]
    assert media.requests[0].json["partial_images"] == 2


def test_a_stream_of_an_image_model(media: MediaServer) -> None:
    with nbstream.stream("openai/gpt-image-1", "A cat.", extra_body={"quality": "low"}) as stream:
        drafts = [event.partial for event in stream if isinstance(event, FileEvent)]
    assert drafts == [True, True, False]
    assert stream.message.files[0].data == png(7)
    assert stream.usage is not None
    assert media.requests[0].json["quality"] == "low"


def test_a_broken_stream_keeps_its_partial_image(media: MediaServer) -> None:
    stream = nbstream.stream("openai/gpt-image-1", "A cat, cut.")
    with pytest.raises(nbstream.errors.IncompleteResponseError) as caught:
        stream.until_done()
    assert caught.value.message is not None
    assert caught.value.message.files[0].data == png(100)


def test_images_to_edit_are_uploaded(media: MediaServer) -> None:
    message = nbstream.user_message("As a watercolour.", DOG, FilePart("image/webp", b"RIFFxxxx"))
    mask = FilePart("image/png", png(0))
    params = nbstream.ImageParams(n=2, provider_options={"mask": mask, "input_fidelity": "high"})
    result = nbstream.generate("openai/gpt-image-1", [message], params).result()
    assert len(result.images) == 2
    [request] = media.of("POST", "/v1/images/edits")
    form = request.form
    texts = {name: parts[0].get_payload() for name, parts in form.items() if "image" not in name}
    assert texts.pop("mask")
    assert texts == {
        "model": "gpt-image-1",
        "prompt": "As a watercolour.",
        "stream": "false",
        "n": "2",
        "input_fidelity": "high",
    }
    files = form["image[]"]
    assert [file.get_payload(decode=True) for file in files] == [png(50), b"RIFFxxxx"]
    assert [file.get_content_type() for file in files] == ["image/png", "image/webp"]
    assert "rm=" not in str(files[0]["content-disposition"])


def test_an_image_url_is_sent_unchanged_to_openai(media: MediaServer) -> None:
    there = FilePart("image/jpeg", url="https://a.example/dog.jpg")
    message = nbstream.user_message("As a watercolour.", there, DOG)
    nbstream.generate("openai/gpt-image-1", [message]).result()
    [request] = media.of("POST", "/v1/images/edits")
    assert request.json["images"] == [
        {"image_url": "https://a.example/dog.jpg"},
        {"image_url": f"data:image/png;base64,{b64(png(50))}"},
    ]


def test_the_previous_image_is_edited(media: MediaServer) -> None:
    first = nbstream.generate("openai/gpt-image-1", PROMPT).result()
    history = [*PROMPT, first.message, nbstream.user_message("Now with a hat.")]
    nbstream.generate("openai/gpt-image-1", history).result()
    [request] = media.of("POST", "/v1/images/edits")
    assert request.form["image[]"][0].get_payload(decode=True) == png(0)
    assert request.prompt == "A cat.\nNow with a hat."


def test_dall_e_returns_bytes_and_makes_one_image_per_request(media: MediaServer) -> None:
    params = nbstream.ImageParams(n=3, aspect_ratio="16:9")
    result = nbstream.generate("openai/dall-e-3", PROMPT, params).result()
    assert len(result.images) == 3
    assert [request.json.get("n", 1) for request in media.requests] == [1, 1, 1]
    assert media.requests[0].json["size"] == "1792x1024"
    assert media.requests[0].json["response_format"] == "b64_json"


def test_an_image_returned_as_a_url_is_downloaded(media: MediaServer) -> None:
    params = nbstream.ImageParams(provider_options={"response_format": "url"})
    result = nbstream.generate("openai/dall-e-2", PROMPT, params).result()
    assert result.images[0].data == png(5)
    assert result.images[0].url is None


def test_imagen(media: MediaServer) -> None:
    params = nbstream.ImageParams(n=2, aspect_ratio="16:9", size=None, seed=4)
    result = nbstream.generate("google/imagen-4.0-generate-001", PROMPT, params).result()
    assert [image.data for image in result.images] == [png(0), png(1)]
    [request] = media.requests
    assert request.path == "/v1beta/models/imagen-4.0-generate-001:predict"
    assert request.json == {
        "instances": [{"prompt": "A cat."}],
        "parameters": {"sampleCount": 2, "aspectRatio": "16:9", "seed": 4},
    }


def test_more_images_than_imagen_makes_per_request(media: MediaServer) -> None:
    params = nbstream.ImageParams(n=6, size="2K")
    result = nbstream.generate("google/imagen-4.0-generate-001", PROMPT, params).result()
    assert len(result.images) == 6
    asked = sorted(request.json["parameters"]["sampleCount"] for request in media.requests)
    assert asked == [2, 4]
    assert media.requests[0].json["parameters"]["sampleImageSize"] == "2K"


def test_gemini_returns_text_and_images(media: MediaServer) -> None:
    params = nbstream.ImageParams(aspect_ratio="16:9", provider_options={"temperature": 0})
    message = nbstream.user_message("A cat.", DOG)
    result = nbstream.generate("google/gemini-2.5-flash-image", [message], params).result()
    assert result.text == "Here it is."
    assert result.images[0].data == png(9)
    assert result.usage is not None
    assert result.usage.output_tokens == 1290
    [request] = media.requests
    assert request.json["generationConfig"] == {
        "responseModalities": ["TEXT", "IMAGE"],
        "imageConfig": {"aspectRatio": "16:9"},
        "temperature": 0,
    }
    sent = request.json["contents"][0]["parts"][1]["inlineData"]
    assert sent == {"mimeType": "image/png", "data": b64(png(50))}


def test_three_images_from_gemini_take_three_requests(media: MediaServer) -> None:
    params = nbstream.ImageParams(n=3)
    result = nbstream.generate("google/gemini-2.5-flash-image", PROMPT, params).result()
    assert len(result.images) == 3
    assert len(media.requests) == 3
    assert result.usage is not None
    assert result.usage.output_tokens == 3 * 1290


def test_the_gateways_image_endpoint(media: MediaServer) -> None:
    options = {"blackForestLabs": {"raw": True}}
    params = nbstream.ImageParams(n=2, aspect_ratio="16:9", provider_options=options)
    model = nbstream.get_model("gateway/bfl/flux-pro-1.1", base_url=f"{media.url}/v1")
    message = nbstream.user_message("A cat.", DOG)
    result = nbstream.generate(model, [message], params).result()
    assert [image.data for image in result.images] == [png(0), png(1)]
    assert result.usage is not None
    assert result.usage.input_tokens == 4
    [request] = media.requests
    assert request.path == "/v3/ai/image-model"
    assert request.headers["ai-model-id"] == "bfl/flux-pro-1.1"
    assert request.headers["ai-image-model-specification-version"] == "3"
    assert request.headers["ai-gateway-protocol-version"] == "0.0.1"
    assert request.headers["ai-gateway-auth-method"] == "api-key"
    assert request.json == {
        "prompt": "A cat.",
        "n": 2,
        "aspectRatio": "16:9",
        "providerOptions": options,
        "files": [{"type": "file", "data": b64(png(50)), "mediaType": "image/png"}],
    }


def test_a_gateway_model_that_returns_text_and_images(media: MediaServer) -> None:
    name = "gateway/google/gemini-2.5-flash-image"
    params = nbstream.ImageParams(aspect_ratio="4:3")
    generation = nbstream.generate(name, PROMPT, params, base_url=f"{media.url}/v1")
    result = generation.result()
    assert result.text == "A cat."
    assert result.images[0].data == png(3)
    [request] = media.requests
    assert request.path == "/v1/chat/completions"
    assert request.json["modalities"] == ["text", "image"]
    assert request.json["providerOptions"]["google"]["imageConfig"] == {"aspectRatio": "4:3"}


def test_any_model_name_on_a_custom_server(media: MediaServer) -> None:
    result = nbstream.generate("openai/stable-diffusion-xl", PROMPT).result()
    assert result.images
    assert media.requests[0].json["model"] == "stable-diffusion-xl"


def test_one_image_is_shown_as_an_image(media: MediaServer) -> None:
    result = nbstream.generate("openai/gpt-image-1", PROMPT).result()
    shown = result._repr_mimebundle_()
    assert base64.b64decode(shown["image/png"]) == png(0)


def test_several_images_are_shown_side_by_side(media: MediaServer) -> None:
    result = nbstream.generate("openai/gpt-image-1", PROMPT, nbstream.ImageParams(n=2)).result()
    html = result._repr_mimebundle_()["text/html"]
    assert html.count("<img") == 2
    assert b64(png(0)) in html
    assert b64(png(1)) in html


def test_azure_has_its_own_key_header_and_custom_model_names(
    media: MediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2025-04-01-preview")
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"data": [{"b64_json": b64(png(1))}]})

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    for name in ("gpt-image-1", "painter"):
        result = nbstream.generate(
            f"azure/{name}",
            "A cat.",
            nbstream.ImageParams(),
            base_url="https://me.openai.azure.example",
            api_key=KEY,
            client=client,
        ).result()
        assert result.images[0].data == png(1)
    submit(client.aclose()).result()
    assert [str(request.url) for request in sent] == [
        f"https://me.openai.azure.example/openai/deployments/{name}"
        "/images/generations?api-version=2025-04-01-preview"
        for name in ("gpt-image-1", "painter")
    ]
    assert [request.headers["api-key"] for request in sent] == [KEY, KEY]
    assert "authorization" not in sent[0].headers


def test_a_deployment_token_at_the_gateway() -> None:
    headers = GatewayImages().auth("aaaa.bbbb.cccc")
    assert headers["ai-gateway-auth-method"] == "oidc"
