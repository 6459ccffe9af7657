import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SILENT_MS } from "../src/kernel";
import widget from "../src/main";
import type { Snapshot } from "../src/wire-state";
import {
	CLOCK,
	delta,
	FakeKernel,
	FakeModel,
	jupyter,
	start,
	state,
	status,
	text,
} from "./helpers";

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

/** Opens an answer that has sent "so far", and waits 2 s. */
function streaming(): void {
	open();
	model.delta(1, status("streaming", { elapsed: 1 }), start(), delta("so far"));
	vi.advanceTimersByTime(2000);
}

const frame = () => vi.advanceTimersByTime(20);
const read = (selector: string) => el.querySelector(selector)?.textContent ?? null;
const failure = () => read(".nbstream-error-title");
const button = () => el.querySelector("button.nbstream-stop") as HTMLButtonElement;
/** Lets the host's promises resolve. */
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

describe("a host that reports the kernel's status", () => {
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

	test.each(["idle", "busy", "connecting", "unknown"])("%s does not end the answer", (word) => {
		streaming();
		kernel.becomes(word);
		frame();
		expect(failure()).toBeNull();
		expect(button().hidden).toBe(false);
	});

	test("a kernel that is shut down is gone", () => {
		streaming();
		kernel.disposed.emit();
		frame();
		expectLost();
	});

	test("a finished answer stays as it is, and the kernel is not watched any more", () => {
		streaming();
		model.delta(2, status("done"));
		kernel.becomes("restarting");
		frame();
		expect(failure()).toBeNull();
		expect(el.querySelector<HTMLElement>(".nbstream")?.dataset.status).toBe("done");
		expect(kernel.watched).toBe(0);
	});

	test("a lost connection is said at once, and the answer goes on when it is back", () => {
		streaming();
		kernel.connects("connecting");
		frame();
		expect(read(".nbstream-waiting-words")).toBe("Reconnecting…");
		kernel.connects("connected");
		frame();
		expect(read(".nbstream-waiting-words")).toBeNull();
		model.delta(2, delta(", and more"));
		frame();
		expect(read(".nbstream-text")).toBe("so far, and more");
	});

	test("a connection that the host gives up, or closes with its notebook, is no ended kernel", () => {
		streaming();
		kernel.connects("disconnected");
		frame();
		expectLost(SILENT);
		model.delta(2, delta(", and more"));
		frame();
		expect(failure()).toBeNull();
		model.widget_manager = { kernel, context: { isDisposed: true } };
		kernel.disposed.emit();
		frame();
		expect(failure()).toBe(SILENT);
		kernel.becomes("dead");
		frame();
		expect(failure()).toBe(GONE);
	});

	test("what the model was thinking goes on when the connection is back", () => {
		open();
		const thought = (chunk: string) => ({ kind: "thinking_delta", index: 0, chunk });
		model.delta(1, status("streaming"), { kind: "thinking_start", index: 0 }, thought("hm"));
		frame();
		kernel.connects("disconnected");
		frame();
		model.delta(2, thought(", yes"));
		frame();
		expect(read(".nbstream-thinking summary")).toBe("Thinking…");
		const shown = el.querySelector(".nbstream-thinking-text p");
		model.delta(3, thought(", or no"));
		frame();
		expect(shown?.isConnected).toBe(true);
		expect(shown?.textContent).toBe("hm, yes, or no");
	});

	test("a wait is told again when the connection is back", () => {
		streaming();
		kernel.connects("disconnected");
		frame();
		model.delta(2, delta(", and more"));
		vi.advanceTimersByTime(6_000);
		expect(read(".nbstream-waiting")).toBe("Writing… 5 s");
	});

	test("the kernel of an answer that was finished before is not watched", () => {
		model.traits.snapshot = { seq: 4, state: state("done", text("so far")) };
		open();
		expect(kernel.watched).toBe(0);
	});

	test("the page stops asking for missing messages", () => {
		open();
		kernel.becomes("dead");
		model.sent.length = 0;
		vi.advanceTimersByTime(5000);
		expect(model.sent).toEqual([]);
	});

	test("the page stops watching when the widget is removed", () => {
		const gone = new AbortController();
		widget.initialize({ model, signal: gone.signal });
		expect(kernel.watched).toBe(3);
		gone.abort();
		expect(kernel.watched).toBe(0);
		expect(model.listening).toBe(0);
	});

	test("a Stop that the old kernel did not receive does not interrupt the new one", () => {
		jupyter("/");
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

describe("whether the comm is alive", () => {
	test("a dead comm ends the answer", async () => {
		streaming();
		model.commLive(false);
		await settled();
		expectLost();
	});

	test("a live comm does not", async () => {
		streaming();
		model.commLive(true);
		await settled();
		expect(failure()).toBeNull();
	});

	const saved: Snapshot = { seq: 4, state: state("streaming", text("so far")) };

	test("an unfinished answer restored from a file says at once that its kernel is gone", async () => {
		model.traits.snapshot = saved;
		model.commLive(false);
		open();
		await settled();
		expectLost();
		vi.advanceTimersByTime(60_000);
		expect(read(".nbstream-elapsed")).toBe("1.5 s");
	});

	test("the model is looked up by its widget id", async () => {
		const asked = vi.fn(async () => ({ comm_live: true }));
		model.widget_manager = { get_model: asked };
		open();
		await settled();
		expect(asked).toHaveBeenCalledWith(model.traits.widget_id);
		expect(failure()).toBeNull();
	});
});

describe("a host that throws", () => {
	test("on send: the answer ends, and the page has no error", () => {
		streaming();
		model.refuses = new Error("Cannot send");
		button().click();
		frame();
		expectLost();
	});

	test("on the first send", () => {
		model.traits.snapshot = { seq: 4, state: state("streaming", text("so far")) };
		model.refuses = new Error("Cannot send");
		open();
		frame();
		expectLost();
	});

	test("when its kernel is read: the kernel counts as unknown", async () => {
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

	test("ends the answer after an unanswered question, at the time of the last message", () => {
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

	test("does not count while heartbeats or answers arrive", () => {
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

	test("does not count while the kernel is busy", () => {
		model.widget_manager = { kernel };
		streaming();
		vi.advanceTimersByTime(10 * SILENT_MS);
		expect(failure()).toBeNull();
		kernel.connectionStatus = "disconnected";
		vi.advanceTimersByTime(SILENT_MS);
		expectLost(SILENT);
	});

	test("does not count before the first message, as the kernel may run another cell", () => {
		open();
		vi.advanceTimersByTime(10 * SILENT_MS);
		expect(failure()).toBeNull();
	});

	test("can end: the answer and its clock continue", () => {
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

	test("can end with an error from Python, which is shown", () => {
		streaming();
		vi.advanceTimersByTime(SILENT_MS);
		const error = { title: "Timed out", text: "", remedy: null };
		model.delta(2, status("failed", { error }));
		frame();
		expect(failure()).toBe("Timed out");
	});
});
