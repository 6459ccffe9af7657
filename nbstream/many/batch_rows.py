"""``BatchRows``: the prompts of a map as requests of a batch, and their answers as streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.cassette.request import fingerprint
from nbstream.errors import NBStreamError
from nbstream.request.batches import AnswerSource
from nbstream.streams.run import Run
from nbstream.streams.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.cassette import Cassette
    from nbstream.many.prompts import Prompts
    from nbstream.request.batches import BatchAnswer, BatchClient, UnsentRequest
    from nbstream.request.plan import Plan


class BatchRows:
    """Knows each prompt's request, and makes the stream of its answer."""

    def __init__(self, prompts: Prompts, plan: Plan, cassette: Cassette) -> None:
        self._prompts, self._plan = prompts, plan
        self.cassette = cassette
        self.model = str(plan.model)
        self.answers: dict[int, BatchAnswer] = {}
        """The answers that have come with a batch, by the number of their prompt."""

    def missing(self) -> dict[int, str]:
        """The fingerprints of the prompts that the cassette has no answer to. Blocks."""
        found: dict[int, str] = {}
        for index in range(len(self._prompts)):
            try:
                conversation = self._prompts.messages(index)
            except NBStreamError:
                continue  # making its stream says why
            mark = fingerprint(self._plan.described(conversation))
            if not self.cassette.has(mark):
                found[index] = mark
        return found

    def write(
        self, indices: Sequence[int], client: BatchClient
    ) -> dict[int, UnsentRequest | NBStreamError]:
        """The requests of some prompts, or why one cannot be written. Blocks."""
        client.open()
        found: dict[int, UnsentRequest | NBStreamError] = {}
        for index in indices:
            try:
                source = self._plan.unsent(self._prompts.messages(index))
                found[index] = client.write(source)
            except NBStreamError as error:
                found[index] = error.with_traceback(None)
        return found

    def make_stream(self, index: int) -> Stream[Any]:
        """The stream of the answer that has come, or of the recorded one."""
        own = self._plan.for_another_run()
        own.exchange.secrets = self._plan.exchange.secrets  # an error may repeat the key
        conversation = self._prompts.messages(index)
        answer = self.answers.pop(index, None)
        source = own.unsent(conversation)
        run = Run(
            own.recorded(
                source if answer is None else AnswerSource(source, answer),
                conversation,
                is_new=answer is not None,
            ),
            model=self.model,
            exchange=own.exchange,
            output_type=own.output_type,
            strict_output=own.enforced,
            history=conversation,
        )
        return Stream(run)
