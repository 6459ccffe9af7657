import { describe, expect, test } from "vitest";
import { type Answer, apply, newAnswer, replace } from "../src/answer";
import { textOf } from "../src/part-model";
import type { Op } from "../src/wire-ops";
import { delta, start, state, status, text } from "./helpers";

function reduced(...ops: unknown[]): Answer {
	const answer = newAnswer(0);
	ops.forEach((op, i) => {
		apply(answer, op as Op, i);
	});
	return answer;
}

const partsOf = (answer: Answer, index = 0) => answer.messages[index]?.parts ?? [];
const texts = (answer: Answer, index = 0) =>
	partsOf(answer, index).map((part) => part && textOf(part));

describe("ops", () => {
	test("parts keep their order when their deltas are interleaved", () => {
		const answer = reduced(
			{ kind: "tool_start", index: 0, tool_call_id: "x", tool_name: "look" },
			{ kind: "tool_start", index: 1, tool_call_id: "y", tool_name: "listen" },
			{ kind: "tool_delta", index: 1, chunk: '{"b"' },
			{ kind: "tool_delta", index: 0, chunk: '{"a"' },
			{ kind: "tool_delta", index: 1, chunk: ":2}" },
			{ kind: "tool_end", index: 1 },
		);
		expect(texts(answer)).toEqual(['{"a"', '{"b":2}']);
		expect(partsOf(answer).map((part) => part?.toolName)).toEqual(["look", "listen"]);
		expect(partsOf(answer).map((part) => part?.open)).toEqual([true, false]);
	});

	test("a thinking part records how long it took", () => {
		const thought = { kind: "thinking_start", index: 0 };
		const over = { kind: "thinking_end", index: 0 };
		const [part] = partsOf(reduced(thought, delta("x", 5), over));
		expect([part?.startedAt, part?.endedAt]).toEqual([0, 2]);
	});

	test("stream_end sets usage and reason, and the status op sets the rest", () => {
		const answer = reduced(
			{ kind: "stream_start", model: "tiny" },
			start(),
			delta("hi"),
			{ kind: "stream_end", finish_reason: "length", usage: { output_tokens: 1 } },
			status("done", { elapsed: 3.5, model: "local/tiny" }),
		);
		expect(answer).toMatchObject({
			status: "done",
			model: "local/tiny",
			elapsed: 3.5,
			finishReason: "length",
			usage: { output_tokens: 1 },
		});
		expect(partsOf(answer)[0]?.open).toBe(false);
	});

	test("the first part ends the waiting", () => {
		const answer = reduced(status("waiting"), { kind: "stream_start", model: "tiny" });
		expect(answer.status).toBe("waiting");
		apply(answer, start() as Op, 0);
		expect(answer.status).toBe("streaming");
	});

	test("a part that starts again is empty", () => {
		expect(texts(reduced(start(), delta("wrong"), start(), delta("right")))).toEqual(["right"]);
	});

	test("a retry removes the parts and gives its reason", () => {
		const again = { kind: "retry", attempt: 2, reason: "It is overloaded." };
		const answer = reduced(start(), delta("void"), again);
		expect(partsOf(answer)).toEqual([]);
		expect(answer.status).toBe("waiting");
		expect(answer.retries.get(0)?.chunks).toEqual(["Asked again: It is overloaded."]);
		apply(answer, start() as Op, 9);
		apply(answer, delta("right") as Op, 9);
		expect(texts(answer)).toEqual(["right"]);
		expect(answer.status).toBe("streaming");
	});

	test("an end op can correct the text", () => {
		const whole = { kind: "text_end", index: 0, text: "all of it" };
		expect(texts(reduced(start(), delta("all it"), whole))).toEqual(["all of it"]);
		expect(texts(reduced(start(), whole, whole))).toEqual(["all of it"]);
	});

	test("an unknown op changes nothing and does not throw", () => {
		const answer = reduced(
			{ kind: "hologram_start", index: 0 },
			{ kind: "text_sideways", index: 0 },
			{ kind: "text_delta", index: -1, chunk: "x" },
			{ kind: "text_delta", index: 1e9, chunk: "x" },
			{ kind: "text_delta", index: "0", chunk: "x" },
			{ kind: "constructor" },
			{ kind: "status", status: "levitating" },
			{},
		);
		expect(partsOf(answer)).toEqual([]);
		expect(answer.status).toBe("waiting");
	});

	test("a part of an unknown kind leaves its index empty", () => {
		expect(texts(reduced({ kind: "hologram", index: 0 }, start(1), delta("a", 1)))).toEqual([
			undefined,
			"a",
		]);
	});
});

describe("snapshots", () => {
	test("a part that only grew stays the same object", () => {
		const answer = reduced(start(), delta("Hello, "));
		const before = partsOf(answer)[0];
		replace(answer, state("streaming", text("Hello, world")), 0);
		expect(partsOf(answer)[0]).toBe(before);
		expect(before?.chunks).toEqual(["Hello, ", "world"]);
	});

	test("a part with a different text is a new object", () => {
		const answer = reduced(start(), delta("Hello"));
		const before = partsOf(answer)[0];
		replace(answer, state("streaming", text("Good day")), 0);
		expect(partsOf(answer)[0]).not.toBe(before);
		expect(texts(answer)).toEqual(["Good day"]);
	});

	test("only the last part of an unfinished answer is open", () => {
		const parts = [{ kind: "thinking" as const, text: "hm" }, text("so")];
		const answer = newAnswer(0);
		replace(answer, state("streaming", ...parts), 0);
		expect(partsOf(answer).map((part) => part?.open)).toEqual([false, true]);
		replace(answer, state("stopped", ...parts), 0);
		expect(partsOf(answer).map((part) => part?.open)).toEqual([false, false]);
	});

	test("deltas continue after a snapshot", () => {
		const answer = newAnswer(0);
		replace(answer, state("streaming", text("ab")), 0);
		apply(answer, delta("c"), 0);
		expect(texts(answer)).toEqual(["abc"]);
	});

	test("parts of an unknown kind leave their index empty", () => {
		const answer = newAnswer(0);
		replace(answer, state("done", { kind: "hologram" } as never, text("a")), 0);
		expect(texts(answer)).toEqual([undefined, "a"]);
	});
});

test("the cost of a delta stays flat over 100,000 deltas", () => {
	const answer = reduced(start());
	const timed = () => {
		const from = performance.now();
		for (let i = 0; i < 2_000; i++) apply(answer, delta("word "), 0);
		return performance.now() - from;
	};
	const rounds = Array.from({ length: 50 }, timed);
	expect(partsOf(answer)[0]?.chunks).toHaveLength(100_000);
	// The fastest round counts, as other work may slow some rounds down.
	const early = Math.min(...rounds.slice(0, 25));
	const late = Math.min(...rounds.slice(25));
	// Re-joining the text each time would make this dozens of times slower.
	expect(late).toBeLessThan(early * 10 + 2);
});
