import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BUDGET_MS, inFrame } from "../src/frames";
import { CLOCK } from "./helpers";

let clock = 0;

beforeEach(() => {
	clock = 0;
	vi.useFakeTimers(CLOCK);
	vi.spyOn(performance, "now").mockImplementation(() => clock);
});

afterEach(() => {
	vi.advanceTimersByTime(100);
	vi.restoreAllMocks();
	vi.useRealTimers();
});

/** Lets one frame pass; returns what was drawn in it. */
function frame(drawn: string[]): string {
	vi.advanceTimersToNextFrame();
	return drawn.splice(0).join(" ");
}

test("views share the time of a frame, and take turns", () => {
	const drawn: string[] = [];
	const views = ["a", "b", "c", "d"].map((name) => () => {
		drawn.push(name);
		clock += BUDGET_MS / 2 + 1; // two views are more than a frame has time for
	});
	for (const view of views) inFrame(view);
	expect(frame(drawn)).toBe("a b");
	for (const view of views) inFrame(view); // more text for all
	expect(frame(drawn), "first what has waited longest").toBe("c d");
	expect(frame(drawn)).toBe("a b");
	expect(frame(drawn), "and nothing twice").toBe("");
});

test("a view is drawn once a frame, also if it asks again meanwhile", () => {
	const drawn: string[] = [];
	const view = () => {
		drawn.push("a");
		if (clock++ < 2) inFrame(view);
	};
	inFrame(view);
	inFrame(view);
	expect(frame(drawn)).toBe("a");
	expect(frame(drawn)).toBe("a");
	expect(frame(drawn)).toBe("a");
	expect(frame(drawn)).toBe("");
});

test("a view that fails does not keep the others from drawing", () => {
	const drawn: string[] = [];
	inFrame(() => {
		throw new Error("broken");
	});
	inFrame(() => drawn.push("b"));
	expect(() => frame(drawn)).toThrow("broken");
	expect(frame(drawn)).toBe("b");
});
