import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Snapshot } from "../src/events";
import { SILENT_MS } from "../src/kernel";
import widget from "../src/main";
import { CLOCK, delta, FakeKernel, FakeModel, start, state, status, text } from "./helpers";

let key = 0;
let model: FakeModel;
let kernel: FakeKernel;
let el: HTMLElement;

const GONE = "The kernel ended before the answer did.";
const SILENT = "The kernel does not respond.";

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	model = new FakeModel({ widget_id: `kernel${key++}` });
	kernel = new FakeKernel();
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	document.body.replaceChildren();
});

function open(): void {
	widget.initialize({ model });
	el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
}

/** An answer that has said "so far" and 2 s later is not over. */
function streaming(): void {
	open();
	model.delta(1, status("streaming", { elapsed: 1 }), start(), delta("so far"));
	vi.advanceTimersByTime(2000);
}

const frame = () => vi.advanceTimersByTime(20);
const read = (selector: string) => el.querySelector(selector)?.textContent ?? null;
const failure = () => read(".nbstream-error-title");
const button = () => el.querySelector("button.nbstream-stop") as HTMLButtonElement;
/** Promises of the host are kept. */
const settled = async () => {
	for (let i = 0; i < 5; i++) await Promise.resolve();
	frame();
};

function expectLost(title = GONE): void {
	expect(failure()).toBe(title);
	expect(el.querySelector<HTMLElement>(".nbstream")?.dataset.status).toBe("failed");
	expect(read(".nbstream-text")).toBe("so far");
	expect(button().hidden).toBe(true);
}

describe("where the host tells of its kernel", () => {
	beforeEach(() => {
		model.widget_manager = { kernel };
	});

	test.each(["restarting", "autorestarting", "starting", "dead"])(
		"%s ends the answer, keeps what had come and stops the clock",
		(word) => {
			streaming();
			kernel.becomes(word);
			frame();
			expectLost();
			expect(read(".nbstream-error")).toContain("Run the cell again");
			expect(read(".nbstream-elapsed")).toBe("3.0 s");
			model.sent.length = 0;
			vi.advanceTimersByTime(60_000);
			expect(read(".nbstream-elapsed")).toBe("3.0 s");
			expect(model.sent).toEqual([]);
		},
	);

	test.each(["idle", "busy", "connecting", "unknown"])("%s is no end", (word) => {
		streaming();
		kernel.becomes(word);
		frame();
		expect(failure()).toBeNull();
		expect(button().hidden).toBe(false);
	});

	test("a kernel that is shut down or changed for another one is gone", () => {
		streaming();
		kernel.disposed.emit();
		frame();
		expectLost();
	});

	test("an answer that is over stays as it is, and nothing is watched any more", () => {
		streaming();
		model.delta(2, status("done"));
		kernel.becomes("restarting");
		frame();
		expect(failure()).toBeNull();
		expect(el.querySelector<HTMLElement>(".nbstream")?.dataset.status).toBe("done");
		expect(kernel.watched).toBe(0);
	});

	test("nor is it of one that was over before", () => {
		model.traits.snapshot = { seq: 4, state: state("done", text("so far")) };
		open();
		expect(kernel.watched).toBe(0);
	});

	test("what was being asked for is asked for no more", () => {
		open();
		kernel.becomes("dead");
		model.sent.length = 0;
		vi.advanceTimersByTime(5000);
		expect(model.sent).toEqual([]);
	});

	test("nor is it when the model goes", () => {
		const gone = new AbortController();
		widget.initialize({ model, signal: gone.signal });
		expect(kernel.watched).toBe(2);
		gone.abort();
		expect(kernel.watched).toBe(0);
		expect(model.listening).toBe(0);
	});

	test("what was pressed and not heard does not interrupt the kernel that comes after", () => {
		const config = document.createElement("script");
		config.id = "jupyter-config-data";
		config.type = "application/json";
		config.textContent = '{"baseUrl": "/"}';
		document.body.append(config);
		const fetched = vi.fn(async () => ({ ok: true }));
		vi.stubGlobal("fetch", fetched);
		model.traits.kernel_id = "k";
		streaming();
		button().click();
		kernel.becomes("restarting");
		frame();
		expect(read(".nbstream-stop")).toBe("Stop");
		button().click();
		vi.advanceTimersByTime(5000);
		expect(fetched).not.toHaveBeenCalled();
	});
});

describe("whether the comm lives", () => {
	test("one that is cut ends the answer", async () => {
		streaming();
		model.commLive(false);
		await settled();
		expectLost();
	});

	test("one that lives does not", async () => {
		streaming();
		model.commLive(true);
		await settled();
		expect(failure()).toBeNull();
	});

	const saved: Snapshot = { seq: 4, state: state("streaming", text("so far")) };

	test("an answer restored from a file, without a kernel, says so at once", async () => {
		model.traits.snapshot = saved;
		model.commLive(false);
		open();
		await settled();
		expectLost();
		vi.advanceTimersByTime(60_000);
		expect(read(".nbstream-elapsed")).toBe("1.5 s");
	});

	test("the model is asked for by its key", async () => {
		const asked = vi.fn(async () => ({ comm_live: true }));
		model.widget_manager = { get_model: asked };
		open();
		await settled();
		expect(asked).toHaveBeenCalledWith(model.traits.widget_id);
		expect(failure()).toBeNull();
	});
});

describe("a host that throws", () => {
	test("when something is sent: that is the end, and no error of the page's", () => {
		streaming();
		model.refuses = new Error("Cannot send");
		button().click();
		frame();
		expectLost();
	});

	test("at once, before anything was heard", () => {
		model.traits.snapshot = { seq: 4, state: state("streaming", text("so far")) };
		model.refuses = new Error("Cannot send");
		open();
		frame();
		expectLost();
	});

	test("when it is asked about its kernel: then nothing is known of that", async () => {
		const no = () => {
			throw new Error("Not yet implemented");
		};
		model.widget_manager = {
			get kernel() {
				return no();
			},
			get_model: no,
		};
		streaming();
		await settled();
		expect(failure()).toBeNull();
		model.widget_manager = { get_model: async () => Promise.reject(new Error("no such model")) };
		model.commLive(true);
		await settled();
		expect(failure()).toBeNull();
	});
});

describe("silence", () => {
	const asked = () => model.sent.filter((one) => (one as { t: string }).t === "sync").length;

	test("after a question that nobody answers is the end, at the time of the last word", () => {
		streaming();
		const before = asked();
		vi.advanceTimersByTime(SILENT_MS - 6000);
		expect(asked()).toBe(before + 1);
		expect(failure()).toBeNull();
		vi.advanceTimersByTime(6000);
		expectLost(SILENT);
		expect(read(".nbstream-elapsed")).toBe("1.0 s");
		vi.advanceTimersByTime(10 * SILENT_MS);
		expect(asked()).toBe(before + 1);
	});

	test("is no silence while there is a beat, or an answer to the question", () => {
		streaming();
		for (let i = 0; i < 20; i++) {
			vi.advanceTimersByTime(SILENT_MS / 2);
			model.say({ t: "beat" });
		}
		vi.advanceTimersByTime(SILENT_MS - 6000);
		model.say({ t: "snap", seq: 1, state: state("streaming", text("so far")) });
		vi.advanceTimersByTime(SILENT_MS - 6000);
		expect(failure()).toBeNull();
	});

	test("says nothing of a kernel that is busy with code that lets nobody speak", () => {
		model.widget_manager = { kernel };
		streaming();
		vi.advanceTimersByTime(10 * SILENT_MS);
		expect(failure()).toBeNull();
		kernel.connectionStatus = "disconnected";
		vi.advanceTimersByTime(SILENT_MS);
		expectLost(SILENT);
	});

	test("of a kernel that was never heard means nothing: it may run another cell", () => {
		open();
		vi.advanceTimersByTime(10 * SILENT_MS);
		expect(failure()).toBeNull();
	});

	test("can be broken: the answer goes on where it was, with its clock", () => {
		streaming();
		vi.advanceTimersByTime(SILENT_MS);
		expectLost(SILENT);
		model.delta(2, delta(", and on"));
		frame();
		expect(failure()).toBeNull();
		expect(read(".nbstream-text")).toBe("so far, and on");
		expect(button().hidden).toBe(false);
		expect(Number.parseFloat(read(".nbstream-elapsed") ?? "")).toBeGreaterThan(SILENT_MS / 1000);
		model.delta(3, status("done", { elapsed: 40 }));
		frame();
		expect(read(".nbstream-elapsed")).toBe("40.0 s");
	});

	test("by a failure of Python's own, which is then shown", () => {
		streaming();
		vi.advanceTimersByTime(SILENT_MS);
		const error = { title: "Timed out", text: "", remedy: null };
		model.delta(2, status("failed", { error }));
		frame();
		expect(failure()).toBe("Timed out");
	});
});
