/**
 * A typed answer in the widget: the form from the first moment, what Python says at its end, and
 * the model's text one press away.
 */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as form from "../src/form";
import widget from "../src/main";
import * as files from "../src/page-files";
import { CLOCK, delta, FakeModel, start, state, status } from "./helpers";

const SCHEMA = {
	title: "Light",
	description: "One lighthouse.\n\nMore of it.",
	type: "object",
	properties: {
		name: { type: "string", title: "Name", description: "As in the list" },
		height: { type: "number" },
		colour: { enum: ["white", "red"] },
		lit: { anyOf: [{ type: "string", format: "date" }, { type: "null" }], default: null },
	},
	required: ["name", "height", "colour"],
};

let key = 0;
let seq = 0;
let model: FakeModel;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	vi.spyOn(files, "loadForm").mockImplementation((then) => then(form));
	model = new FakeModel({ widget_id: `output${key++}` });
	seq = 0;
});

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
	document.body.replaceChildren();
});

/** Shows an answer with this schema; `read` gives the text of each field's value. */
function begin(schema: object = SCHEMA) {
	model.traits.snapshot = {
		seq: 0,
		state: { ...state("waiting"), messages: [], output: { schema } },
	};
	widget.initialize({ model });
	const el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
	const all = (selector: string) => [...el.querySelectorAll<HTMLElement>(selector)];
	const read = (selector: string) => all(selector).map((found) => found.textContent);
	return { el, all, read, find: (selector: string) => all(selector)[0] as HTMLElement };
}

function tell(...ops: unknown[]) {
	model.delta(++seq, ...ops);
	vi.advanceTimersByTime(100);
}

const end = (more: object = {}) => [
	{ kind: "text_end", index: 0 },
	{ kind: "stream_end", finish_reason: "stop", usage: null },
	status("done"),
	{ kind: "output", problems: [], notes: [], failure: "", ...more },
];
const states = (all: (selector: string) => HTMLElement[]) =>
	all(".nbform-field").map((el) => /nbform-is-(\w+)/.exec(el.className)?.[1]);

test("all fields stand there before the answer begins, and are filled in their places", () => {
	const { all, read } = begin();
	expect(read(".nbstream-form-title")).toEqual(["Light"]);
	expect(read(".nbstream-form-about")).toEqual(["One lighthouse."]);
	expect(read("dt")).toEqual(["NameAs in the list", "height", "colour", "lit"]);
	expect(states(all)).toEqual(["pending", "pending", "pending", "pending"]);
	expect(read(".nbform-option")).toEqual(["white", "red"]);
	const [first] = all(".nbform");
	tell(start(), delta('{"name": "Kul'));
	expect(states(all)).toEqual(["growing", "pending", "pending", "pending"]);
	expect(read("dd")[0]).toBe("Kul");
	tell(delta('len", "height": 31'));
	expect(states(all)).toEqual(["whole", "growing", "pending", "pending"]);
	tell(delta('.5, "colour": "red"}'), ...end());
	expect(states(all)).toEqual(["whole", "whole", "whole", "default"]);
	expect(read("dd")).toEqual(["Kullen", "31.5", "red", "– (default)"]);
	expect(read(".nbform-chip")).toEqual(["red"]);
	expect(first?.isConnected).toBe(true);
});

test("the fields come after the thinking, and while the model thinks", () => {
	const { el, find, all } = begin();
	tell({ kind: "thinking_start", index: 0 }, { kind: "thinking_delta", index: 0, chunk: "Hm" });
	const parts = [...el.querySelectorAll(".nbstream-thinking, .nbstream-typed")];
	expect(parts.map((part) => part.classList.contains("nbstream-typed"))).toEqual([false, true]);
	expect(states(all)).toContain("pending");
	tell(start(1), delta('{"name": "A"}', 1));
	expect(el.querySelectorAll(".nbform").length).toBe(1);
	expect(find("dd").textContent).toBe("A");
});

test("what is wrong is told in the validator's words, at its place", () => {
	const { all, read, find } = begin();
	tell(
		start(),
		delta('{"name": "Atlantis", "height": -3}'),
		...end({
			failure: "The answer is not a valid Light",
			problems: [
				[["height"], "Input should be greater than or equal to 0"],
				[["colour"], "Field required"],
			],
		}),
	);
	expect(read(".nbform-problem")).toEqual([
		"Input should be greater than or equal to 0",
		"Field required",
	]);
	expect(states(all)).toEqual(["whole", "whole", "missing", "default"]);
	expect(find(".nbform-invalid dt").textContent).toBe("height");
	expect(read(".nbstream-form-failure")).toEqual(["The answer is not a valid Light"]);
	expect(read(".nbstream-status")).toEqual(["not valid"]); // and no green dot
});

test("what Python has read is shown where the text is not quite JSON, and its notes", () => {
	const { read } = begin();
	tell(
		start(),
		delta("Sure:\n```json\n{\"name\": 'Kullen',}\n```"),
		...end({ json: '{"name":"Kullen"}', notes: ["removed 1 trailing comma"], failure: "" }),
	);
	expect(read("dd")[0]).toBe("Kullen");
	expect(read(".nbstream-form-noted")).toEqual(["removed 1 trailing comma"]);
	expect(read(".nbstream-form-before")).toEqual(["Sure:"]);
});

test("the model's text is one press away", () => {
	const { find } = begin();
	tell(start(), delta('{"name": "A\u202e", '));
	const toggle = find(".nbstream-form-toggle");
	toggle.click();
	expect(toggle.getAttribute("aria-pressed")).toBe("true");
	expect(find(".nbstream-form-body").hidden).toBe(true);
	tell(delta('"height": 1}'));
	expect(find(".nbstream-form-raw").textContent).toBe(
		'{\n  "name": "A⟨U+202E⟩",\n  "height": 1\n}',
	);
	toggle.click();
	expect(find(".nbstream-form-body").hidden).toBe(false);
	expect(find(".nbstream-form-raw").hidden).toBe(true);
});

test("an answer in words is a text", () => {
	const { find, all } = begin();
	tell(start(), delta("I **cannot** say."), ...end({ failure: "The answer contains no JSON" }));
	expect(find(".nbstream-form").hidden).toBe(true);
	expect(all(".nbstream-form-before strong").length).toBe(1);
});

test("only the last reply of a run is the value", () => {
	const { read, all } = begin();
	tell(start(), delta("I will look it up."));
	tell({ kind: "stream_end", finish_reason: "tool_call", usage: null });
	tell({ kind: "text_start", index: 0, message: 1 });
	tell({ kind: "text_delta", index: 0, message: 1, chunk: '{"name": "A"}' });
	expect(read(".nbstream-text").filter(Boolean)).toEqual(["I will look it up."]);
	expect(all(".nbform").length).toBe(1);
	expect(read("dd")[0]).toBe("A");
});

test("a snapshot draws the same as the deltas", () => {
	const text = '{"name": "Kullen", "height": 31.5, "colour": "red", "lit": "1561-01-01"}';
	const streamed = begin();
	for (const char of text) tell(...(seq ? [] : [start()]), delta(char));
	tell(...end());
	model = new FakeModel({ widget_id: `output${key++}` });
	const { el } = streamed;
	const output = { schema: SCHEMA, problems: [], notes: [], failure: "" };
	model.traits.snapshot = {
		seq: 1,
		state: { ...state("done", { kind: "text", text }), output },
	};
	widget.initialize({ model });
	const other = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el: other });
	const form = (root: HTMLElement) => root.querySelector(".nbform")?.innerHTML;
	expect(form(el)).toBe(form(other));
	expect(form(el)).toContain("1561-01-01");
});
