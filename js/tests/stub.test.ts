import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CLOCK, FakeModel } from "./helpers";

const HASH = "__NBSTREAM_HASH__";
const NAME = Symbol.for("nbstream.modules");
const SOURCE = `
export default {
	initialize({ model, early }) { globalThis.log.push(["initialize", model.get("widget_id"), early.length]); },
	render({ el }) { el.append("painted"); },
};`;

const page = globalThis as unknown as Record<symbol | string, unknown>;

/** Every widget imports its own copy of the stub, as anywidget does. */
async function stub() {
	vi.resetModules();
	return (await import("../src/stub")).default;
}

beforeEach(() => {
	delete page[NAME];
	page.log = [];
	vi.useFakeTimers(CLOCK);
	// Node cannot import a blob: URL; a data: URL says the same.
	vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
		const source = (blob as unknown as { source: string }).source;
		return `data:text/javascript,${encodeURIComponent(source)}`;
	});
	vi.stubGlobal(
		"Blob",
		class {
			source: string;
			constructor([source]: string[]) {
				this.source = source ?? "";
			}
		},
	);
});

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

const give = (model: FakeModel, hash = HASH) => model.say({ t: "code", hash, source: SOURCE });

test("asks until the module arrives, returns at once, then passes everything on", async () => {
	const widget = await stub();
	const model = new FakeModel({ widget_id: "one" });
	widget.initialize({ model });
	model.delta(1, { kind: "text_start", index: 0 });
	vi.advanceTimersByTime(1000);
	expect(model.sent).toEqual([1, 2, 3].map(() => ({ t: "code", hash: HASH })));

	const el = document.createElement("div");
	const painting = widget.render({ model, el });
	expect(el.childNodes).toHaveLength(0);
	give(model, "another version");
	give(model);
	await painting;
	expect(page.log).toEqual([["initialize", "one", 1]]);
	expect(el.textContent).toBe("painted");
	vi.advanceTimersByTime(5000);
	expect(model.sent).toHaveLength(3);
	expect(model.listening).toBe(0);
});

test("all widgets of a page share one module", async () => {
	const [one, two] = [await stub(), await stub()];
	const [a, b] = [new FakeModel({ widget_id: "a" }), new FakeModel({ widget_id: "b" })];
	one.initialize({ model: a });
	two.initialize({ model: b });
	expect(b.sent).toEqual([]);
	give(a);
	await two.render({ model: b, el: document.createElement("div") });
	expect(page.log).toEqual([
		["initialize", "a", 0],
		["initialize", "b", 0],
	]);

	const late = new FakeModel({ widget_id: "late" });
	const three = await stub();
	three.initialize({ model: late });
	await three.render({ model: late, el: document.createElement("div") });
	vi.advanceTimersByTime(2000);
	expect(late.sent).toEqual([]);
});

test("stops asking when the kernel is gone, without an error", async () => {
	const widget = await stub();
	const model = new FakeModel({ widget_id: "one" });
	widget.initialize({ model });
	model.refuses = new Error("Cannot send");
	expect(() => vi.advanceTimersByTime(2000)).not.toThrow();
	expect(vi.getTimerCount()).toBe(0);
	// Another widget gets it.
	give(model);
	await widget.render({ model, el: document.createElement("div") });
	expect(page.log).toEqual([["initialize", "one", 0]]);
});

test("a widget that is removed before the module arrives leaves nothing behind", async () => {
	const widget = await stub();
	const model = new FakeModel();
	widget.initialize({ model })();
	vi.advanceTimersByTime(2000);
	expect(model.sent).toHaveLength(1);
	expect(model.listening).toBe(0);
});

test("a widget that anywidget has given up gets its messages all the same", async () => {
	const widget = await stub();
	for (const late of [false, true]) {
		const comm = { on_msg: vi.fn() };
		const trigger = vi.fn();
		const inner = {
			comm,
			trigger,
			_handle_comm_msg: async () => {
				if (late) throw new Error("Failed to initialize model.");
			},
		};
		const model = new FakeModel({ widget_id: "one" });
		model.widget_manager = { get_model: async () => inner };
		widget.initialize({ model });
		await vi.advanceTimersByTimeAsync(1);
		expect(comm.on_msg).toHaveBeenCalledTimes(late ? 1 : 0);
		if (!late) continue;
		comm.on_msg.mock.calls[0]?.[0]({ content: { data: { content: "news" } }, buffers: [] });
		expect(trigger).toHaveBeenCalledWith("msg:custom", "news", []);
	}
});
