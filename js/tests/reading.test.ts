import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import widget from "../src/main";
import type { Op } from "../src/wire-ops";
import { CLOCK, FakeModel, state, status } from "./helpers";

let key = 0;
let seq = 0;
let model: FakeModel;
let el: HTMLElement;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	seq = 0;
	const snapshot = { seq: 0, state: { ...state("waiting"), elapsed: 0, messages: [] } };
	model = new FakeModel({ widget_id: `reading${key++}`, snapshot });
	widget.initialize({ model });
	el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
});

afterEach(() => {
	vi.useRealTimers();
	document.body.replaceChildren();
});

const tell = (...ops: Op[]) => {
	model.delta(++seq, ...ops);
	vi.advanceTimersByTime(20);
};
const find = (selector: string) => el.querySelector<HTMLElement>(selector);
const read = (selector: string) => find(selector)?.textContent ?? null;
const thinking = (chunk: string): Op => ({ kind: "thinking_delta", index: 0, chunk });

describe("the line that says what a cell waits for", () => {
	test("connecting, waiting and writing, each with its seconds", () => {
		expect(read(".nbstream-waiting-words")).toBe("Connecting to tiny…");
		vi.advanceTimersByTime(3_000);
		expect(read(".nbstream-waiting-time")).toBe("3 s");
		tell({ kind: "opened" });
		expect(read(".nbstream-waiting-words")).toBe("Waiting for tiny…");
		expect(read(".nbstream-waiting-time"), "since the start").toBe("3 s");
		tell({ kind: "stream_start" }, { kind: "text_start", index: 0 });
		expect(read(".nbstream-waiting-words")).toBe("Writing…");
		tell({ kind: "text_delta", index: 0, chunk: "words" });
		expect(find(".nbstream-waiting")).toBeNull();
	});

	test("it comes back when nothing has arrived for a moment, and goes at the end", () => {
		tell({ kind: "stream_start" }, { kind: "text_start", index: 0 });
		tell({ kind: "text_delta", index: 0, chunk: "words" });
		vi.advanceTimersByTime(3_000);
		expect(find(".nbstream-waiting")).toBeNull();
		vi.advanceTimersByTime(2_500);
		expect(read(".nbstream-waiting")).toBe("Writing… 5 s");
		tell({ kind: "text_end", index: 0 });
		expect(find(".nbstream-waiting")).toBeNull();
		vi.advanceTimersByTime(2_500);
		expect(read(".nbstream-waiting")).toBe("Waiting for tiny… 2 s");
		tell(status("done"));
		vi.advanceTimersByTime(9_000);
		expect(find(".nbstream-waiting")).toBeNull();
	});

	test("a heartbeat is no news: the line stays and counts on", () => {
		tell({ kind: "stream_start" }, { kind: "text_start", index: 0 });
		tell({ kind: "text_delta", index: 0, chunk: "words" });
		vi.advanceTimersByTime(5_500);
		const line = find(".nbstream-waiting");
		expect(line?.textContent).toBe("Writing… 5 s");
		model.say({ t: "beat", seq });
		vi.advanceTimersByTime(20);
		expect(find(".nbstream-waiting")).toBe(line);
		vi.advanceTimersByTime(2_000);
		expect(line?.textContent).toBe("Writing… 7 s");
	});
});

test("states are announced when they last, the end at once, and never the text", () => {
	expect(read("[role=status]")).toBe("");
	vi.advanceTimersByTime(1_500);
	expect(read("[role=status]")).toBe("Connecting to tiny");
	tell({ kind: "text_start", index: 0 }, { kind: "text_delta", index: 0, chunk: "words" });
	vi.advanceTimersByTime(1_500);
	expect(read("[role=status]")).toBe("Writing");
	tell({ kind: "text_delta", index: 0, chunk: " and more" });
	vi.advanceTimersByTime(1_500);
	expect(read("[role=status]")).toBe("Writing");
	tell(status("done"));
	expect(read("[role=status]")).toBe("The answer is complete");
});

describe("a pane that follows its end", () => {
	/** The pane with a height of its own, as a browser would lay it out. */
	const pane = (height: () => number) => {
		const found = find(".nbstream-scroll") as HTMLElement;
		Object.defineProperty(found, "scrollHeight", { get: height });
		Object.defineProperty(found, "clientHeight", { value: 100 });
		return found;
	};
	const scrollTo = (found: HTMLElement, top: number) => {
		found.scrollTop = top;
		found.dispatchEvent(new Event("scroll"));
	};

	test("stays where the reader went, and leads back by a button", () => {
		let height = 200;
		tell({ kind: "thinking_start", index: 0 }, thinking("a"));
		const found = pane(() => height);
		tell(thinking("\n\nb"));
		expect(found.scrollTop).toBe(200);
		scrollTo(found, 30);
		height = 300;
		tell(thinking("\n\nc"));
		expect(found.scrollTop).toBe(30);
		const latest = find(".nbstream-latest") as HTMLButtonElement;
		expect(latest.hidden).toBe(false);
		latest.click();
		expect(found.scrollTop).toBe(300);
		expect(latest.hidden).toBe(true);
		height = 400;
		tell(thinking("\n\nd"));
		expect(found.scrollTop).toBe(400);
	});

	test("is at its start, without the button, once it has closed", () => {
		tell({ kind: "thinking_start", index: 0 }, thinking("a"));
		const found = pane(() => 500);
		tell(thinking("\n\nb"));
		expect(found.scrollTop).toBe(500);
		tell({ kind: "thinking_end", index: 0 }, { kind: "text_start", index: 1 });
		vi.advanceTimersByTime(1_200);
		tell({ kind: "text_delta", index: 1, chunk: "words" });
		expect(found.scrollTop).toBe(0);
		expect(find(".nbstream-latest")?.hidden ?? true).toBe(true);
	});

	test("does not move under a pressed button", () => {
		let height = 200;
		tell({ kind: "thinking_start", index: 0 }, thinking("a"));
		const found = pane(() => height);
		tell(thinking("\n\nb"));
		found.dispatchEvent(new Event("pointerdown"));
		height = 300;
		tell(thinking("\n\nc"));
		expect(found.scrollTop).toBe(200);
		window.dispatchEvent(new Event("pointerup"));
		tell(thinking("\n\nd"));
		expect(found.scrollTop).toBe(300);
	});
});

test("Escape closes the pane around the focus, and it stays closed", () => {
	tell({ kind: "thinking_start", index: 0 }, thinking("a"));
	const details = find("details") as HTMLDetailsElement;
	expect(details.open).toBe(true);
	const scroll = find(".nbstream-scroll") as HTMLElement;
	scroll.focus();
	scroll.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
	expect(details.open).toBe(false);
	expect(document.activeElement?.localName).toBe("summary");
	tell(thinking("b"));
	expect(details.open).toBe(false);
});

test("plain keys on a control are its own, and those with Ctrl the host's", () => {
	const root = find(".nbstream") as HTMLElement;
	const stop = find(".nbstream-stop") as HTMLElement;
	const press = (init: KeyboardEventInit) => {
		stop.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, ...init }));
		return root.hasAttribute("data-lm-suppress-shortcuts");
	};
	expect(press({ key: "Enter" })).toBe(true);
	expect(press({ key: "s", ctrlKey: true })).toBe(false);
});
