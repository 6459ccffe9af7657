"""Wire formats of the Vercel AI Gateway for models that make images or videos.

Its models that write text and also make images use Chat Completions instead.

Source: https://vercel.com/docs/ai-gateway/modalities/image-generation and the gateway's
provider in Vercel's ``ai``, which defines the wire format. The model's name is in a header.
"""

from nbstream.protocols.gateway_media.images import GatewayImages
from nbstream.protocols.gateway_media.videos import GatewayVideos

__all__ = ["GatewayImages", "GatewayVideos"]
