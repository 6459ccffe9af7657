import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cellGrid } from "../src/map/cells";
import widget from "../src/map/main";
import { kindOf, MapState } from "../src/map/state";
import { facts } from "../src/map/words";
import type { Totals } from "../src/wire-map";
import { CLOCK, FakeModel, jupyter } from "./helpers";

const totals: Totals = {
	status: "streaming",
	model: "test/scripted",
	total: 1200,
	done: 3,
	failed: 0,
	replayed: 0,
	active: 2,
	batches: 0,
	elapsed: 4.2,
	rate: 2.5,
	left: 479,
	tokens: 0,
	cost: "",
	pause: 0,
	error: "",
};

test("a map's state follows changes in their order, and notices a missing one", () => {
	const state = new MapState();
	expect(state.apply(1, { ...totals, cells: [[0, "d"]] })).toBe(false); // no snapshot yet
	state.replace(4, { ...totals, cells: "d3.", prompts: ["a", "b", "c"], texts: { "0": "one" } });
	expect(state.apply(5, { ...totals, done: 4, cells: [[1, "d", "two"]] })).toBe(true);
	expect(state.cells).toEqual(["d", "d", "."]);
	expect(state.texts).toEqual(["one", "two"]);
	expect(state.totals?.done).toBe(4);
	expect(state.apply(7, { ...totals, cells: [[2, "d"]] })).toBe(false);
	expect(state.cells[2]).toBe(".");
	expect(state.apply(5, { ...totals, cells: [[1, "f"]] })).toBe(true); // an old one
	expect(state.cells[1]).toBe("d");
	expect([..."d.fs7"].map((cell) => kindOf(cell))).toEqual([
		"done",
		"waiting",
		"failed",
		"stopped",
		"running",
	]);
});

test("a card of a map shows hidden characters by their names", () => {
	const state = new MapState();
	state.replace(1, { ...totals, cells: "d", prompts: ["a\u202eb"], texts: { "0": "c\u202ed" } });
	const grid = cellGrid(state, () => {});
	grid.paint(null);
	expect(grid.el.textContent).toBe("a⟨U+202E⟩bc⟨U+202E⟩d");
});

test("the line of a map says how far it is", () => {
	expect(facts(totals, true)).toEqual([
		"3 of 1,200 answered",
		"4 s",
		"2.5 a second",
		"about 7 min 59 s left",
	]);
	expect(facts({ ...totals, pause: 12.1 }, true).at(-1)).toBe("the provider asks to wait 13 s");
	expect(facts({ ...totals, status: "stopped", failed: 2, cost: "$0.10" }, false)).toEqual([
		"stopped",
		"3 of 1,200 answered",
		"2 failed",
		"4 s",
		"2.5 a second",
		"$0.10",
	]);
});

test("a map, as an answer, sends nothing where cells run", async () => {
	vi.useFakeTimers(CLOCK);
	let begin = () => {};
	const subshellStarted = new Promise<void>((done) => {
		begin = done;
	});
	const model = new FakeModel({ widget_id: "one", snapshot: {} });
	const comm = { jsServicesComm: { subshellStarted, commsOverSubshells: "perCommTarget" } };
	model.widget_manager = {
		kernel: { supportsSubshells: true },
		get_model: async () => ({ comm }),
	};
	const close = widget.initialize({ model });
	await vi.advanceTimersByTimeAsync(1000);
	expect(model.sent).toEqual([]);
	begin();
	await vi.advanceTimersByTimeAsync(1);
	expect(model.sent).toEqual([{ t: "sync", have: -1 }]);
	close?.();
	vi.useRealTimers();
});

describe("the widget of a map", () => {
	let model: FakeModel;
	let open: () => { el: HTMLElement; find(selector: string): HTMLElement };

	beforeEach(() => {
		vi.useFakeTimers(CLOCK);
		const whole = { ...totals, total: 3, cells: "dd3", prompts: ["a", "b", "c"], texts: {} };
		model = new FakeModel({ widget_id: "map", snapshot: { seq: 1, state: whole as never } });
		widget.initialize({ model });
		open = () => {
			const el = document.body.appendChild(document.createElement("div"));
			widget.render({ model, el });
			return { el, find: (selector) => el.querySelector(selector) as HTMLElement };
		};
	});

	afterEach(() => {
		vi.useRealTimers();
		vi.unstubAllGlobals();
		document.body.replaceChildren();
	});

	const frame = () => vi.advanceTimersByTimeAsync(20);
	const answer = { t: "opened", at: 0, prompt: "a", widget: "w", text: "plain", error: "" };

	test("shows an answer that is open in each view by its widget", async () => {
		const create_view = async () => {
			const el = document.createElement("div");
			el.textContent = "drawn";
			return { el, remove: () => el.remove() };
		};
		model.widget_manager = { get_model: async () => ({}), create_view } as never;
		const one = open();
		one.find(".nbstream-cell").click();
		model.say(answer);
		await frame();
		expect(one.find(".nbstream-pane-body").textContent).toBe("drawn");
		const two = open();
		await frame();
		expect(two.find(".nbstream-pane-body").textContent).toBe("drawn");
	});

	test("has its error read out when there is one", async () => {
		const { el } = open();
		const alert = () => el.querySelector("[role=alert]:not([hidden])")?.textContent;
		expect(alert()).toBeUndefined();
		model.say({
			t: "map",
			seq: 2,
			state: { ...totals, status: "failed", error: "No.", cells: [] },
		});
		await frame();
		expect(alert()).toBe("No.");
	});

	test("gives the focus back to the cell when the answer is closed", async () => {
		const { find } = open();
		find(".nbstream-cell:nth-child(2)").click();
		await frame();
		find(".nbstream-pane-close").focus();
		find(".nbstream-pane-close").click();
		await frame();
		expect(find(".nbstream-pane").hidden).toBe(true);
		expect(document.activeElement).toBe(find(".nbstream-cell:nth-child(2)"));
	});

	test("closes an answer at an Escape that nothing in it has used", async () => {
		const { find } = open();
		find(".nbstream-cell").click();
		await frame();
		const key = () =>
			new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
		const used = key();
		used.preventDefault();
		find(".nbstream-pane-body").dispatchEvent(used);
		await frame();
		expect(find(".nbstream-pane").hidden).toBe(false);
		find(".nbstream-pane-body").dispatchEvent(key());
		await frame();
		expect(find(".nbstream-pane").hidden).toBe(true);
	});

	test("asks to stop until Python says that it has read it, whatever else comes", async () => {
		jupyter("/");
		const fetched = vi.fn(async () => ({ ok: true }));
		vi.stubGlobal("fetch", fetched);
		model.traits.kernel_id = "k";
		const { find } = open();
		find(".nbstream-stop").click();
		for (let seq = 2; seq < 8; seq++) {
			model.say({ t: "map", seq, state: { ...totals, cells: [] } });
			await vi.advanceTimersByTimeAsync(100);
		}
		expect(model.sent.filter((one) => (one as { t: string }).t === "stop")).toHaveLength(3);
		expect(fetched).toHaveBeenCalledOnce();
		find(".nbstream-stop").click();
		model.say({ t: "stopping" });
		await vi.advanceTimersByTimeAsync(1_000);
		expect(fetched).toHaveBeenCalledOnce();
	});
});
