"""Histories that users write or edit by hand are accepted by every server."""

import pytest

from tests.history.edited import edited
from tests.history.servers import SERVERS, Server


@pytest.mark.parametrize("server", SERVERS.values(), ids=list(SERVERS))
def test_any_history_is_accepted(server: Server) -> None:
    for seed in range(1_000):
        assert server.faults(edited(seed)) == [], seed


@pytest.mark.parametrize("server", SERVERS.values(), ids=list(SERVERS))
def test_the_same_history_gives_the_same_request(server: Server) -> None:
    for seed in range(200):
        assert server.body(edited(seed)) == server.body(edited(seed)), seed
