import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMarkdown } from "../render";
import type { Listener } from "../src/anywidget";
import widget from "../src/main";
import { CLOCK, delta, FakeModel, start, state, status, text } from "./helpers";

let key = 0;
let model: FakeModel;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	model = new FakeModel({ widget_id: String(key++) });
});

afterEach(() => {
	vi.useRealTimers();
	document.body.replaceChildren();
});

/** A new output in the page, and ways to read it. */
function show(signal?: AbortSignal) {
	const el = document.body.appendChild(document.createElement("div"));
	const close = widget.render({ model, el, signal });
	const find = (selector: string) => el.querySelector<HTMLElement>(selector);
	return {
		el,
		close,
		find,
		read: (selector: string) => find(selector)?.textContent ?? null,
		status: () => find(".nbstream")?.dataset.status,
	};
}

const SAMPLE = `# Lighthouses

The lamp is **lit** at \`dusk\`: <b>&amp;</b> \u202e

- one
- two

\`\`\`
print(1)
\`\`\`
`;

/** The HTML that a new renderer makes of a text. */
function drawn(text: string, ended = false): string {
	const el = document.createElement("div");
	const markdown = createMarkdown(el);
	markdown.push(text);
	if (ended) markdown.end();
	else markdown.render();
	return el.innerHTML;
}

const frame = () => vi.advanceTimersByTime(20);
/** A view that the host takes away may move to another place before its task ends. */
const gone = () => Promise.resolve();

describe("one answer, any number of views", () => {
	test("text appears as it arrives, as Markdown", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, status("streaming"), start());
		for (const [i, char] of [...SAMPLE].entries()) {
			model.delta(i + 2, delta(char));
			frame();
			expect(view.find(".nbstream-text")?.innerHTML).toBe(drawn(SAMPLE.slice(0, i + 1)));
		}
		model.delta(1000, status("done"));
		model.say({ t: "snap", seq: 1001, state: state("done", text(SAMPLE)) });
		frame();
		expect(view.find(".nbstream-text")?.innerHTML).toBe(drawn(SAMPLE, true));
		expect(view.read(".nbstream-text strong")).toBe("lit");
		expect(view.read(".nbstream-text p")).toContain("<b>&</b>");
	});

	test("a text too long for one frame is drawn over several", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, start(), delta("A line.\n\n".repeat(5_000)));
		frame();
		expect(view.find(".nbstream-text")?.querySelectorAll("p").length).toBeLessThan(5_000);
		for (let i = 0; i < 100; i++) frame();
		expect(view.find(".nbstream-text")?.querySelectorAll("p")).toHaveLength(5_000);
	});

	test("the waiting line stays until there is something to see", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, start(), delta("# "));
		frame();
		expect(view.find(".nbstream-waiting")).not.toBeNull();
		expect(view.find(".nbstream-text")).toHaveProperty("hidden", true);
		model.delta(2, delta("S"));
		frame();
		expect(view.find(".nbstream-waiting")).toBeNull();
		expect(view.find(".nbstream-text")).toHaveProperty("hidden", false);
		expect(view.read(".nbstream-text h1")).toBe("S");
	});

	test("a user's message and a refusal are shown as they were written", () => {
		widget.initialize({ model });
		const view = show();
		const asked = { role: "user", parts: [text("**a**\n\n  b")] };
		model.delta(1, { kind: "message", message: 0, ...asked });
		model.delta(2, { kind: "refusal_delta", message: 1, index: 0, chunk: "**no**" });
		frame();
		expect(view.read(".nbstream-prompt")).toBe("**a**\n\n  b");
		expect(view.read(".nbstream-refusal-text")).toBe("**no**");
	});

	test("a late view shows everything at once, before the next frame", () => {
		widget.initialize({ model });
		model.delta(1, status("streaming"), start(), delta("so far"));
		expect(show().read(".nbstream-text")).toBe("so far");
	});

	test("two views show the same, and one can be removed alone", async () => {
		widget.initialize({ model });
		const [one, two] = [show(), show()];
		model.delta(1, start(), delta("a"));
		frame();
		one.close?.();
		await gone();
		model.delta(2, delta("b"));
		frame();
		expect(one.find(".nbstream")).toBeNull();
		expect(two.read(".nbstream-text")).toBe("ab");
	});

	test("messages that arrived before the module are not lost", () => {
		const early: Parameters<Listener>[] = [[{ t: "d", seq: 1, ops: [start(), delta("early")] }]];
		widget.initialize({ model, early });
		expect(show().read(".nbstream-text")).toBe("early");
		expect(model.sent).toHaveLength(1);
	});

	test("nor are their buffers", () => {
		const whole = new DataView(new TextEncoder().encode("whole").buffer);
		const file = { kind: "file", index: 0, media_type: "text/plain", size: 5, data: 0 };
		const message = { t: "d", seq: 1, ops: [file] } as never;
		widget.initialize({ model, early: [[message, [whole]]] });
		expect(file.data).toBe(whole);
	});

	test("a second model of the same widget replaces the first", () => {
		widget.initialize({ model });
		const next = new FakeModel({ widget_id: model.traits.widget_id });
		widget.initialize({ model: next });
		expect(model.listening).toBe(0);
		expect(next.listening).toBeGreaterThan(0);
	});

	test("a restored answer is shown at once and asks for nothing", () => {
		model.traits.snapshot = { seq: 7, state: state("done", text("kept")) };
		widget.initialize({ model });
		const view = show();
		expect(view.read(".nbstream-text")).toBe("kept");
		expect(view.read(".nbstream-elapsed")).toBe("1.5 s");
		expect(model.sent).toEqual([]);
	});

	test("a changed snapshot trait is painted", () => {
		widget.initialize({ model });
		const view = show();
		model.sync({ seq: 3, state: state("done", text("from the trait")) });
		frame();
		expect(view.read(".nbstream-text")).toBe("from the trait");
	});

	test("painted nodes are kept", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, start(), delta("Hello"));
		frame();
		const node = view.find(".nbstream-text p")?.firstChild;
		model.delta(4, delta("."));
		model.say({ t: "snap", seq: 3, state: state("streaming", text("Hello, world")) });
		frame();
		expect(view.find(".nbstream-text p")?.firstChild).toBe(node);
		expect(view.read(".nbstream-text")).toBe("Hello, world.");
	});

	test("a removed view is not painted", async () => {
		widget.initialize({ model });
		model.delta(1, start(), delta("a"));
		const before = vi.getTimerCount();
		const view = show();
		frame();
		expect(vi.getTimerCount(), "a clock").toBeGreaterThan(before);
		view.close?.();
		await gone();
		frame();
		model.delta(2, delta("b"));
		expect(vi.getTimerCount(), "no clock, no frame").toBe(before);
	});

	test("a removed widget leaves no listener and no timer", () => {
		const gone = new AbortController();
		widget.initialize({ model, signal: gone.signal });
		gone.abort();
		vi.advanceTimersByTime(2000);
		expect(model.listening).toBe(0);
		expect(model.sent).toHaveLength(1);
	});

	test("a view whose signal was aborted before paints nothing", () => {
		widget.initialize({ model });
		expect(show(AbortSignal.abort()).el.children).toHaveLength(0);
	});
});

describe("status, footer and messages", () => {
	test("the waiting line names the model and disappears with the first text", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, status("waiting", { model: "local/tiny" }));
		frame();
		expect(view.read(".nbstream-waiting-words")).toBe("Waiting for tiny…");
		model.delta(2, start());
		frame();
		expect(view.find(".nbstream-waiting")).not.toBeNull();
		model.delta(3, delta("a"));
		frame();
		expect(view.find(".nbstream-waiting")).toBeNull();
	});

	test("a retry clears the answer and says why it tries again", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, status("streaming", { model: "local/tiny" }), start(), delta("void"));
		frame();
		model.delta(2, { kind: "retry", attempt: 2, reason: "It is overloaded." });
		frame();
		expect(view.find(".nbstream-text")).toBeNull();
		expect(view.read(".nbstream-retry")).toBe("Asked again: It is overloaded.");
		expect(view.read(".nbstream-waiting")).toBe("Waiting for tiny… ");
	});

	test("a page that is opened later says why it was tried again, too", () => {
		const retries: [number, object][] = [[0, { attempt: 3, reason: "It is overloaded." }]];
		model.traits.snapshot = { seq: 4, state: { ...state("streaming", text("so")), retries } };
		widget.initialize({ model });
		expect(show().read(".nbstream-retry")).toBe("Asked again, attempt 3: It is overloaded.");
	});

	test("a retry clears usage and progress", () => {
		widget.initialize({ model });
		const view = show();
		const usage = { input_tokens: 12, output_tokens: 3 };
		model.delta(1, { kind: "stream_start", usage }, { kind: "progress", status: "rendering" });
		frame();
		expect(view.read(".nbstream-usage")).toBe("12 in");
		expect(view.read(".nbstream-waiting")).toContain("rendering");
		model.delta(2, { kind: "retry", attempt: 2, reason: "It is overloaded." });
		frame();
		expect(view.read(".nbstream-usage")).toBe("");
		expect(view.read(".nbstream-waiting")).not.toContain("rendering");
	});

	test("the model has the name that Python uses, not the provider's", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, status("waiting", { model: "local/tiny" }));
		model.delta(2, { kind: "stream_start", model: "tiny-2025-01-01" });
		frame();
		expect(view.read(".nbstream-model")).toBe("local/tiny");
	});

	test("an unknown status is ignored", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, start(), delta("a"));
		model.say({ t: "snap", seq: 2, state: state("paused" as never, text("ab")) });
		frame();
		expect(view.status()).toBe("streaming");
		expect(view.read(".nbstream-text")).toBe("ab");
	});

	test("the elapsed time is counted in the page and ends at the exact time", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, status("streaming", { elapsed: 2 }));
		vi.advanceTimersByTime(1500);
		expect(view.read(".nbstream-elapsed")).toBe("3.5 s");
		model.delta(2, status("done", { elapsed: 3.24 }));
		vi.advanceTimersByTime(5000);
		expect(view.read(".nbstream-elapsed")).toBe("3.2 s");
		expect(vi.getTimerCount()).toBe(0);
	});

	test("the footer shows model and tokens, and the details in a tooltip", () => {
		widget.initialize({ model });
		const view = show();
		const usage = { input_tokens: 1412, output_tokens: 87, cache_read_tokens: 1024 };
		const end = { kind: "stream_end", finish_reason: "stop", usage };
		model.delta(1, start(), delta("Hi."), end, status("done"));
		frame();
		expect(view.read(".nbstream-usage")).toBe("1,412 in · 87 out");
		expect(view.find(".nbstream-usage")?.title).toContain("read from the cache: 1,024");
		expect(view.read(".nbstream-status")).toBe("");
	});

	test.each([
		["done", "length", "cut off at the token limit; max_tokens allows more"],
		["done", "content_filter", "cut off by the provider's content filter"],
		["done", "stop", "empty answer"],
		["stopped", "cancelled", "stopped"],
		["interrupted", "cancelled", "interrupted"],
		["failed", "error", "failed"],
	] as const)("%s with %s reads %j", (name, finish_reason, words) => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, { kind: "stream_end", finish_reason, usage: null }, status(name));
		frame();
		expect(view.status()).toBe(name);
		expect(view.read(".nbstream-status")).toBe(words);
	});

	test("an error keeps the text so far and shows the remedy", () => {
		widget.initialize({ model });
		const view = show();
		const remedy = "Set the key:\nexport KEY=…";
		const error = { title: "No key", text: "401 <b>no</b>", remedy };
		model.delta(1, start(), delta("half"), status("failed", { error }));
		frame();
		expect(view.read(".nbstream-text")).toBe("half");
		expect(view.find(".nbstream-error")?.getAttribute("role")).toBe("alert");
		expect(view.read(".nbstream-error")).toContain("401 <b>no</b>");
		expect(view.read("code.nbstream-error-remedy")).toBe("export KEY=…");
	});

	test("a screen reader reads out states, not the text", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, status("streaming"), start(), delta("words"));
		frame();
		expect(view.find(".nbstream-text")?.getAttribute("aria-busy")).toBe("true");
		expect(view.read("[role=status]"), "not yet: it may not last").toBe("");
		model.delta(2, status("done"));
		frame();
		expect(view.find(".nbstream-text")?.hasAttribute("aria-busy")).toBe(false);
		expect(view.read("[role=status]")).toBe("The answer is complete");
		expect(view.find("[aria-live]")).toBeNull();
	});
});

describe("parts", () => {
	test("a tool call shows its name and its arguments while they stream", () => {
		widget.initialize({ model });
		const view = show();
		const call = { kind: "tool_start", index: 0, tool_call_id: "x", tool_name: "get_weather" };
		model.delta(1, call, { kind: "tool_delta", index: 0, chunk: '{"city": "Os' });
		frame();
		expect(view.read(".nbstream-tool-name")).toBe("get_weather");
		expect(view.read(".nbstream-tool .nbjson-row")).toBe("cityOs");
		expect(view.read(".nbstream-state")).toBe("writing arguments");
	});

	test("parts are shown in their order, whatever order they arrive in", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, start(2), delta("second", 2));
		frame();
		model.delta(2, start(0), delta("first", 0));
		frame();
		expect(view.read(".nbstream-body")).toBe("firstsecond");
	});

	test("a restarted part replaces its old text", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, start(), delta("wrong"));
		frame();
		model.delta(2, start(), delta("right"));
		frame();
		expect(view.read(".nbstream-body")).toBe("right");
	});

	test("long plain text is split into many nodes and still exact", () => {
		widget.initialize({ model });
		const view = show();
		const word = "lighthouse ";
		model.delta(1, { kind: "refusal_start", index: 0 });
		for (let i = 1; i <= 1000; i++) {
			model.delta(i + 1, { kind: "refusal_delta", index: 0, chunk: word });
			frame();
		}
		expect(view.read(".nbstream-refusal-text")).toBe(word.repeat(1000));
		expect(view.find(".nbstream-refusal-text")?.childNodes.length).toBeGreaterThan(3);
	});
});

describe("thinking", () => {
	const think = { kind: "thinking_start", index: 0 };
	const hm = { kind: "thinking_delta", index: 0, chunk: "hm" };
	const over = { kind: "thinking_end", index: 0 };
	const details = (view: ReturnType<typeof show>) =>
		view.find("details.nbstream-thinking") as HTMLDetailsElement;

	test("is open while it streams, and closes a second after its end", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, think, hm);
		frame();
		expect(details(view).open).toBe(true);
		expect(view.read("summary")).toBe("Thinking…");
		vi.advanceTimersByTime(3500);
		expect(view.read("summary")).toBe("Thinking…3 s");
		model.delta(2, over);
		vi.advanceTimersByTime(900);
		expect(details(view).open).toBe(true);
		expect(view.read("summary")).toBe("Thought for 3 s");
		vi.advanceTimersByTime(200);
		expect(details(view).open).toBe(false);
	});

	test("stays open while more of it streams", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, think, hm, over);
		frame();
		model.delta(2, { ...think, index: 1 }, { ...hm, index: 1 });
		vi.advanceTimersByTime(3000);
		expect(details(view).open).toBe(true);
	});

	test("the reader's choice is kept, also in the next view", () => {
		widget.initialize({ model });
		const view = show();
		model.delta(1, think, hm);
		frame();
		// Closed and opened again: the reader wants it open.
		view.find("summary")?.click();
		details(view).open = false;
		view.find("summary")?.click();
		details(view).open = true;
		model.delta(2, over, status("done"));
		vi.advanceTimersByTime(3000);
		expect(details(view).open).toBe(true);
		expect(details(show()).open).toBe(true);
	});

	test("one that ended long ago is closed from the start", () => {
		const parts = [{ kind: "thinking" as const, text: "hm" }, text("so")];
		model.traits.snapshot = { seq: 1, state: state("done", ...parts) };
		widget.initialize({ model });
		const view = show();
		expect(details(view).open).toBe(false);
		expect(view.read("summary")).toBe("Thought");
	});
});

test("the style sheet is added once for all views", () => {
	widget.initialize({ model });
	show();
	const before = document.head.querySelectorAll("style").length;
	show();
	show();
	expect(document.head.querySelectorAll("style").length).toBe(before);
});
