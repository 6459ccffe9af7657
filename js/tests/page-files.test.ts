import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CLOCK, delta, FakeModel, state, text } from "./helpers";

const HIGHLIGHT = "__NBSTREAM_HIGHLIGHT__";
const SOURCE = `export function highlight(code, source, language) {
	code.title = language + ": " + source;
}`;
const FENCE = "```python\nprint(1)\n```\n";

const page = globalThis as unknown as Record<symbol | string, unknown>;
let widget: typeof import("../src/main").default;
let key = 0;

beforeEach(async () => {
	delete page[Symbol.for("nbstream.modules")];
	vi.resetModules();
	widget = (await import("../src/main")).default;
	vi.useFakeTimers(CLOCK);
	// Node cannot import a blob: URL; a data: URL says the same.
	vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
		const { source } = blob as unknown as { source: string };
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
	document.body.replaceChildren();
});

/** A widget that shows an answer, its first code block, and what it has asked Python for. */
function show(answer: string) {
	const model = new FakeModel({ widget_id: `files${key++}` });
	model.traits.snapshot = { seq: 1, state: state("done", text(answer)) };
	const close = widget.initialize({ model });
	const el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
	const asked = () => model.sent.filter((sent) => (sent as { t: string }).t === "code");
	return { model, close, code: el.querySelector("code"), asked };
}

const request = { t: "code", hash: HIGHLIGHT };
const give = (model: FakeModel, hash = HIGHLIGHT) =>
	model.say({ ...request, hash, source: SOURCE });

describe("the highlighter", () => {
	test("is not asked for by an answer without code", () => {
		const { asked } = show("plain");
		vi.advanceTimersByTime(5_000);
		expect(asked()).toEqual([]);
	});

	test("is asked for once a page, and colours all code", async () => {
		const one = show(FENCE);
		const two = show(FENCE);
		expect([one.asked(), two.asked()]).toEqual([[request], []]);
		expect(one.code?.textContent).toBe("print(1)\n");
		give(one.model, "another version");
		give(one.model);
		await vi.waitFor(() => expect(two.code?.title).toBe("python: print(1)\n"));
		expect(one.code?.title).toBe("python: print(1)\n");
		const three = show(FENCE);
		await vi.waitFor(() => expect(three.code?.title).toBe("python: print(1)\n"));
		vi.advanceTimersByTime(100_000);
		expect([...two.asked(), ...three.asked()]).toEqual([]);
	});

	test("is asked for again, from another widget, while no answer comes", async () => {
		const [one, two] = [show("plain"), show(FENCE)];
		vi.advanceTimersByTime(500);
		expect([one.asked(), two.asked()]).toEqual([[request], [request]]);
		two.close?.();
		vi.advanceTimersByTime(1_000);
		expect(one.asked()).toHaveLength(2);
		give(one.model);
		await vi.waitFor(() => expect(two.code?.title).toBe("python: print(1)\n"));
		vi.advanceTimersByTime(1_000_000);
		expect(one.asked()).toHaveLength(2);
	});

	test("without a kernel the code stays as it is, until a new widget can ask", async () => {
		const one = show("plain");
		one.model.refuses = new Error("Cannot send");
		const two = show(FENCE);
		two.model.refuses = new Error("Cannot send");
		vi.advanceTimersByTime(1_000_000);
		expect(two.code?.textContent).toBe("print(1)\n");
		expect(two.code?.title).toBe("");
		const three = show("plain");
		expect(three.asked()).toEqual([request]);
		give(three.model);
		await vi.waitFor(() => expect(two.code?.title).toBe("python: print(1)\n"));
	});
});

test("source that was not asked for is not loaded", () => {
	give(show("plain").model);
	expect(URL.createObjectURL).not.toHaveBeenCalled();
});

test("a file that each change of an answer needs is asked for as one", () => {
	const model = new FakeModel({ widget_id: `files${key++}` });
	widget.initialize({ model });
	const [id, call] = ["r", "c"];
	model.delta(1, { kind: "requests", requests: [{ id, call, kind: "approval", tool: "weather" }] });
	for (let seq = 2; seq < 100; seq++) model.delta(seq, delta("word "));
	vi.advanceTimersByTime(4_000);
	const hashes = model.sent.filter((sent) => (sent as { hash?: string }).hash);
	expect(hashes).toHaveLength(4); // at once, and after 0.5, 1.5 and 3.5 s
});
