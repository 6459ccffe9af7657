import { describe, expect, test } from "vitest";
import { type Answer, apply, blank, replace } from "../src/answer";
import type { Op } from "../src/events";
import { textOf } from "../src/part-model";
import { delta, start, state, status, text } from "./helpers";

function folded(...ops: unknown[]): Answer {
	const answer = blank(0);
	ops.forEach((op, i) => {
		apply(answer, op as Op, i);
	});
	return answer;
}

const partsOf = (answer: Answer, index = 0) => answer.messages[index]?.parts ?? [];
const texts = (answer: Answer, index = 0) =>
	partsOf(answer, index).map((part) => part && textOf(part));

describe("ops", () => {
	test("parts keep their places when they come interleaved", () => {
		const answer = folded(
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

	test("a thought knows how long it took", () => {
		const thought = { kind: "thinking_start", index: 0 };
		const over = { kind: "thinking_end", index: 0 };
		const [part] = partsOf(folded(thought, delta("x", 5), over));
		expect([part?.startedAt, part?.endedAt]).toEqual([0, 2]);
	});

	test("the end of the stream brings usage and reason, the status brings the rest", () => {
		const answer = folded(
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

	test("the first part shows that it is no longer waiting", () => {
		expect(folded(status("waiting"), start()).status).toBe("streaming");
	});

	test("a part that begins again begins from nothing", () => {
		expect(texts(folded(start(), delta("wrong"), start(), delta("right")))).toEqual(["right"]);
	});

	test("a retry voids what came, and says why", () => {
		const again = { kind: "retry", attempt: 2, reason: "It is overloaded." };
		const answer = folded(start(), delta("void"), again);
		expect(partsOf(answer)).toEqual([]);
		expect([answer.status, answer.retry]).toEqual(["waiting", "It is overloaded."]);
		apply(answer, start() as Op, 9);
		apply(answer, delta("right") as Op, 9);
		expect(texts(answer)).toEqual(["right"]);
		expect(answer.status).toBe("streaming");
	});

	test("an end may put the text right", () => {
		const whole = { kind: "text_end", index: 0, text: "all of it" };
		expect(texts(folded(start(), delta("all it"), whole))).toEqual(["all of it"]);
		expect(texts(folded(start(), whole, whole))).toEqual(["all of it"]);
	});

	test("what it does not know changes nothing and never throws", () => {
		const answer = folded(
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

	test("an unknown part leaves its place empty", () => {
		expect(texts(folded({ kind: "hologram", index: 0 }, start(1), delta("a", 1)))).toEqual([
			undefined,
			"a",
		]);
	});
});

describe("snapshots", () => {
	test("a part that only grew stays the same part", () => {
		const answer = folded(start(), delta("Hello, "));
		const before = partsOf(answer)[0];
		replace(answer, state("streaming", text("Hello, world")), 0);
		expect(partsOf(answer)[0]).toBe(before);
		expect(before?.chunks).toEqual(["Hello, ", "world"]);
	});

	test("a part that reads otherwise is another part", () => {
		const answer = folded(start(), delta("Hello"));
		const before = partsOf(answer)[0];
		replace(answer, state("streaming", text("Good day")), 0);
		expect(partsOf(answer)[0]).not.toBe(before);
		expect(texts(answer)).toEqual(["Good day"]);
	});

	test("only the last part of an unfinished answer is open", () => {
		const parts = [{ kind: "thinking" as const, text: "hm" }, text("so")];
		const answer = blank(0);
		replace(answer, state("streaming", ...parts), 0);
		expect(partsOf(answer).map((part) => part?.open)).toEqual([false, true]);
		replace(answer, state("stopped", ...parts), 0);
		expect(partsOf(answer).map((part) => part?.open)).toEqual([false, false]);
	});

	test("deltas go on where a snapshot ended", () => {
		const answer = blank(0);
		replace(answer, state("streaming", text("ab")), 0);
		apply(answer, delta("c"), 0);
		expect(texts(answer)).toEqual(["abc"]);
	});

	test("parts of an unknown kind leave their place empty", () => {
		const answer = blank(0);
		replace(answer, state("done", { kind: "hologram" } as never, text("a")), 0);
		expect(texts(answer)).toEqual([undefined, "a"]);
	});
});

test("a hundred thousand deltas cost as much each as the first", () => {
	const answer = folded(start());
	const timed = () => {
		const from = performance.now();
		for (let i = 0; i < 2_000; i++) apply(answer, delta("word "), 0);
		return performance.now() - from;
	};
	const rounds = Array.from({ length: 50 }, timed);
	expect(partsOf(answer)[0]?.chunks).toHaveLength(100_000);
	// Others may take the processor away from a round, but not from every one.
	const early = Math.min(...rounds.slice(0, 25));
	const late = Math.min(...rounds.slice(25));
	// Re-joining the text each time would make this dozens of times slower.
	expect(late).toBeLessThan(early * 10 + 2);
});
