"""A map over a cluster, one of whose workers is killed; test_map.py runs this file as a process."""

import json
import os
import signal
import sys

from distributed import Client, LocalCluster

import nbstream
from tests.harness.patience import until


def main(address: str, tape: str, count: int) -> None:
    """Print each prompt with its output and its error."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=6, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        job = nbstream.map(
            [f"{'say slowly' if at < 12 else 'say hello'} {at}" for at in range(count)],
            "openai-chat/gpt-5.2",
            base_url=f"{address}/v1",
            api_key="sk-test-0123456789abcdef",
            concurrency=12,
            cassette=tape,
            executor=client,
        ).start()
        victim = next(iter(client.run(os.getpid).values()))
        # Both workers have begun, and what they report is seen here.
        until(lambda: len([one for one in job.running.values() if one.text]) == 12)
        os.kill(victim, signal.SIGKILL)
        outputs = [[one.prompt, one.output, str(one.error)] for one in job]
    print(json.dumps(outputs))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
