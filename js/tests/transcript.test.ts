import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Answer, apply, newAnswer, replace } from "../src/answer";
import widget from "../src/main";
import { allParts } from "../src/message";
import { textOf } from "../src/part-model";
import type { Op } from "../src/wire-ops";
import type { WireMessage, WireState } from "../src/wire-state";
import { CLOCK, delta, FakeModel, start, state, status } from "./helpers";

const ARGS = '{"city": "Rome"}';
const result = { kind: "tool_result" as const, tool_call_id: "1", tool_name: "weather" };

/** Three messages: a call, its result, and a reply whose first attempt is void. */
const CALL: unknown[] = [
	{ kind: "stream_start" },
	{ kind: "tool_start", index: 0, tool_call_id: "1", tool_name: "weather" },
	{ kind: "tool_delta", index: 0, chunk: ARGS },
	{ kind: "tool_end", index: 0 },
	{ kind: "stream_end", finish_reason: "tool_call", usage: { input_tokens: 10, output_tokens: 5 } },
];
const RESULT = {
	kind: "message",
	message: 1,
	role: "tool",
	parts: [{ ...result, output: "sunny" }],
};
const third = (words: string): unknown[] => [
	{ kind: "stream_start", message: 2 },
	{ ...start(), message: 2 },
	{ ...delta(words), message: 2 },
];
const RETRY = { kind: "retry", message: 2, attempt: 2, reason: "Overloaded." };
const END = [
	{ kind: "text_end", index: 0, message: 2 },
	{
		kind: "stream_end",
		message: 2,
		finish_reason: "stop",
		usage: { input_tokens: 20, output_tokens: 7 },
	},
];
const RUN = [...CALL, RESULT, ...third("It rains."), RETRY, ...third("It is sunny."), ...END];

const messages: WireMessage[] = [
	{
		role: "assistant",
		parts: [{ kind: "tool_call", tool_call_id: "1", tool_name: "weather", args_json: ARGS }],
		usage: { input_tokens: 10, output_tokens: 5 },
		finish_reason: "tool_call",
	},
	{ role: "tool", parts: [{ ...result, output: "sunny" }], usage: null, finish_reason: null },
	{
		role: "assistant",
		parts: [{ kind: "text", text: "It is sunny." }],
		usage: { input_tokens: 20, output_tokens: 7 },
		finish_reason: "stop",
	},
];
const whole = (name: WireState["status"]): WireState => ({ ...state(name), messages });

function folded(...ops: unknown[]): Answer {
	const answer = newAnswer(0);
	for (const op of ops) apply(answer, op as Op, 0);
	return answer;
}

const texts = (answer: Answer) =>
	answer.messages.map(({ role, parts }) => [role, ...parts.map((part) => part && textOf(part))]);

describe("the state of a run", () => {
	test("a retry voids its own message only", () => {
		expect(texts(folded(...CALL, RESULT, ...third("It rains."), RETRY))).toEqual([
			["assistant", ARGS],
			["tool", ""],
			["assistant"],
		]);
		const answer = folded(...RUN);
		expect(texts(answer).at(-1)).toEqual(["assistant", "It is sunny."]);
		expect(answer.usage).toEqual({ input_tokens: 30, output_tokens: 12 });
		expect(answer.finishReason).toBe("stop");
	});

	test("a snapshot gives the same list, and parts that only grew stay the same objects", () => {
		const answer = folded(...CALL, RESULT, ...third("It is"));
		const before = answer.messages.map(({ parts }) => parts[0]);
		replace(answer, whole("streaming"), 0);
		expect(texts(answer)).toEqual(texts(folded(...RUN)));
		expect(answer.messages[0]?.parts[0]).toBe(before[0]);
		expect(answer.messages[2]?.parts[0]).toBe(before[2]);
		expect(answer.usage).toEqual({ input_tokens: 30, output_tokens: 12 });
	});

	test("a reply that comes whole has ended, and its tokens count", () => {
		const usage = { input_tokens: 3, output_tokens: 4 };
		const parts = [{ kind: "text", text: "Hi." }];
		const reply = { kind: "message", role: "assistant", parts, usage, finish_reason: "stop" };
		const answer = folded(reply);
		expect(answer.usage).toEqual(usage);
		expect(answer.finishReason).toBe("stop");
		expect(allParts(answer).current).toBe(0);
	});

	test("a retry before anything came adds no message", () => {
		expect(folded({ ...RETRY, message: 0 }).messages).toEqual([]);
		const answer = folded(...CALL, RESULT, RETRY);
		expect(answer.messages).toHaveLength(2);
		expect(answer.retries.get(2)?.chunks).toEqual(["Asked again: Overloaded."]);
	});

	test("a wrong index adds no message", () => {
		const wrong = [-1, 1e9, "0", "length", 0.5].map((message) => ({ ...start(), message }));
		expect(folded(...wrong).messages).toEqual([]);
	});

	test("a missed message is empty", () => {
		expect(texts(folded(...third("late")))).toEqual([
			["assistant"],
			["assistant"],
			["assistant", "late"],
		]);
	});

	test("the parts of a single message are not copied", () => {
		const answer = folded(...CALL);
		expect(allParts(answer).parts).toBe(answer.messages[0]?.parts);
	});
});

describe("the view of a run", () => {
	let model: FakeModel;

	beforeEach(() => {
		vi.useFakeTimers(CLOCK);
		model = new FakeModel({ widget_id: crypto.randomUUID() });
		return () => {
			vi.useRealTimers();
			document.body.replaceChildren();
		};
	});

	const show = () => {
		const el = document.body.appendChild(document.createElement("div"));
		widget.render({ model, el });
		return (selector: string) =>
			[...el.querySelectorAll(selector)].map((found) => found.textContent);
	};
	const frame = () => vi.advanceTimersByTime(20);

	test("a result is shown with its call, and the reply below", () => {
		widget.initialize({ model });
		const read = show();
		model.delta(1, status("streaming"), ...CALL);
		frame();
		expect(read(".nbstream-waiting")).toEqual([]);
		model.delta(2, RESULT);
		frame();
		expect(read(".nbstream-tool .nbstream-output")).toEqual(["sunny"]);
		expect(read(".nbstream-body > :last-child")).toEqual(["Waiting for tiny… "]);
		model.delta(3, ...third("It rains."));
		frame();
		expect(read(".nbstream-text")).toEqual(["It rains."]);
		expect(read(".nbstream-waiting")).toEqual([]);
		model.delta(4, RETRY);
		frame();
		expect(read(".nbstream-text")).toEqual([]);
		expect(read(".nbstream-tool .nbstream-output")).toEqual(["sunny"]);
		expect(read(".nbstream-waiting")).toEqual(["Waiting for tiny… "]);
		model.delta(5, ...third("It is sunny."), ...END, status("done"));
		frame();
		expect(read(".nbstream-body > *")).toHaveLength(3);
		expect(read(".nbstream-retry")).toEqual(["Asked again: Overloaded."]);
		expect(read(".nbstream-text")).toEqual(["It is sunny."]);
		expect(read(".nbstream-usage")).toEqual(["30 in · 12 out"]);
	});

	test("a reloaded page shows the whole run", () => {
		model.traits.snapshot = { seq: 3, state: whole("done") };
		widget.initialize({ model });
		const read = show();
		expect(read(".nbstream-tool-name")).toEqual(["weather"]);
		expect(read(".nbstream-tool .nbstream-output")).toEqual(["sunny"]);
		expect(read(".nbstream-text")).toEqual(["It is sunny."]);
	});

	test("after a missing sequence number the whole run is asked for", () => {
		widget.initialize({ model });
		const read = show();
		model.delta(1, ...CALL);
		model.delta(3, ...third("It is"));
		expect(model.sent).toContainEqual({ t: "sync", have: 1 });
		model.say({ t: "snap", seq: 4, state: whole("streaming") });
		frame();
		expect(read(".nbstream-body > *")).toHaveLength(2);
		expect(read(".nbstream-text")).toEqual(["It is sunny."]);
	});

	test("two replies in a row are not joined, and a user's message is shown apart", () => {
		widget.initialize({ model });
		const read = show();
		const user = {
			kind: "message",
			message: 1,
			role: "user",
			parts: [{ kind: "text", text: "<b>" }],
		};
		model.delta(1, start(), delta("One."), { kind: "stream_end", finish_reason: "stop" }, user);
		model.delta(2, ...third("Two."));
		frame();
		expect(read(".nbstream-text")).toEqual(["One.", "Two."]);
		expect(read(".nbstream-prompt")).toEqual(["<b>"]);
	});

	test("an earlier message may still grow after a later one has begun", () => {
		widget.initialize({ model });
		const read = show();
		model.delta(1, ...CALL.slice(0, 4), RESULT);
		frame();
		model.delta(2, start(1), delta("And", 1));
		frame();
		expect(read(".nbstream-waiting")).toEqual([]);
		model.delta(3, delta(" so.", 1), CALL[4], ...third("Two."));
		frame();
		expect(read(".nbstream-text")).toEqual(["And so.", "Two."]);
		expect(read(".nbstream-tool .nbstream-output")).toEqual(["sunny"]);
	});

	test("a complete message can contain a file with its bytes", () => {
		widget.initialize({ model });
		const file = { kind: "file" as const, media_type: "text/plain", data: 0, size: 5 };
		const bytes = new DataView(new TextEncoder().encode("whole").buffer);
		model.say({ t: "d", seq: 1, ops: [{ ...RESULT, message: 0, parts: [file] }] }, [bytes]);
		expect(file.data).toBe(bytes);
		const inSnap = { ...file, data: 0 };
		const messages = [{ role: "tool", parts: [inSnap] }];
		model.say({ t: "snap", seq: 2, state: { ...whole("done"), messages } }, [bytes]);
		expect(inSnap.data).toBe(bytes);
	});
});
