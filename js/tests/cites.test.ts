/** The numbers of cited sources in the text of an answer, and the rows that they lead to. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import widget from "../src/main";
import type { WireSource } from "../src/wire-values";
import { CLOCK, FakeModel, state, status } from "./helpers";

let key = 0;
let model: FakeModel;
let seq = 0;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	model = new FakeModel({ widget_id: `cites${key++}` });
	seq = 0;
});

afterEach(() => {
	vi.useRealTimers();
	document.body.replaceChildren();
});

function show(): HTMLElement {
	const el = document.body.appendChild(document.createElement("div"));
	widget.render({ model, el });
	return el;
}

function begin(): HTMLElement {
	widget.initialize({ model });
	return show();
}

function tell(...ops: unknown[]): void {
	model.delta(++seq, ...ops);
	vi.advanceTimersByTime(20);
}

const start = (index: number) => ({ kind: "text_start", index });
const text = (index: number, chunk: string) => ({ kind: "text_delta", index, chunk });
const end = (index: number) => ({ kind: "text_end", index });
const cite = (index: number, citation: WireSource) => ({ kind: "citation", index, citation });
const A = { url: "https://a.example/", title: "A" };
const B = { url: "https://b.example/", title: "B" };

const read = (el: HTMLElement) => el.querySelector(".nbstream-text")?.textContent;

describe("the number of a citation", () => {
	test("of a whole part comes at its end, before or after its text", () => {
		const el = begin();
		tell(
			start(0),
			text(0, "Rain "),
			end(0),
			start(1),
			cite(1, { ...A, start: 0 }),
			text(1, "falls"),
		);
		expect(read(el)).toBe("Rain falls");
		tell(end(1), start(2), text(2, ", and "), end(2));
		tell(
			start(3),
			text(3, "snow"),
			cite(3, { ...B, start: 0 }),
			cite(3, { ...A, start: 0 }),
			end(3),
		);
		tell(start(4), text(4, " too."), end(4), status("done"));
		expect(read(el)).toBe("Rain falls[1], and snow[1][2] too.");
	});

	test("with an end comes there, however late, and counts characters", () => {
		const el = begin();
		tell(start(0), text(0, "🎉 Ja **doch"), text(0, "**. Nein."));
		tell(cite(0, { ...A, start: 2, end: 4 }), cite(0, { ...B, start: 0, end: 12 }));
		tell(end(0), status("done"));
		expect(read(el)).toBe("🎉 Ja[1] doch[2]. Nein.");
		expect(el.querySelector("strong")?.textContent).toBe("doch");
	});

	test("beyond the text waits for the end of its part", () => {
		const el = begin();
		tell(start(0), text(0, "One"), cite(0, { ...A, start: 0, end: 7 }), cite(0, { ...B, end: 99 }));
		expect(read(el)).toBe("One");
		tell(text(0, " two three"));
		tell(end(0), status("done"));
		expect(read(el)).toBe("One two[1] three[2]");
	});

	test("without a place is only in the list", () => {
		const el = begin();
		tell(start(0), text(0, "One"), cite(0, A), cite(0, { ...B, end: 0 }), end(0), status("done"));
		expect(read(el)).toBe("One");
		expect(el.querySelectorAll(".nbstream-sources li")).toHaveLength(2);
		expect(el.querySelectorAll(".nbstream-linked")).toHaveLength(1);
	});

	test("is the same from a snapshot, and after one", () => {
		const parts = [
			{ kind: "text", text: "One", citations: [{ ...A, start: 0 }] },
			{ kind: "text", text: " two", citations: [{ ...B, start: 0, end: 2 }] },
		];
		const el = begin();
		tell(start(0), text(0, "One"), cite(0, { ...A, start: 0 }), end(0));
		model.sync({ seq: 9, state: state("done", ...(parts as never[])) });
		vi.advanceTimersByTime(20);
		expect(read(show())).toBe("One[1] t[2]wo");
		expect(read(el)).toBe("One[1] t[2]wo");
	});

	test("says the source and the quotation in its title, without hidden characters", () => {
		const el = begin();
		const evil = {
			url: "https://a.example/",
			title: "\u202eevil",
			cited_text: "said <b>",
			start: 0,
		};
		tell(start(0), text(0, "One"), cite(0, evil), end(0), status("done"));
		const mark = el.querySelector<HTMLElement>(".nbstream-cite");
		expect(mark?.title).toBe("⟨U+202E⟩evil\na.example\n“said <b>”");
		expect(mark?.getAttribute("href")).toBeNull();
	});

	test("leads to its row, and the row back to it", () => {
		const el = begin();
		const citations = [
			cite(0, { ...A, end: 1 }),
			cite(0, { ...B, end: 2 }),
			cite(0, { ...A, end: 3 }),
		];
		tell(start(0), text(0, "abc"), ...citations, end(0), status("done"));
		const marks = el.querySelectorAll<HTMLElement>(".nbstream-cite");
		const rows = el.querySelectorAll<HTMLElement>(".nbstream-sources li");
		el.querySelector<HTMLDetailsElement>(".nbstream-sources")?.removeAttribute("open");
		marks[2]?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
		expect(document.activeElement).toBe(rows[0]);
		expect(el.querySelector(".nbstream-sources")?.hasAttribute("open")).toBe(true);
		rows[0]?.querySelector<HTMLElement>(".nbstream-source-number")?.click();
		expect(document.activeElement).toBe(marks[2]);
		rows[1]?.querySelector<HTMLElement>(".nbstream-source-number")?.click();
		expect(document.activeElement).toBe(marks[1]);
	});

	test("is not part of the text that is copied", async () => {
		const el = begin();
		const write = vi.fn(async () => {});
		vi.stubGlobal("navigator", { clipboard: { writeText: write } });
		tell(start(0), text(0, "**One**"), cite(0, { ...A, start: 0 }), end(0), start(1));
		expect(el.querySelector<HTMLElement>(".nbstream-copy")?.hidden).toBe(true);
		tell(text(1, " two"), end(1), status("done"));
		el.querySelector<HTMLElement>(".nbstream-copy")?.click();
		expect(write).toHaveBeenCalledWith("**One** two");
		vi.unstubAllGlobals();
		await vi.waitFor(() =>
			expect(el.querySelector(".nbstream-live-region")?.textContent).toBe("Copied"),
		);
	});
});

describe("an error", () => {
	test("that is long is folded, and nothing of it is lost", () => {
		const el = begin();
		const long = Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n");
		tell(
			start(0),
			text(0, "Partial"),
			status("failed", { error: { title: "T", text: long, remedy: "R" } }),
		);
		expect(read(el)).toBe("Partial");
		const box = el.querySelector(".nbstream-error-text");
		const whole = `${box?.firstChild?.textContent?.slice(0, -1)}\n${box?.querySelector(".nbstream-disclosure-pane")?.textContent}`;
		expect(whole).toBe(long);
	});
});

describe("the footer", () => {
	test("has the first token, the speed, the cost and the turn of a chat", () => {
		const el = begin();
		const turn: [string, string] = ["turn 2 of trip, with 1 earlier turn", "Sent: ..."];
		const measured = { first_token: 0.62, tokens_per_second: 41.6, cost: "$0.0032", turn };
		tell(start(0), text(0, "x"), end(0), status("done", measured));
		const words = [...el.querySelectorAll(".nbstream-footer > span")].map(
			(word) => word.textContent,
		);
		expect(words.filter(Boolean)).toEqual([
			"local/tiny",
			"2.0 s",
			"first token after 0.6 s",
			"42 tokens/s",
			"$0.0032",
			turn[0],
		]);
		expect(el.querySelector<HTMLElement>(".nbstream-turn")?.title).toBe(turn[1]);
	});

	test("says of a replay that it cost nothing, in place of a time that is not the model's", () => {
		const el = begin();
		const replayed: [string, string] = ["replayed at no cost", "Nothing was sent"];
		tell(start(0), text(0, "x"), end(0), status("done", { replayed, cost: null }));
		const words = [...el.querySelectorAll<HTMLElement>(".nbstream-footer > span")];
		const shown = words.filter((word) => word.textContent);
		expect(shown.map((word) => word.textContent)).toEqual(["local/tiny", replayed[0]]);
		expect(shown[1]?.title).toBe(replayed[1]);
	});
});
