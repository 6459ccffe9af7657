import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import widget from "../src/main";
import { CLOCK, delta, FakeModel, start, state, status } from "./helpers";

let key = 0;
let seq = 0;
let model: FakeModel;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	model = new FakeModel({ widget_id: `tool${key++}` });
	seq = 0;
});

afterEach(() => {
	vi.useRealTimers();
	document.body.replaceChildren();
});

function begin() {
	widget.initialize({ model });
	const el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
	const all = (selector: string) => [...el.querySelectorAll<HTMLElement>(selector)];
	return { all, read: (selector: string) => all(selector).map((found) => found.textContent) };
}

function tell(...ops: unknown[]) {
	model.delta(++seq, ...ops);
	vi.advanceTimersByTime(20);
}

const call = (index: number, chunk = '{"city": "Oslo"}') => [
	{ kind: "tool_start", index, tool_call_id: `t${index}`, tool_name: "weather" },
	{ kind: "tool_delta", index, chunk },
];
const over = (index: number) => ({ kind: "tool_end", index });
const END = { kind: "stream_end", finish_reason: "tool_call" };
const results = (...rows: object[]) => ({
	kind: "message",
	message: 1,
	role: "tool",
	parts: rows.map((row, i) => ({ kind: "tool_result", tool_call_id: `t${i}`, ...row })),
});

describe("the state of a call", () => {
	test("from its arguments to its result, each call for itself", () => {
		const view = begin();
		const states = () => view.read(".nbstream-state");
		tell(...call(0, '{"city": "Os'));
		expect(states()).toEqual(["writing arguments"]);
		tell(over(0), ...call(1));
		expect(states()).toEqual(["waiting", "writing arguments"]);
		tell(over(1), END);
		expect(states()).toEqual(["running", "running"]);
		expect(view.all(".nbstream-busy.nbstream-state")).toHaveLength(2);
		tell(results({ output: "sunny" }));
		expect(states()).toEqual(["done", "running"]);
		tell(results({ output: "sunny" }, { output: "no such city", is_error: true }));
		expect(states()).toEqual(["done", "failed"]);
		expect(view.read(".nbstream-failed")).toEqual(["failed"]);
		expect(view.read(".nbstream-label")).toEqual(["Result", "Error"]);
		tell(status("done"));
		expect(states()).toEqual(["done", "failed"]);
	});

	test("of a call whose result the answer does not have", () => {
		const waits = begin();
		tell(...call(0), over(0), END, status("done"));
		expect(waits.read(".nbstream-state")).toEqual(["waiting for a result"]);
		model = new FakeModel({ widget_id: `tool${key++}` });
		seq = 0;
		const stopped = begin();
		tell(...call(0), status("stopped"));
		expect(stopped.read(".nbstream-state")).toEqual(["stopped"]);
		model = new FakeModel({ widget_id: `tool${key++}` });
		seq = 0;
		const followed = begin();
		tell(...call(0), over(0), start(1), delta("So.", 1), status("done"));
		expect(followed.read(".nbstream-state")).toEqual([""]);
	});

	test("approval is asked for, and denied", () => {
		const view = begin();
		tell(...call(0), over(0), END, {
			kind: "tool_state",
			tool_call_id: "t0",
			state: "needs approval",
		});
		expect(view.read(".nbstream-state")).toEqual(["needs approval"]);
		vi.advanceTimersByTime(1_500);
		expect(view.read(".nbstream-waiting-words")).toEqual(["Waiting for your approval…"]);
		tell(results({ output: "Not allowed.", is_error: true, state: "denied" }));
		expect(view.read(".nbstream-state")).toEqual(["denied"]);
	});

	test("is what the agent tells: progress, and the time that it took", () => {
		const view = begin();
		const told = (words: string) => ({ kind: "tool_state", tool_call_id: "t0", state: words });
		tell(...call(0), over(0), END, told("running: 2 of 5 pages"));
		expect(view.read(".nbstream-busy")).toEqual(["running: 2 of 5 pages"]);
		tell(told("done · 1.2 s"));
		expect(view.read(".nbstream-state")).toEqual(["done · 1.2 s"]);
		tell(results({ output: "sunny" }));
		expect(view.read(".nbstream-state")).toEqual(["done · 1.2 s"]);
	});
});

describe("a card", () => {
	const details = (view: ReturnType<typeof begin>) =>
		view.all(".nbstream-tool") as HTMLDetailsElement[];

	test("is open while its call runs, closes once after the result, and then has its arguments in the line", () => {
		const view = begin();
		tell(...call(0), over(0), END);
		expect(details(view)[0]?.open).toBe(true);
		tell(results({ output: "sunny" }));
		expect(details(view)[0]?.open).toBe(true);
		vi.advanceTimersByTime(1_200);
		expect(details(view)[0]?.open).toBe(false);
		expect(view.read(".nbstream-input")).toEqual(["city: Oslo"]);
	});

	test("stays open if its call failed or waits for a result", () => {
		const parts = [
			{ kind: "tool_call", tool_call_id: "a", tool_name: "look", args_json: '{"a":1}' },
			{ kind: "tool_result", tool_call_id: "a", tool_name: "look", output: "x", is_error: true },
			{ kind: "tool_call", tool_call_id: "b", tool_name: "look", args_json: '{"b":1}' },
		];
		model.traits.snapshot = { seq: 1, state: state("done", ...(parts as never[])) };
		expect(details(begin()).map(({ open }) => open)).toEqual([true, true]);
	});

	test("stays open if its result has a picture", () => {
		const view = begin();
		const picture = { media_type: "image/png", size: 4 };
		const table = { media_type: "text/csv", size: 4 };
		tell(...call(0), over(0), ...call(1), over(1), END);
		tell(results({ output: "", files: [picture] }, { output: "", files: [table] }));
		vi.advanceTimersByTime(5_000);
		expect(view.all("details.nbstream-tool[open]")).toHaveLength(1);
		expect(view.all(".nbstream-tool")[0]?.hasAttribute("open")).toBe(true);
	});

	test("without arguments is one line", () => {
		const view = begin();
		tell(...call(0, "{}"), over(0));
		expect("empty" in (details(view)[0]?.dataset ?? {})).toBe(true);
	});

	test("shows arguments that are no JSON, and a hostile name, as text", () => {
		const view = begin();
		const named = { tool_call_id: "t", tool_name: "<b>x\u202e" };
		tell(
			{ kind: "tool_start", index: 0, ...named },
			{ kind: "tool_delta", index: 0, chunk: "rm -rf" },
		);
		tell(over(0));
		expect(view.read(".nbstream-json")).toEqual(["rm -rf"]);
		expect(view.all("b")).toHaveLength(0);
		expect(view.read(".nbstream-tool-name")[0]).not.toContain("\u202e");
	});
});

test("a result may be JSON, be cut off, and have files with their bytes", () => {
	vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
	vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
	const view = begin();
	const bytes = new DataView(new ArrayBuffer(3));
	const file = { media_type: "text/csv", filename: "a.csv", size: 3, data: 0 };
	const row = { output: '{"sky":"clear"}', is_json: true, left_out: 1234, files: [file] };
	model.say({ t: "d", seq: ++seq, ops: [...call(0), over(0), END, results(row)] }, [bytes]);
	vi.advanceTimersByTime(20);
	expect(view.read(".nbstream-results .nbjson-row")).toEqual(["skyclear"]);
	expect(view.read(".nbstream-results")[0]).toContain("1,234 more characters");
	expect(view.read(".nbstream-file-name")).toEqual(["a.csv"]);
	expect(view.all(".nbstream-download")[0]?.hidden).toBe(false);
});
