import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import widget from "../src/main";
import { UNANSWERED_MS } from "../src/stop";
import { CLOCK, FakeModel, jupyter, state, status } from "./helpers";

let key = 0;
let calls: [string, RequestInit][];
let reply: () => Promise<{ ok: boolean }>;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	calls = [];
	reply = async () => ({ ok: true });
	vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
		calls.push([url, init]);
		return reply();
	});
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	document.body.replaceChildren();
});

function streaming(traits: object) {
	const model = new FakeModel({ widget_id: `stop${key++}`, ...traits });
	widget.initialize({ model });
	const el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
	model.delta(1, status("streaming"));
	vi.advanceTimersByTime(20);
	model.sent.length = 0;
	return { model, button: el.querySelector("button.nbstream-stop") as HTMLButtonElement };
}

test("sends a message, shows it, and the button is hidden after the stop", () => {
	jupyter("/user/ada/");
	const { model, button } = streaming({ kernel_id: "k" });
	button.click();
	vi.advanceTimersByTime(20);
	expect(model.sent).toEqual([{ t: "stop" }]);
	expect(button.textContent).toBe("Stopping…");
	model.delta(2, status("stopped"));
	vi.advanceTimersByTime(1000);
	expect(button.hidden).toBe(true);
	expect(calls).toEqual([]);
});

test("a kernel that does not answer is interrupted by the server", () => {
	jupyter("/user/ada/");
	// biome-ignore lint/suspicious/noDocumentCookie: it is where the token comes from
	document.cookie = "_xsrf=2%7Cabc";
	const { button } = streaming({ kernel_id: "k/1" });
	button.click();
	vi.advanceTimersByTime(UNANSWERED_MS - 1);
	expect(calls).toEqual([]);
	vi.advanceTimersByTime(2);
	expect(calls).toEqual([
		[
			"/user/ada/api/kernels/k%2F1/interrupt",
			{ method: "POST", headers: { "X-XSRFToken": "2|abc" } },
		],
	]);
});

test("two presses interrupt the kernel once; the base URL needs no slash at its end", () => {
	jupyter("/user/ada");
	const { button } = streaming({ kernel_id: "k" });
	button.click();
	button.click();
	vi.advanceTimersByTime(3 * UNANSWERED_MS);
	expect(calls.map(([url]) => url)).toEqual(["/user/ada/api/kernels/k/interrupt"]);
});

test("a removed widget cancels its request", () => {
	jupyter("/");
	const gone = new AbortController();
	const model = new FakeModel({ widget_id: `stop${key++}`, kernel_id: "k" });
	widget.initialize({ model, signal: gone.signal });
	const el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
	el.querySelector<HTMLElement>("button.nbstream-stop")?.click();
	const before = model.sent.length;
	gone.abort();
	vi.advanceTimersByTime(3 * UNANSWERED_MS);
	expect(model.sent).toHaveLength(before);
	expect(calls).toEqual([]);
});

test("a kernel that confirms the request is not interrupted", () => {
	jupyter("/");
	const { model, button } = streaming({ kernel_id: "k" });
	button.click();
	model.delta(2, status("streaming"));
	vi.advanceTimersByTime(1000);
	expect(calls).toEqual([]);
});

test("repeats the request, and a snapshot does not count as an answer", () => {
	jupyter("/");
	const { model, button } = streaming({ kernel_id: "k" });
	button.click();
	model.say({ t: "snap", seq: 9, state: state("streaming") });
	vi.advanceTimersByTime(200);
	expect(model.sent).toEqual([{ t: "stop" }, { t: "stop" }]);
	expect(calls).toEqual([]);
	vi.advanceTimersByTime(UNANSWERED_MS);
	expect(calls).toHaveLength(1);
});

test("interrupts at once if the widget says so, and the tooltip tells", () => {
	jupyter("/");
	const { model, button } = streaming({ kernel_id: "k", stop_by: "interrupt" });
	expect(button.title).toContain("interrupting");
	button.click();
	expect(calls).toHaveLength(1);
	expect(model.sent).toEqual([]);
});

test("without a Jupyter page or a kernel to interrupt, only the message is sent", () => {
	const elsewhere = streaming({ kernel_id: "k", stop_by: "interrupt" });
	expect(elsewhere.button.title).toContain("keeps the answer");
	elsewhere.button.click();
	vi.advanceTimersByTime(1000);
	jupyter("/");
	const background = streaming({ kernel_id: "" });
	background.button.click();
	vi.advanceTimersByTime(1000);
	expect(elsewhere.model.sent).toEqual(Array(3).fill({ t: "stop" }));
	expect(background.model.sent).toEqual(Array(3).fill({ t: "stop" }));
	expect(calls).toEqual([]);
});

test("can be pressed again if the interrupt fails", async () => {
	jupyter("/");
	reply = async () => ({ ok: false });
	const { button } = streaming({ kernel_id: "k", stop_by: "interrupt" });
	button.click();
	await vi.advanceTimersByTimeAsync(20);
	expect(button.textContent).toBe("Stop");
});

test("the focus stays in the output when the button is hidden", () => {
	const { model, button } = streaming({});
	button.focus();
	model.delta(2, status("done"));
	vi.advanceTimersByTime(20);
	expect(document.activeElement?.className).toBe("nbstream-footer");
});

test("the focus goes to the new view when the notebook replaces the old one", () => {
	const { model, button } = streaming({});
	button.focus();
	button.click();
	model.delta(2, status("stopped"));
	document.body.replaceChildren();
	const el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
	vi.advanceTimersByTime(20);
	expect(el.contains(document.activeElement)).toBe(true);
});

describe("a press during which the view is moved or created again", () => {
	const fire = (target: EventTarget, type: string, init: PointerEventInit = {}) =>
		target.dispatchEvent(
			new PointerEvent(type, { bubbles: true, isPrimary: true, pointerId: 1, ...init }),
		);
	const type = (target: EventTarget, type: string, init: KeyboardEventInit = {}) =>
		target.dispatchEvent(new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init }));
	const asked = ({ sent }: FakeModel) => sent.filter((one) => (one as { t: string }).t === "stop");

	/** The host removes the view and renders another one of the same model. */
	function replaceView(model: FakeModel): HTMLButtonElement {
		document.querySelector(".nbstream")?.parentElement?.remove();
		const el = document.body.appendChild(document.createElement("div"));
		widget.render({ model, el });
		return el.querySelector("button.nbstream-stop") as HTMLButtonElement;
	}

	test.each([
		["mouse", { pointerType: "mouse" }],
		["a finger", { pointerType: "touch" }],
		["a pen", { pointerType: "pen" }],
	])("counts by %s, wherever it ends, once", (_, pointer) => {
		const { model, button } = streaming({});
		fire(button, "pointerdown", pointer);
		const next = replaceView(model);
		fire(document, "pointerup", pointer);
		expect(asked(model)).toHaveLength(1);
		vi.advanceTimersByTime(20);
		expect(next.textContent).toBe("Stopping…");
		// Some browsers send the click to the element at that position.
		fire(next, "click", { ...pointer, detail: 1 });
		expect(asked(model)).toHaveLength(1);
	});

	test.each(["Enter", " "])("counts by the key '%s', once, however long it is held", (key) => {
		jupyter("/");
		const { model, button } = streaming({ kernel_id: "k", stop_by: "interrupt" });
		expect(type(button, "keydown", { key }), "no click follows").toBe(false);
		const next = replaceView(model);
		next.focus();
		for (let i = 0; i < 9; i++) type(next, "keydown", { key, repeat: true });
		expect(type(next, "keyup", { key }), "no click follows").toBe(false);
		expect(calls).toHaveLength(1);
	});

	test("the click at the end of a long press requests nothing again", async () => {
		jupyter("/");
		const { button } = streaming({ kernel_id: "k", stop_by: "interrupt" });
		fire(button, "pointerdown", { pointerType: "mouse" });
		await vi.advanceTimersByTimeAsync(5_000);
		fire(button, "pointerup", { pointerType: "mouse" });
		fire(button, "click", { detail: 1 });
		expect(calls).toHaveLength(1);
		fire(button, "pointerdown", { pointerType: "mouse" });
		expect(calls, "another press is one").toHaveLength(2);
	});

	test("the request continues when its view is removed", () => {
		jupyter("/");
		const { model, button } = streaming({ kernel_id: "k" });
		fire(button, "pointerdown", { pointerType: "mouse" });
		replaceView(model);
		vi.advanceTimersByTime(UNANSWERED_MS + 1);
		expect(asked(model)).toHaveLength(3);
		expect(calls).toHaveLength(1);
	});

	test.each([
		["the right button", { pointerType: "mouse", button: 2 }],
		["the middle button", { pointerType: "mouse", button: 1 }],
		["a Mac's context menu", { pointerType: "mouse", ctrlKey: true }],
		["a second finger", { pointerType: "touch", isPrimary: false }],
	])("does not count by %s", (_, pointer) => {
		const { model, button } = streaming({});
		fire(button, "pointerdown", pointer);
		fire(button, "pointerup", pointer);
		expect(asked(model)).toHaveLength(0);
	});

	test("a finger that scrolls the page does not count", () => {
		const { model, button } = streaming({});
		fire(button, "pointerdown", { pointerType: "touch" });
		fire(button, "pointercancel", { pointerType: "touch" });
		fire(document, "pointerup", { pointerType: "touch" });
		expect(asked(model)).toHaveLength(0);
	});

	test("ends with the finger that began it", () => {
		const { model, button } = streaming({});
		fire(button, "pointerdown", { pointerType: "touch" });
		fire(document, "pointerup", { pointerType: "touch", pointerId: 2, isPrimary: false });
		expect(asked(model)).toHaveLength(0);
		fire(document, "pointerup", { pointerType: "touch" });
		expect(asked(model)).toHaveLength(1);
	});

	test("requests nothing after the end of the answer or of the widget", () => {
		jupyter("/");
		const ended = streaming({ kernel_id: "k", stop_by: "interrupt" });
		fire(ended.button, "pointerdown", { pointerType: "touch" });
		ended.model.delta(2, status("done"));
		fire(document, "pointerup", { pointerType: "touch" });
		const gone = new AbortController();
		const model = new FakeModel({ widget_id: `stop${key++}` });
		widget.initialize({ model, signal: gone.signal });
		const el = document.body.appendChild(document.createElement("div"));
		widget.render({ model, el });
		const button = el.querySelector("button.nbstream-stop") as HTMLElement;
		fire(button, "pointerdown", { pointerType: "touch" });
		gone.abort();
		fire(document, "pointerup", { pointerType: "touch" });
		expect(asked(ended.model)).toHaveLength(0);
		expect(asked(model)).toHaveLength(0);
		expect(calls).toHaveLength(0);
	});

	test("a script's click counts, also after a press whose click was lost", async () => {
		const { model, button } = streaming({});
		fire(button, "pointerdown", { pointerType: "mouse" });
		model.delta(2, status("streaming"));
		vi.advanceTimersByTime(UNANSWERED_MS);
		button.click();
		expect(asked(model)).toHaveLength(2);
	});
});
