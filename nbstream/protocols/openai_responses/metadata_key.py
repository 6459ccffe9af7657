"""``KEY``: the Responses API's key in ``provider_metadata``, for fields to send back later."""

KEY = "openai_responses"
