/**
 * An agent's run in the widget: its steps, what happens inside its calls, and the runs of tools
 * that are agents.
 */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import widget from "../src/main";
import * as files from "../src/page-files";
import * as run from "../src/run";
import type { WirePart, WireState } from "../src/wire-state";
import { CLOCK, delta, FakeModel, start, state, status } from "./helpers";

let key = 0;
let seq = 0;
let model: FakeModel;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	vi.spyOn(files, "loadRun").mockImplementation((then) => then(run));
	model = new FakeModel({ widget_id: `run${key++}` });
	seq = 0;
});

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
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

const call = (index: number, name: string, message = 0) => [
	{ kind: "tool_start", index, message, tool_call_id: `t${index}`, tool_name: name },
	{ kind: "tool_delta", index, message, chunk: '{"city": "Oslo"}' },
	{ kind: "tool_end", index, message },
];
const END = { kind: "stream_end", finish_reason: "tool_call", usage: { input_tokens: 12 } };
const happens = (index: number, run: object, more: object = {}) => ({
	kind: "tool_state",
	tool_call_id: `t${index}`,
	run,
	...more,
});
const RUNS = { state: "running" };
const done = (index: number, output: string, run: object = {}) =>
	happens(
		index,
		{ ended: true, began: 0, elapsed: 1, said: output, ...run },
		{ state: "done · 1.0 s", result: { output } },
	);
const results = (...ids: number[]) => ({
	kind: "message",
	message: 1,
	role: "tool",
	parts: ids.map((id) => ({ kind: "tool_result", tool_call_id: `t${id}`, same: true })),
});

test("each step has a line, and the last one is the answer", () => {
	const view = begin();
	const steps = () => view.read(".nbstream-step:not([hidden])");
	tell({ kind: "text_start", index: 0 }, delta("I look."));
	expect(steps()).toEqual([]);
	tell(...call(1, "weather"), END, happens(1, { began: 0 }, RUNS));
	expect(steps()).toEqual(["Step 112 in"]);
	tell(done(1, "sunny"), results(1), { kind: "stream_start", message: 2 });
	expect(steps()).toEqual(["Step 112 in", "Step 2"]);
	tell({ ...start(), message: 2 }, { ...delta("Sunny."), message: 2 });
	tell({ kind: "stream_end", message: 2, finish_reason: "stop", usage: { output_tokens: 3 } });
	expect(steps()).toEqual(["Step 112 in", "Answer3 out"]);
	tell(status("done", { totals: "2 steps · 1 tool call", total_usage: { input_tokens: 99 } }));
	expect(view.read(".nbstream-totals, .nbstream-usage")).toEqual([
		"2 steps · 1 tool call",
		"99 in",
	]);
});

test("a run that is stopped in a call has no answer", () => {
	const view = begin();
	tell(...call(0, "weather"), END, happens(0, { began: 0 }, RUNS));
	const cancelled = { kind: "stream_end", message: 2, finish_reason: "cancelled" };
	tell(done(0, "cancelled"), results(0), cancelled, status("stopped", { elapsed: 0 }));
	expect(view.read(".nbstream-step:not([hidden])")).toEqual(["Step 112 in"]);
	expect(view.read(".nbstream-elapsed")).toEqual([""]); // and not "0.0 s"
});

test("of a typed run, prose before calls is no form; the answer is, once its JSON begins", () => {
	const schema = { type: "object", properties: { city: { type: "string" } } };
	const first = { ...state("waiting"), messages: [], run: true, output: { schema } };
	model = new FakeModel({ widget_id: `run${key++}`, snapshot: { seq: 0, state: first as never } });
	const view = begin();
	tell({ kind: "text_start", index: 0 }, delta("I look."));
	expect(view.all(".nbstream-typed")).toEqual([]);
	expect(view.read(".nbstream-text")).toEqual(["I look."]);
	tell({ kind: "text_end", index: 0 }, ...call(1, "weather"), END, happens(1, { began: 0 }, RUNS));
	tell(done(1, "sunny"), results(1), { kind: "text_start", index: 0, message: 2 });
	expect(view.all(".nbstream-typed .nbform")).toEqual([]);
	// Both come between two frames, of which a page that is hidden draws none.
	tell({ ...delta('{"city'), message: 2 }, { ...delta('": "Oslo"'), message: 2 });
	expect(view.all(".nbstream-typed")).toHaveLength(1);
});

test("a result is shown when its call ends, while others go on, and once", () => {
	const view = begin();
	tell(...call(0, "quick"), ...call(1, "slow"), END);
	tell(happens(0, { began: 0 }, RUNS), happens(1, { began: 0 }, RUNS), done(0, "sunny"));
	expect(view.read(".nbstream-output")).toEqual(["sunny"]);
	expect(view.read(".nbstream-state")).toEqual(["done · 1.0 s", "running"]);
	tell(done(1, "rain"), results(0, 1));
	expect(view.read(".nbstream-output")).toEqual(["sunny", "rain"]);
	expect(view.read(".nbstream-state")).toEqual(["done · 1.0 s", "done · 1.0 s"]);
});

test("reports come as they are made; of a flood the last are shown, and the result is none", () => {
	const view = begin();
	const reports = () => view.read(".nbstream-reports > div");
	tell(...call(0, "slow"), END, happens(0, { began: 0 }, RUNS));
	tell(happens(0, { lines: ["1 of 9"], count: 1 }), happens(0, { lines: ["<b>\u202e"], count: 1 }));
	expect(reports()).toHaveLength(2);
	expect(reports()[1]).not.toContain("\u202e");
	expect(view.all(".nbstream-reports b")).toHaveLength(0);
	for (let i = 0; i < 9; i++)
		tell(happens(0, { lines: Array.from({ length: 20 }, (_, k) => `${i}:${k}`), count: 1_000 }));
	expect(reports()).toHaveLength(50);
	expect(view.read(".nbstream-inside .nbstream-label")).toEqual(["8,952 earlier lines"]);
	tell(done(0, "8:19"));
	expect(reports().at(-1)).toBe("8:18");
});

test("the whole traceback is one press away", () => {
	const view = begin();
	tell(...call(0, "fails"), END, happens(0, { began: 0 }, RUNS));
	tell(
		happens(
			0,
			{ ended: true, began: 0, elapsed: 0, traceback: "Traceback\n<i>x" },
			{ state: "failed", result: { output: "KeyError: 1", is_error: true } },
		),
	);
	const [trace] = view.all(".nbstream-trace") as HTMLDetailsElement[];
	expect(trace?.open).toBe(false);
	expect(view.read(".nbstream-trace .nbstream-mono")).toEqual(["Traceback\n<i>x"]);
	expect((view.all(".nbstream-tool")[0] as HTMLDetailsElement).open).toBe(true);
});

test("calls at once have bars, one call has none", () => {
	const view = begin();
	const bars = () => view.all(".nbstream-time").filter((el) => !el.hidden);
	tell(...call(0, "quick"), END, happens(0, { began: 0 }, RUNS), done(0, "sunny"));
	expect(bars()).toHaveLength(0);
	model = new FakeModel({ widget_id: `run${key++}` });
	seq = 0;
	const both = begin();
	const all = () => both.all(".nbstream-time").filter((el) => !el.hidden);
	tell(...call(0, "quick"), ...call(1, "slow"), END);
	tell(happens(0, { began: 0 }, RUNS), happens(1, { began: 0 }, RUNS));
	tell(done(0, "sunny"), done(1, "rain", { began: 1, elapsed: 3 }));
	expect(all().map(({ style }) => style.width)).toEqual(["25%", "75%"]);
});

const INNER = [
	{ kind: "stream_start" },
	start(),
	delta("I **look**."),
	...call(1, "ships"),
	{ kind: "stream_end", finish_reason: "tool_call", usage: null },
	happens(1, { began: 0 }, RUNS),
];

test("the run of a tool that is an agent streams in its card, which folds once it is done", () => {
	const view = begin();
	const card = () => view.all(".nbstream-tool")[0] as HTMLDetailsElement;
	tell(...call(0, "traffic"), END, happens(0, { began: 0 }, RUNS));
	tell(happens(0, { agent: "traffic", ops: INNER }));
	expect(card().open).toBe(true);
	expect(view.read(".nbstream-nested strong")).toEqual(["look"]);
	expect(view.read(".nbstream-nested .nbstream-state")).toEqual(["running"]);
	tell(happens(0, { agent: "traffic", ops: [happens(1, { lines: ["36 ships"], count: 1 })] }));
	expect(view.read(".nbstream-nested .nbstream-reports")).toEqual(["36 ships"]);
	tell(done(0, "Clear."), results(0));
	vi.advanceTimersByTime(1_500);
	expect(card().open).toBe(false);
	card().querySelector<HTMLElement>("summary")?.click();
	expect(card().open).toBe(true); // as the reader leaves it
	tell({ kind: "stream_start", message: 2 });
	expect(card().open).toBe(true);
});

test("a run inside a call that is cancelled is stopped, and so are its calls", () => {
	const view = begin();
	tell(...call(0, "traffic"), END, happens(0, { began: 0 }, RUNS));
	tell(happens(0, { agent: "traffic", ops: INNER }), status("stopped"));
	expect(view.read(".nbstream-state")).toEqual(["stopped", "stopped"]);
	expect(view.all(".nbstream-busy")).toHaveLength(0);
});

test("pictures that a tool returns have their bytes, also in a run inside a call", () => {
	vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
	vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
	const view = begin();
	const file = (data: number) => ({
		media_type: "text/csv",
		filename: `${data}.csv`,
		size: 3,
		data,
	});
	const found = (index: number, data: number) =>
		happens(index, { ended: true }, { state: "done", result: { files: [file(data)] } });
	const ops = [...call(0, "traffic"), END, happens(0, { began: 0 }, RUNS)];
	const inner = [...INNER, found(1, 1)];
	const bytes = [0, 1].map(() => new DataView(new ArrayBuffer(3)));
	const all = [
		...ops,
		happens(0, { agent: "traffic", ops: inner }),
		...call(1, "chart"),
		found(1, 0),
	];
	model.say({ t: "d", seq: ++seq, ops: all }, bytes);
	vi.advanceTimersByTime(20);
	expect(view.read(".nbstream-file-name")).toEqual(["1.csv", "0.csv"]);
	expect(view.all(".nbstream-download").map((el) => el.hidden)).toEqual([false, false]);
});

test("a snapshot draws the same as the ops", () => {
	const view = begin();
	tell(...call(0, "traffic"), END, happens(0, { began: 0 }, RUNS));
	tell(happens(0, { agent: "traffic", ops: INNER, lines: ["one"], count: 1 }));
	const body = () => view.all(".nbstream-body")[0]?.textContent?.replace(/12 in/, "");
	const before = body();
	const inner: WirePart[] = [
		{ kind: "text", text: "I **look**." },
		{
			kind: "tool_call",
			tool_call_id: "t1",
			tool_name: "ships",
			args_json: '{"city": "Oslo"}',
			state: "running",
			run: { reset: true, lines: [], count: 0, began: 0 },
		},
	];
	const ended = (whole: WireState): WireState => ({
		...whole,
		run: true,
		messages: whole.messages.map((one) => ({ ...one, finish_reason: "tool_call" })),
	});
	const nested = ended(state("streaming", ...inner));
	const part: WirePart = {
		kind: "tool_call",
		tool_call_id: "t0",
		tool_name: "traffic",
		args_json: '{"city": "Oslo"}',
		state: "running",
		run: { reset: true, lines: ["one"], count: 1, began: 0, agent: "traffic", state: nested },
	};
	const whole = ended(state("streaming", part));
	model.say({ t: "snap", seq: seq + 5, state: whole });
	vi.advanceTimersByTime(20);
	expect(body()).toBe(before);
	model = new FakeModel({
		widget_id: `run${key++}`,
		snapshot: { seq: 9, state: whole },
	});
	const other = begin();
	expect(other.all(".nbstream-body")[0]?.textContent).toBe(before);
});
