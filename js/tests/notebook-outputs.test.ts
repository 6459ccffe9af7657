import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Outputs } from "../src/anywidget";
import widget from "../src/main";
import { UPDATED_MS } from "../src/store";
import { CLOCK, delta, FakeKernel, FakeModel, start, state, status, text } from "./helpers";

const END = { "text/html": "<div>whole</div>", "text/plain": "whole" };
const VIEW = "application/vnd.jupyter.widget-view+json";

let key = 0;
let model: FakeModel;
let close: (() => void) | undefined;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	model = new FakeModel({ widget_id: `output${key++}` });
});

afterEach(() => {
	close?.();
	vi.useRealTimers();
	document.body.replaceChildren();
});

interface Output {
	output_type: string;
	data?: Record<string, unknown>;
}

const html = (data: string): Output => ({
	output_type: "display_data",
	data: { "text/html": data },
});
const unfinished = (of = model.traits.widget_id) =>
	html(`<div class="nbstream-at-${of} nbstream-unfinished">part</div>`);
const finished = () => html(`<div class="nbstream-at-${model.traits.widget_id}">whole</div>`);

/** An open notebook: a Markdown cell, then cells with these outputs. */
function notebook(...cells: Output[][]): Output[][] {
	const outputs = cells.map(
		(cell): Outputs => ({
			length: cell.length,
			get: (i) => ({ data: cell[i]?.data, toJSON: () => cell[i] as Output }),
			set: (i, output) => {
				cell[i] = output as Output;
			},
		}),
	);
	model.widget_manager = {
		context: { model: { cells: [{}, ...outputs.map((outputs) => ({ outputs }))] } },
	};
	return cells;
}

const asked = () => model.sent.filter((message) => (message as { t: string }).t === "output");
const view = (): Output => ({
	output_type: "display_data",
	data: { [VIEW]: { model_id: model.traits.widget_id } },
});

function opened(): void {
	model.traits.snapshot = { seq: 7, state: state("done", text("whole")) };
	close = widget.initialize({ model });
	vi.advanceTimersByTime(UPDATED_MS);
}

test.each([
	["unfinished HTML", unfinished],
	["a widget", view],
])("an output that still holds %s gets the whole answer, and others stay", (_, make) => {
	const stdout = { output_type: "stream" };
	const cells = notebook([stdout, make()], [unfinished("other"), make()]);
	opened();
	expect(asked()).toHaveLength(1);
	model.say({ t: "output", data: END });
	const whole = { output_type: "display_data", data: END };
	expect(cells).toEqual([
		[stdout, whole],
		[unfinished("other"), whole],
	]);
});

test("Python is asked only after the end, and after the time of its own update", () => {
	const cells = notebook([unfinished()]);
	close = widget.initialize({ model });
	model.delta(1, status("streaming"), start(), delta("a"));
	vi.advanceTimersByTime(UPDATED_MS);
	expect(asked()).toHaveLength(0);
	model.delta(2, status("done"));
	cells[0]?.splice(0, 1, finished());
	vi.advanceTimersByTime(UPDATED_MS);
	expect(asked()).toHaveLength(0);
});

test("an output that an undo restores gets the whole answer too", async () => {
	const cells = notebook([finished()]);
	opened();
	expect(asked()).toHaveLength(0);
	cells[0]?.splice(0, 1, unfinished());
	const box = document.body.appendChild(document.createElement("div"));
	box.innerHTML = String(unfinished().data?.["text/html"]);
	await Promise.resolve();
	vi.advanceTimersByTime(UPDATED_MS);
	expect(asked()).toHaveLength(1);
});

test("nothing is asked for without a notebook, or with an unknown kind of notebook", () => {
	opened();
	expect(asked()).toHaveLength(0);
	close?.();
	model.widget_manager = {
		get context(): never {
			throw new Error("not here");
		},
	};
	opened();
	expect(asked()).toHaveLength(0);
});

test("what had come is written when the kernel ends, as text", () => {
	const cells = notebook([unfinished(), finished()]);
	const kernel = new FakeKernel();
	model.widget_manager = { ...model.widget_manager, kernel };
	close = widget.initialize({ model });
	model.delta(1, status("streaming"), start(), delta("so <b>far</b>"));
	kernel.connects("disconnected");
	expect(cells[0]?.[0]).toEqual(unfinished());
	model.delta(2, delta("!"));
	kernel.becomes("dead");
	vi.advanceTimersByTime(0);
	const data = cells[0]?.[0]?.data;
	expect(data?.["text/plain"]).toBe("so <b>far</b>!\n\n[not finished when this was written]");
	const box = document.createElement("div");
	box.innerHTML = String(data?.["text/html"]);
	expect(box.textContent).toBe(data?.["text/plain"]);
	expect(box.querySelector("b")).toBeNull();
	expect(cells[0]?.[1]).toEqual(finished());
	kernel.becomes("dead");
	expect(cells[0]?.[0]?.data).toBe(data);
});

test("what is written for a kernel that ended has no formula, and no blank line ends its HTML", () => {
	const cells = notebook([unfinished()]);
	const kernel = new FakeKernel();
	model.widget_manager = { ...model.widget_manager, kernel };
	close = widget.initialize({ model });
	const said = "$\\href{javascript:x}{y}$ \\(z\\) &#36;\n\n![a](http://evil.test/a.png)";
	model.delta(1, status("streaming"), start(), delta(said));
	kernel.becomes("dead");
	vi.advanceTimersByTime(0);
	const html = String(cells[0]?.[0]?.data?.["text/html"]);
	expect(html).not.toMatch(/[$\\\n]/);
	const box = document.createElement("div");
	box.innerHTML = html;
	expect(box.textContent).toContain(said);
	for (const sign of ["$", "\\"])
		for (const el of box.querySelectorAll("span"))
			if (el.textContent?.includes(sign)) expect(el.textContent).toBe(sign);
});
