"""The Vercel AI Gateway's endpoints for image and video models.

Source: https://vercel.com/docs/ai-gateway/modalities/image-generation and the
gateway's provider in Vercel's ``ai``, whose wire this is; the model stands in a
header. Its models that talk and draw speak Chat Completions and are not here.
"""

from nbstream.protocols.gateway_media.images import GatewayImages
from nbstream.protocols.gateway_media.videos import GatewayVideos

__all__ = ["GatewayImages", "GatewayVideos"]
