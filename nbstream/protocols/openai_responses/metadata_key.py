"""``KEY``, the key in ``provider_metadata`` for what is sent back with the next request."""

KEY = "openai_responses"
