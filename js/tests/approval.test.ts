/**
 * The cards of requests: fields for each kind of value, what is sent and when, what Python says,
 * hostile words, and two views of one widget.
 */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { codeField } from "../src/approval/code";
import * as approval from "../src/approval/main";
import widget from "../src/main";
import * as files from "../src/page-files";
import { CLOCK, FakeModel, state, status } from "./helpers";

let key = 0;
let seq = 0;
let model: FakeModel;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	vi.spyOn(files, "loadApproval").mockImplementation((then) => then(approval));
	model = new FakeModel({ widget_id: `ask${key++}` });
	seq = 0;
	widget.initialize({ model });
});

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
	document.body.replaceChildren();
});

function view() {
	const el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
	const all = (selector: string) => [...el.querySelectorAll<HTMLElement>(selector)];
	return {
		all,
		find: (selector: string) => all(selector)[0] as HTMLElement,
		button: (label: string) =>
			all("button").find((one) => one.textContent === label && !one.closest("[hidden]")) as
				| HTMLButtonElement
				| undefined,
		field: (label: string) => {
			const found = all("label").find((one) => one.textContent === label) as HTMLLabelElement;
			return document.getElementById(found.htmlFor) as HTMLInputElement;
		},
	};
}

function tell(...ops: unknown[]) {
	model.delta(++seq, ...ops);
	vi.advanceTimersByTime(20);
}

const SCHEMA = {
	type: "object",
	properties: {
		city: { type: "string" },
		days: { type: "integer" },
		when: { enum: ["now", "later"] },
		tags: { type: "array", items: { type: "string" } },
		extra: { type: "object", additionalProperties: true },
		note: { type: "string", default: "" },
	},
	required: ["city", "days"],
};
const ARGS = { city: "Oslo", days: 3, when: "now", tags: ["a"], extra: { deep: [1] } };

/** A call that waits; `more` is what the request has besides. */
function ask(more: object = {}, args: unknown = ARGS) {
	const json = JSON.stringify(args);
	tell(
		{ kind: "tool_start", index: 0, tool_call_id: "c1", tool_name: "weather" },
		{ kind: "tool_delta", index: 0, chunk: json },
		{ kind: "tool_end", index: 0 },
		{ kind: "stream_end", finish_reason: "tool_call" },
		{ kind: "tool_state", tool_call_id: "c1", state: "needs approval" },
		{
			kind: "requests",
			requests: [
				{
					id: "c1",
					call: "c1",
					kind: "approval",
					tool: "weather",
					args: json,
					schema: SCHEMA,
					...more,
				},
			],
		},
	);
}

const replies = () =>
	model.sent.filter((one) => (one as { t: string }).t === "reply") as Record<string, unknown>[];

function type(input: HTMLInputElement, text: string) {
	input.focus();
	input.value = text;
	input.dispatchEvent(new Event("input", { bubbles: true }));
}

test("a page that is opened again has the card from its first state, before any message", () => {
	const args = JSON.stringify(ARGS);
	const call = { kind: "tool_call", tool_call_id: "c1", tool_name: "weather", args };
	const requests = [{ id: "c1", call: "c1", kind: "approval", tool: "weather", args }];
	const messages = [{ role: "assistant", parts: [call], finish_reason: "tool_call" }];
	const waits = { ...state("streaming"), messages, requests } as never;
	model = new FakeModel({ widget_id: `ask${key++}`, snapshot: { seq: 3, state: waits } });
	widget.initialize({ model });
	expect(view().button("Approve")).toBeDefined();
});

describe("a call that needs approval", () => {
	test("is approved as it is, and again until Python replies", () => {
		const shown = view();
		ask();
		expect(shown.field("city").value).toBe("Oslo");
		expect(shown.find(".nbask").getAttribute("aria-label")).toBe("weather needs approval");
		shown.button("Approve")?.click();
		expect(replies()).toEqual([{ t: "reply", id: "c1", n: expect.any(String), action: "approve" }]);
		expect(shown.button("Approve")?.disabled).toBe(true);
		vi.advanceTimersByTime(1_100);
		expect(new Set(replies().map(({ n }) => n)).size).toBe(1);
		expect(replies()).toHaveLength(3);
		model.say({ t: "reply", n: replies()[0]?.n });
		vi.advanceTimersByTime(1_100);
		expect(replies()).toHaveLength(3);
		tell({ kind: "requests", requests: [] });
		expect(shown.all(".nbask")).toEqual([]);
	});

	test("a change sends all arguments; what was not touched keeps its value exactly", () => {
		const shown = view();
		ask();
		type(shown.field("days"), "5");
		expect(shown.button("Undo changes")).toBeDefined();
		shown.button("Approve changes")?.click();
		expect(replies().at(-1)?.value).toEqual({ ...ARGS, days: 5 });
		model.say({ t: "reply", n: replies().at(-1)?.n });
		shown.button("Undo changes")?.click();
		expect(shown.field("days").value).toBe("3");
		shown.button("Always for this tool")?.click();
		expect(replies().at(-1)).toMatchObject({ action: "approve", always: true });
		expect(replies().at(-1)).not.toHaveProperty("value");
	});

	test("Python's words stand at the field, which gets the focus", () => {
		const shown = view();
		ask();
		type(shown.field("days"), "many");
		shown.button("Approve changes")?.click();
		expect(replies().at(-1)?.value).toMatchObject({ days: "many" });
		const problems = [
			[["days"], "not a <b>number</b>"],
			[["extra", "deep", 0], "too small"],
			[[], "All of it"],
		];
		model.say({ t: "reply", n: replies().at(-1)?.n, problems });
		const words = shown.all(".nbask-problem").map((one) => one.textContent);
		expect(words.filter(Boolean)).toEqual(["not a <b>number</b>", "deep.0: too small"]);
		expect(shown.find(".nbask-note").textContent).toBe("All of it");
		expect(document.activeElement).toBe(shown.field("days"));
		expect(shown.field("days").getAttribute("aria-invalid")).toBe("true");
		expect(shown.all(".nbask b")).toEqual([]);
		expect(shown.button("Approve changes")?.disabled).toBe(false);
	});

	test("text that is no JSON is not sent", () => {
		const shown = view();
		ask();
		type(shown.field("extra"), "{deep");
		shown.button("Approve changes")?.click();
		expect(replies()).toEqual([]);
		expect(shown.all(".nbask-problem").map((one) => one.textContent)).toContain("This is not JSON");
	});

	test("Deny asks for a reason in place; Escape goes back", () => {
		const shown = view();
		ask();
		shown.button("Deny…")?.click();
		const reason = shown.find(".nbask-reason") as HTMLInputElement;
		expect(document.activeElement).toBe(reason);
		const back = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
		reason.dispatchEvent(back);
		expect(document.activeElement).toBe(shown.button("Deny…"));
		shown.button("Deny…")?.click();
		reason.value = " Too wet. ";
		shown.button("Deny")?.click();
		expect(replies()).toEqual([
			{ t: "reply", id: "c1", n: expect.any(String), action: "deny", reason: "Too wet." },
		]);
	});

	test("Enter in a line goes to the button and sends nothing", () => {
		const shown = view();
		ask();
		shown.field("city").focus();
		const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
		shown.field("city").dispatchEvent(enter);
		expect(document.activeElement).toBe(shown.button("Approve"));
		expect(replies()).toEqual([]);
	});

	test("a kernel that does not read it is told of", () => {
		const shown = view();
		ask();
		shown.button("Approve")?.click();
		vi.advanceTimersByTime(3_100);
		expect(shown.find(".nbask-note").textContent).toContain("The kernel does not read this yet");
		model.say({ t: "reply", n: replies()[0]?.n, late: true });
		expect(shown.find(".nbask-note").textContent).toBe("There was another answer before this one.");
	});

	test("two views share it, and its end; a focus inside goes to the call", () => {
		const [one, two] = [view(), view()];
		ask();
		expect(one.all(".nbask")).toHaveLength(1);
		two.field("city").focus();
		one.button("Approve")?.click();
		tell({ kind: "requests", requests: [] });
		expect([...one.all(".nbask"), ...two.all(".nbask")]).toEqual([]);
		expect(document.activeElement).toBe(two.find(".nbstream-tool summary"));
		expect(one.find(".nbstream-asking")).toBeUndefined();
	});

	test.each([status("stopped"), status("failed"), { kind: "requests", requests: [] }])(
		"an end takes the buttons away: %o",
		(op) => {
			const shown = view();
			ask();
			tell(op);
			expect(shown.all(".nbask")).toEqual([]);
		},
	);

	test("changed arguments are shown in the same card, which keeps the focus", () => {
		const shown = view();
		ask();
		const call = shown.find(".nbstream-tool");
		type(shown.field("days"), "5");
		shown.button("Approve changes")?.focus();
		tell(
			{ kind: "tool_end", index: 0, text: JSON.stringify({ ...ARGS, days: 5 }) },
			{ kind: "requests", requests: [] },
		);
		expect(shown.find(".nbstream-tool")).toBe(call);
		expect(shown.find(".nbstream-json").textContent).toContain("days5");
		expect(document.activeElement).toBe(shown.find(".nbstream-tool > summary"));
	});

	test("what is changed survives a view that is made again", () => {
		const first = view();
		ask();
		type(first.field("city"), "Bergen");
		const second = view();
		vi.advanceTimersByTime(20);
		expect(second.field("city").value).toBe("Bergen");
		expect(second.button("Approve changes")).toBeDefined();
	});

	test("hostile names and values are text", () => {
		const shown = view();
		const hostile = '<img src=x onerror="alert(1)">';
		ask(
			{
				tool: hostile,
				schema: { type: "object", properties: { [hostile]: { description: hostile } } },
			},
			{ [hostile]: hostile, __proto__: 1 },
		);
		expect(shown.all("img, script")).toEqual([]);
		expect(shown.all(".nbask-label")[0]?.textContent).toBe(hostile);
		expect(shown.find(".nbask").getAttribute("aria-label")).toBe(`${hostile} needs approval`);
	});

	test.each([
		"[1",
		'["Oslo", 3]',
		'{"city": "Oslo", "days": 12345678901234567890}',
		'{"city": "Oslo", "days": 0.12345678901234567890}',
		'{"city": "Oslo", "extra": {"deep": [-9007199254740993]}}',
		'{"city": "Oslo", "days": 1e999}',
		'{"city": "Oslo", "days": NaN}',
		`{"city": "${"x".repeat(99_989)}\n… 9,000 more characters`,
	])("what would not be exact in fields is shown as it came, and can be approved: %s", (args) => {
		const shown = view();
		ask({ args });
		expect(shown.all(".nbask-fields")).toEqual([]);
		expect(shown.find(".nbask").textContent).toContain(args);
		expect(shown.all(".nbstream-asking-all")).toHaveLength(args.length > 100_000 ? 0 : 1);
		shown.button("Approve")?.click();
		expect(replies()).toHaveLength(1);
		expect(replies()[0]).not.toHaveProperty("value");
	});

	test("numbers that are exact are fields, and so is text with digits", () => {
		const shown = view();
		ask({ args: '{"city": "12345678901234567890 \\" 1e999", "days": -123456789.012e3}' });
		expect(shown.field("city").value).toBe('12345678901234567890 " 1e999');
		expect(shown.field("days").value).toBe("-123456789012");
	});

	test("characters that a field cannot show are told of, until they are gone", () => {
		const shown = view();
		ask({}, { ...ARGS, city: "rm \u202ex", tags: ["a\u009b"], extra: { deep: "\u202e" } });
		const words = () =>
			shown
				.all(".nbask-problem")
				.map((one) => one.textContent)
				.filter(Boolean);
		expect(words()).toEqual([
			"Hidden characters: rm \u27e8U+202E\u27e9x",
			'Hidden characters: ["a\u27e8U+009B\u27e9"]',
			'Hidden characters: {"deep":"\u27e8U+202E\u27e9"}',
		]);
		type(shown.field("city"), "rm x");
		expect(words()).toHaveLength(2);
	});

	test("they are told of also after other words at the fields, and after a change beside them", () => {
		const shown = view();
		ask({}, { ...ARGS, city: "rm \u202ex", tags: ["a\u009b", "b"] });
		const words = (field: Element) =>
			[...(field.closest(".nbask-row")?.querySelectorAll(".nbask-problem") ?? [])]
				.map((one) => one.textContent)
				.filter(Boolean);
		const city = "Hidden characters: rm \u27e8U+202E\u27e9x";
		shown.field("city").dispatchEvent(new Event("change", { bubbles: true })); // left as it was
		expect(words(shown.field("city"))).toEqual([city]);
		type(shown.field("days"), "many");
		shown.button("Approve changes")?.click();
		model.say({ t: "reply", n: replies().at(-1)?.n, problems: [[["city"], "too short"]] });
		expect(words(shown.field("city"))).toEqual([city, "too short"]);
		const told = document.getElementById(
			shown.field("city").getAttribute("aria-errormessage") ?? "",
		);
		expect(told?.textContent).toBe("too short");
		const [, second] = shown.all(".nbask-line textarea") as [HTMLInputElement, HTMLInputElement];
		type(second, "c");
		expect(words(second)).toEqual(["Hidden characters: a\u27e8U+009B\u27e9\nc"]);
		type(shown.find(".nbask-line textarea") as HTMLInputElement, "a");
		expect(words(second)).toEqual([]);
		shown.button("Undo changes")?.click();
		expect(words(shown.find(".nbask-line textarea"))).toHaveLength(1);
	});

	test("so are characters that nobody can see, but not those of an emoji", () => {
		const shown = view();
		const tag = String.fromCodePoint(0xe0041);
		ask({}, { ...ARGS, city: `a\u200bb${tag}c\ufe01`, tags: ["\u2764\ufe0f\u200d\ud83d\udd25"] });
		const words = shown.all(".nbask-problem").map((one) => one.textContent);
		expect(words.filter(Boolean)).toEqual([
			"Hidden characters: a\u27e8U+200B\u27e9b\u27e8U+E0041\u27e9c\u27e8U+FE01\u27e9",
		]);
	});

	test("what an empty space pushes out of sight is told of", () => {
		const shown = view();
		const code = { type: "string", contentMediaType: "text/x-python" };
		const city = `x = 1${" ".repeat(300)}; steal()${" ".repeat(100_000)}`;
		ask({ schema: { type: "object", properties: { city: code } } }, { city });
		const words = shown.all(".nbask-problem").map((one) => one.textContent?.trimEnd());
		expect(words).toContain("After an empty space: …; steal()");
	});

	/** The card of one argument, `x`, of this schema. */
	function askX(x: unknown, schema: object) {
		ask({ schema: { type: "object", properties: { x: schema } } }, { x });
	}

	test.each([
		[
			"a list whose lines have lines",
			["a\nb"],
			{ type: "array", items: { type: "string" } },
			"a\nb",
		],
		[
			"a list of other things than its schema says",
			[{ to: "/etc" }],
			{ type: "array", items: { type: "string" } },
			'[ { "to": "/etc" } ]',
		],
		["a text in the place of a date", "now; x", { type: "string", format: "date" }, "now; x"],
		["null", null, { type: "boolean" }, "null"],
		["a long choice", "a".repeat(90), { type: "string", enum: ["a".repeat(90)] }, "a".repeat(90)],
	])("all of an argument is shown, and unchanged: %s", (_, x, schema, text) => {
		const shown = view();
		askX(x, schema);
		const [field] = shown.all(".nbask-fields textarea") as HTMLTextAreaElement[];
		expect(field?.value).toBe(text);
		expect(shown.button("Approve")).toBeDefined();
		expect(shown.button("Undo changes")).toBeUndefined();
	});

	test("choices that would look the same are in quotes", () => {
		const shown = view();
		askX("a  b", { enum: ["a b", "a  b", "a b "] });
		const labels = shown.all("option").map((one) => one.textContent);
		expect(labels.filter(Boolean)).toEqual(["a b", '"a  b"', '"a b "']);
	});

	test("arguments have their own names, and those that the tool does not have are told of", () => {
		const shown = view();
		const schema = { type: "object", properties: { path: { title: "Host", type: "string" } } };
		ask({ schema }, { path: "/", "path ": "/etc", "a\n": 1 });
		expect(shown.all(".nbask-label").map((one) => one.textContent)).toEqual([
			"path",
			`"path "not in the tool's schema`,
			String.raw`"a\n"not in the tool's schema`,
		]);
	});

	test("what an empty space pushes out of sight in arguments that are no fields is told of", () => {
		const shown = view();
		ask({ args: `{"city": "Oslo",${"\n".repeat(90)}"days": 12345678901234567890}` });
		expect(shown.find(".nbask").textContent).toContain('After an empty space: …"days": 1234');
	});

	test("no button of any card can be pressed when a card has just come or gone", () => {
		const animate = vi.fn();
		Object.assign(HTMLElement.prototype, { animate });
		try {
			view();
			ask();
			const none = { pointerEvents: ["none", "none"] };
			expect(animate.mock.calls).toEqual([[none, 500]]);
			tell({ kind: "requests", requests: [] });
			expect(animate).toHaveBeenCalledTimes(1); // no card is left
		} finally {
			Reflect.deleteProperty(HTMLElement.prototype, "animate");
		}
	});

	test("a change keeps an argument with any name", () => {
		const shown = view();
		ask({ args: '{"city": "Oslo", "days": 3, "__proto__": {"a": 1}}' });
		type(shown.field("city"), "Bergen");
		shown.button("Approve changes")?.click();
		expect(JSON.stringify(replies().at(-1)?.value)).toBe(
			'{"city":"Bergen","days":3,"__proto__":{"a":1}}',
		);
	});
});

test("code that is coloured late does not take the place of what was typed since", () => {
	const late: (() => void)[] = [];
	const highlight = (code: HTMLElement, source: string) => {
		late.push(() => code.replaceChildren(source));
	};
	const { signal } = new AbortController();
	const { el } = codeField("a", "a", "python", { highlight, signal, resolve: () => ({}) });
	const input = el.querySelector("textarea") as HTMLTextAreaElement;
	for (const value of ["ab", "abc"]) {
		input.value = value;
		input.dispatchEvent(new Event("input"));
	}
	for (const colour of late) colour();
	expect(el.querySelector(".nbask-code-shown")?.textContent).toBe("abc\n");
});

test("each field has a name, also each line of a list", () => {
	const shown = view();
	ask({}, { ...ARGS, tags: ["a", "b"] });
	const fields = shown.all(".nbask :is(input, select, textarea)") as HTMLInputElement[];
	expect(fields.length).toBeGreaterThan(5);
	const isNamed = (one: HTMLInputElement) =>
		one.getAttribute("aria-label") || shown.find(`label[for="${one.id}"]`);
	for (const one of fields) expect(isNamed(one), one.outerHTML).toBeTruthy();
});

describe("a question of a tool", () => {
	test("is a form; fields without a value are left out", () => {
		const shown = view();
		ask({ kind: "input", id: "c1/1", question: "Where to?", args: "{}" }, {});
		expect(shown.find(".nbask-question").textContent).toBe("Where to?");
		type(shown.field("city"), "Oslo");
		type(shown.field("days"), "2");
		(shown.button("Add a line") as HTMLElement).click();
		type(document.activeElement as HTMLInputElement, "x");
		shown.button("Send")?.click();
		expect(replies().at(-1)).toMatchObject({
			id: "c1/1",
			action: "answer",
			value: { city: "Oslo", days: 2, tags: ["x"] },
		});
	});

	test("of yes or no has a button for each", () => {
		const shown = view();
		ask({ kind: "input", id: "c1/1", question: "Sure?", schema: { type: "boolean" } });
		shown.button("No")?.click();
		expect(replies().at(-1)).toMatchObject({ action: "answer", value: false });
		tell({ kind: "requests", requests: [] });
		ask({ kind: "input", id: "c1/2", question: "Sure?", schema: { type: "boolean" } });
		shown.button("Decline…")?.click();
		shown.button("Decline")?.click();
		expect(replies().at(-1)).toMatchObject({ id: "c1/2", action: "decline", reason: "" });
	});

	test("of one choice sends the value, of its own type", () => {
		const shown = view();
		ask({ kind: "input", id: "c1/1", schema: { enum: [1, "two"] } });
		const select = shown.find("select") as HTMLSelectElement;
		select.value = "0";
		select.dispatchEvent(new Event("input", { bubbles: true }));
		shown.button("Send")?.click();
		expect(replies().at(-1)?.value).toBe(1);
	});
});
