import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import widget from "../src/main";
import { downloadName } from "../src/parts/file";
import { CLOCK, FakeModel, state, status } from "./helpers";

let key = 0;
let seq = 0;
let model: FakeModel;
let urls: Map<string, Blob>;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	model = new FakeModel({ widget_id: `parts${key++}` });
	seq = 0;
	urls = new Map();
	vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
		urls.set(`blob:${urls.size}`, blob as Blob);
		return `blob:${urls.size - 1}`;
	});
	vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void urls.delete(url));
});

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
	document.body.replaceChildren();
});

function show() {
	const el = document.body.appendChild(document.createElement("div"));
	const close = widget.render({ model, el });
	const all = (selector: string) => [...el.querySelectorAll<HTMLElement>(selector)];
	return {
		el,
		close,
		all,
		find: (selector: string) => all(selector)[0] ?? null,
		read: (selector: string) => all(selector).map((found) => found.textContent),
		links: () => all("a").map((found) => found.getAttribute("href")),
	};
}

function begin() {
	widget.initialize({ model });
	return show();
}

function tell(...ops: unknown[]) {
	model.delta(++seq, ...ops);
	vi.advanceTimersByTime(20);
}

/** The same answer from deltas and from a snapshot, in two views. */
function both(ops: unknown[], parts: object[]): ReturnType<typeof show>[] {
	const streamed = begin();
	tell(...ops, status("done"));
	model = new FakeModel({ widget_id: `parts${key++}` });
	model.traits.snapshot = { seq: 1, state: state("done", ...(parts as never[])) };
	return [streamed, begin()];
}

const bytes = (text: string) => new DataView(new TextEncoder().encode(text).buffer);
const A = { url: "https://a.example/x?y=1", title: "About A", cited_text: "said A" };
const B = { url: "https://b.example/", title: "About B" };

describe("sources", () => {
	const ops = [
		{ kind: "text_start", index: 0 },
		{ kind: "text_delta", index: 0, chunk: "The sky is " },
		{ kind: "text_end", index: 0 },
		{ kind: "text_start", index: 1 },
		{ kind: "text_delta", index: 1, chunk: "blue" },
		{ kind: "citation", index: 1, citation: B },
		{ kind: "citation", index: 1, citation: A },
		{ kind: "text_end", index: 1 },
		{ kind: "text_start", index: 2 },
		{ kind: "text_delta", index: 2, chunk: "." },
		{ kind: "citation", index: 2, citation: { ...B, title: "B again" } },
	];
	const parts = [
		{ kind: "text", text: "The sky is " },
		{ kind: "text", text: "blue", citations: [B, A] },
		{ kind: "text", text: ".", citations: [B] },
	];

	test("are listed below the answer once each, in order, with their hosts", () => {
		for (const view of both(ops, parts)) {
			expect(view.read(".nbstream-source-row > .nbstream-source")).toEqual([
				"About Bb.example",
				"About Aa.example",
			]);
			expect(view.links()).toEqual([B.url, A.url]);
			expect(view.all(".nbstream-source")[1]?.title).toBe("“said A”");
		}
	});

	test("do not split the sentence that cites them", () => {
		for (const view of both(ops, parts))
			expect(view.read(".nbstream-text")).toEqual(["The sky is blue."]);
	});

	test("two texts without sources stay separate", () => {
		const view = begin();
		tell(...[0, 1].map((index) => ({ kind: "text_delta", index, chunk: "x" })));
		expect(view.read(".nbstream-text")).toEqual(["x", "x"]);
		expect(view.find(".nbstream-sources")?.hidden).toBe(true);
	});

	test("existing rows stay when a new one is added", () => {
		const view = begin();
		tell(...ops.slice(0, 6));
		const row = view.find(".nbstream-source-row");
		tell(...ops.slice(6));
		expect(view.all(".nbstream-source-row")[0]).toBe(row);
		expect(view.all(".nbstream-source-row")).toHaveLength(2);
	});

	test("are removed by a retry", () => {
		const view = begin();
		tell(...ops);
		tell({ kind: "retry", attempt: 2, reason: "Again." });
		expect(view.find(".nbstream-sources")?.hidden).toBe(true);
	});

	test("a link leads to the web and sends no referrer", () => {
		const view = begin();
		tell(...ops.slice(0, 6));
		const link = view.find("a") as HTMLAnchorElement;
		expect(link.target).toBe("_blank");
		expect(link.rel).toBe("noopener noreferrer nofollow ugc");
		expect(link.getAttribute("referrerpolicy")).toBe("no-referrer");
	});

	test.each([
		"javascript:alert(1)",
		" jAva\nscript:alert(1)",
		"data:text/html,x",
		"https://bank.example@evil.example/",
		"/lab/tree/secret",
		"//evil.example/",
		"http://[",
		"mailto:a@b.example",
		"file:///etc/passwd",
		"command:x",
	])("%j is not a link, but its title is shown", (url) => {
		const view = begin();
		tell(...ops.slice(0, 5), { kind: "citation", index: 1, citation: { url, title: "trap" } });
		expect(view.links()).toEqual([]);
		expect(view.read(".nbstream-source-row > .nbstream-source")).toEqual(["trap"]);
	});
});

describe("tools that the provider runs", () => {
	const inputs = ["why is the sky blue"];
	const label = {
		running: "Searching the web",
		done: "Searched the web",
		many: "Searched the web {} times",
		unit: "source",
	};
	const call = { tool_call_id: "c", tool_name: "web_search", label };
	const result = { ...call, sources: [A, B], source_count: 24, output: "printed <b>x</b>" };
	const ops = [
		{ kind: "builtin_tool_start", index: 0, ...call },
		{ kind: "builtin_tool_delta", index: 0, inputs },
		{ kind: "builtin_tool_end", index: 0, inputs },
		{ kind: "builtin_tool_result", index: 1, ...result },
	];
	const summary = ".nbstream-builtin > summary";

	test("a search shows its query while it runs, and then the number of sources", () => {
		const view = begin();
		tell(...ops.slice(0, 2));
		expect(view.read(summary)).toEqual(["Searching the web…why is the sky blue"]);
		tell(...ops.slice(2));
		expect(view.read(summary)).toEqual(["Searched the webwhy is the sky blue24 sources"]);
	});

	test("call and result are one closed view, also from a snapshot", () => {
		const parts = [
			{ kind: "builtin_tool_call", ...call, inputs },
			{ kind: "builtin_tool_result", ...result },
		];
		for (const view of both(ops, parts)) {
			expect(view.read(summary)).toEqual(["Searched the webwhy is the sky blue24 sources"]);
			expect(view.find("details")).toHaveProperty("open", false);
			expect(view.links()).toEqual([A.url, B.url]);
			expect(view.read(".nbstream-output")).toEqual(["printed <b>x</b>"]);
			expect(view.read(".nbstream-more")).toEqual(["and 22 more"]);
		}
	});

	test("several searches in a row are one line, with each query above what it found", () => {
		const begun = (index: number, id: string) => ({
			...{ kind: "builtin_tool_start", index, tool_call_id: id, tool_name: "web_search", label },
		});
		const asked = (index: number, query: string) => ({
			...{ kind: "builtin_tool_end", index, inputs: [query] },
		});
		const found = (index: number, id: string, ...sources: object[]) => ({
			...{ kind: "builtin_tool_result", index, tool_call_id: id, source_count: 1, sources },
		});
		const view = begin();
		tell(begun(0, "x"), asked(0, "sky"), found(1, "x", A));
		expect(view.read(summary)).toEqual(["Searched the websky1 source"]);
		tell(begun(2, "y"));
		expect(view.read(summary)).toEqual(["Searching the web…1 source"]);
		tell(asked(2, "sea"), found(3, "y", B), { kind: "text_start", index: 4 });
		expect(view.read(summary)).toEqual(["Searched the web 2 times2 sources"]);
		expect(view.read(".nbstream-results > *")).toEqual([
			...["sky", "About Aa.example", "sea", "About Bb.example"],
		]);
		expect(view.find(".nbstream-busy")).toBeNull();
	});

	test("several searches with one id show what they found once", () => {
		const view = begin();
		const begun = (index: number) => ({ kind: "builtin_tool_start", index, ...call });
		tell(begun(0), begun(1), begun(2), { kind: "builtin_tool_result", index: 3, ...result });
		expect(view.read(".nbstream-output")).toEqual(["printed <b>x</b>"]);
		expect(view.links()).toEqual([A.url, B.url]);
	});

	test("code is a block while it is written, and its pane closes after it has run", () => {
		const view = begin();
		const name = { tool_call_id: "c", tool_name: "code_execution" };
		const words = { running: "Running code", done: "Ran code", language: "python" };
		tell(
			{ kind: "builtin_tool_start", index: 0, ...name, label: words },
			{ kind: "builtin_tool_delta", index: 0, chunk: "print(" },
		);
		tell({ kind: "builtin_tool_delta", index: 0, chunk: "1)\n~~~~\n# <b>" });
		const details = view.find("details.nbstream-builtin") as HTMLDetailsElement;
		const shown = "print(1)\n~~~~\n# <b>";
		expect([details.open, view.read("pre code")[0]?.trim()]).toEqual([true, shown]);
		expect(view.read(".nbmd-code-language")).toEqual(["Python"]);
		tell(
			{ kind: "builtin_tool_end", index: 0 },
			{ kind: "builtin_tool_result", index: 1, ...name, output: "1" },
		);
		expect(view.read(summary)).toEqual(["Ran code"]);
		vi.advanceTimersByTime(1_100);
		expect(details.open).toBe(false);
		expect(view.read("pre code")[0]?.trim()).toBe(shown);
		expect(view.read(".nbstream-output")).toEqual(["1"]);
	});

	test("a command is in the line, and the language of a call has no markup", () => {
		const words = { running: "Running commands", done: "Ran commands", language: "bash" };
		const start = { kind: "builtin_tool_start", tool_call_id: "c", tool_name: "bash" };
		const view = begin();
		tell(
			{ ...start, index: 0, label: words },
			{ kind: "builtin_tool_delta", index: 0, chunk: "ls -a ~\ncd", language: "bash" },
			{ kind: "builtin_tool_end", index: 0 },
			{ ...start, index: 1, tool_call_id: "d", label: { done: "Edited" } },
			{ kind: "builtin_tool_delta", index: 1, chunk: "x", language: "a\n# b" },
			{ kind: "text_start", index: 2 },
		);
		expect(view.read(summary)).toEqual(["Ran commandsls -a ~", "Edited"]);
		expect(view.find("h1")).toBeNull();
	});

	test("a listing shows the tools of a server, and a call its name", () => {
		const view = begin();
		const listing = { tool_call_id: "l", tool_name: "mcp_list_tools" };
		const words = { running: "Listing tools", done: "Listed tools", unit: "tool" };
		const tools = [
			["look", "Looks it up."],
			["<b>", ""],
		];
		tell(
			{ kind: "builtin_tool_start", index: 0, ...listing, label: words },
			{ kind: "builtin_tool_end", index: 0, server: "wiki" },
			{ kind: "builtin_tool_result", index: 1, ...listing, tools, tool_count: 5 },
			{
				...{ kind: "builtin_tool_start", index: 2, tool_call_id: "m", tool_name: "look" },
				label: { running: "Calling", done: "Called", name: "look" },
			},
			{ kind: "builtin_tool_end", index: 2, details: ["page: 7"], server: "wiki" },
			{
				kind: "builtin_tool_result",
				index: 3,
				tool_call_id: "m",
				output: '{"a":1}',
				is_json: true,
			},
		);
		expect(view.read(summary)).toEqual([
			"Listed toolson wiki · 5 tools",
			"Calledlookpage: 7on wiki",
		]);
		expect(view.read(".nbstream-listed > li")).toEqual(["look Looks it up.", "<b> ", "and 3 more"]);
		expect(view.read(".nbjson-row")).toEqual(["a1"]);
	});

	test("a tool that failed or was stopped says so, and one without a label its name", () => {
		const view = begin();
		const name = { tool_call_id: "c", tool_name: "ask_<b>oracle" };
		tell(
			{ kind: "builtin_tool_start", index: 0, ...name },
			{ kind: "builtin_tool_result", index: 1, ...name, is_error: true, output: "no" },
			{ kind: "builtin_tool_start", index: 2, ...call, tool_call_id: "d" },
		);
		tell(status("stopped"));
		expect(view.read(summary)).toEqual(["Usedask_<b>oraclefailed", "Searching the webstopped"]);
		expect(view.find("b")).toBeNull();
	});

	test("a result without its call is shown by itself", () => {
		const view = begin();
		tell({ kind: "builtin_tool_result", index: 0, ...result, tool_call_id: "other" });
		expect(view.read("summary")[0]).toBe("Result: web search");
		expect(view.read(".nbstream-output")).toEqual(["printed <b>x</b>"]);
	});

	test("a call of the reader's own tool shows its result", () => {
		const parts = [
			{ kind: "tool_call", tool_call_id: "t", tool_name: "look", args_json: '{"a":1}' },
			{ kind: "tool_result", tool_call_id: "t", tool_name: "look", output: "seen" },
		];
		const made = [
			{ kind: "tool_start", index: 0, tool_call_id: "t", tool_name: "look" },
			{ kind: "tool_delta", index: 0, chunk: '{"a":1}' },
			{ kind: "tool_end", index: 0 },
			{ ...parts[1], index: 1 },
		];
		for (const view of both(made, parts)) {
			expect(view.read(".nbstream-tool .nbjson-row")).toEqual(["a1"]);
			expect(view.read(".nbstream-output")).toEqual(["seen"]);
			expect(view.read(".nbstream-input")).toEqual(["a: 1"]);
			expect(view.read(".nbstream-state")).toEqual(["done"]);
		}
	});
});

describe("files", () => {
	const png = { kind: "file", index: 0, media_type: "image/png", size: 3, data: 0 };
	const say = (ops: object[], ...buffers: DataView[]) => {
		model.say({ t: "d", seq: ++seq, ops }, buffers);
		vi.advanceTimersByTime(20);
	};
	const load = (view: ReturnType<typeof show>, made: HTMLImageElement[]) => {
		made.at(-1)?.dispatchEvent(new Event("load"));
		return view.all("img").map((img) => img.getAttribute("src"));
	};
	/** Pictures that are loading and not in the page yet. */
	function pictures(): HTMLImageElement[] {
		const made: HTMLImageElement[] = [];
		const create = document.createElement.bind(document);
		vi.spyOn(document, "createElement").mockImplementation((tag: string) => {
			const el = create(tag);
			if (tag === "img") made.push(el as HTMLImageElement);
			return el;
		});
		return made;
	}

	test("a partial picture stays until the next version has loaded", async () => {
		const made = pictures();
		const view = begin();
		say([{ ...png, partial: true }], bytes("one"));
		expect(load(view, made)).toEqual(["blob:0"]);
		expect(await urls.get("blob:0")?.text()).toBe("one");
		expect(view.read(".nbstream-file-note")).toEqual(["partial, more to come…"]);
		say([png], bytes("two"));
		expect(view.all("img").map((img) => img.getAttribute("src"))).toEqual(["blob:0"]);
		expect(load(view, made)).toEqual(["blob:1"]);
		expect([...urls.keys()]).toEqual(["blob:1"]);
		expect(view.read(".nbstream-file-note")).toEqual([""]);
		view.close?.();
		await Promise.resolve();
		expect(urls.size).toBe(0);
	});

	test("a late view, from a snapshot, shows the picture too", () => {
		const made = pictures();
		const { index: _, ...file } = png;
		model.traits.snapshot = {
			seq: 4,
			state: state("done", { ...file, kind: "file", data: bytes("abc") }),
		};
		const view = begin();
		expect(load(view, made)).toEqual(["blob:0"]);
		expect(urls.get("blob:0")?.type).toBe("image/png");
	});

	test("a file that is not a valid picture is named", () => {
		const made = pictures();
		const view = begin();
		say([{ ...png, media_type: "image/svg+xml", filename: "x.svg" }], bytes("<svg>"));
		expect(made).toHaveLength(0);
		expect(view.read(".nbstream-file-name")).toEqual(["x.svg"]);
		say([{ ...png, index: 1 }], bytes("no picture"));
		made[0]?.dispatchEvent(new Event("error"));
		expect(view.all("img")).toHaveLength(0);
		expect(urls.size).toBe(0);
	});

	test("a download has a type that no browser opens", async () => {
		const view = begin();
		say([{ ...png, media_type: "text/html", filename: "../a.html" }], bytes("<script>"));
		const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
		view.find(".nbstream-download")?.click();
		expect(clicked).toHaveBeenCalledOnce();
		expect(urls.get("blob:0")?.type).toBe("application/octet-stream");
		expect(view.links()).toEqual([]);
		expect(downloadName({ media_type: "text/html", filename: "../a\u202e.html" })).toBe("a_.html");
		expect(downloadName({ media_type: "image/jpeg" })).toBe("answer.jpg");
	});

	test("a remote file is not requested, and its host is shown", () => {
		const made = pictures();
		const view = begin();
		say([{ kind: "file", index: 0, media_type: "image/png", url: "https://cdn.example/1.png" }]);
		expect(made).toHaveLength(0);
		expect(view.read(".nbstream-elsewhere")).toEqual(["A file at cdn.exampleOpen in a new tab"]);
		expect(view.links()).toEqual(["https://cdn.example/1.png"]);
	});
});

test("the input tokens are shown before the answer arrives", () => {
	const view = begin();
	tell({ kind: "stream_start", model: "m", usage: { input_tokens: 12, output_tokens: 1 } });
	expect(view.read(".nbstream-usage")).toEqual(["12 in"]);
});

test("a long job shows its progress", () => {
	const view = begin();
	tell({ kind: "progress", status: "in_progress", fraction: 0.4 });
	expect(view.read(".nbstream-waiting")).toEqual(["Waiting for tiny… (in_progress, 40 %) "]);
});

describe("thinking", () => {
	const think = (index: number) => ({ kind: "thinking_start", index });
	const over = (index: number, label?: object) => ({ kind: "thinking_end", index, label });
	const said = (index: number, chunk: string) => ({ kind: "thinking_delta", index, chunk });
	const summary = ".nbstream-thinking summary";
	const isEmpty = (view: ReturnType<typeof show>) =>
		"empty" in (view.all("details")[0]?.dataset ?? {});

	test("that is withheld is one line that says how long it took and how much it was", () => {
		const view = begin();
		tell(think(0));
		expect(view.read(summary)).toEqual(["Thinking…"]);
		tell({ kind: "progress", status: "thinking, about 600 tokens" });
		expect(view.read(summary)).toEqual(["Thinking…about 600 tokens"]);
		vi.advanceTimersByTime(12_000);
		expect(view.read(summary)).toEqual(["Thinking…12 s · about 600 tokens"]);
		tell(over(0, { done: "Thought for 12 s" }), { kind: "progress", status: "late" });
		expect(view.read(summary)).toEqual(["Thought for 12 sabout 600 tokens"]);
		tell({ ...over(0, { done: "Thought for 12 s", amount: "612 tokens" }) });
		expect(view.read(summary)).toEqual(["Thought for 12 s612 tokens"]);
		expect(view.find("details")?.hasAttribute("open")).toBe(false);
		expect(isEmpty(view)).toBe(true);
		expect(view.find("summary")?.tabIndex).toBe(-1);
	});

	test("of which nothing is known leaves no line", () => {
		const view = begin();
		tell(think(0), over(0, { done: "Thought" }), { kind: "text_start", index: 1 });
		expect(view.find("details")?.hidden).toBe(true);
		tell({ ...over(0, { done: "Thought", amount: "612 tokens" }) });
		expect(view.find("details")?.hidden).toBe(false);
		expect(view.read(summary)).toEqual(["Thought612 tokens"]);
	});

	test("in adjacent parts is one, and closes once", () => {
		const view = begin();
		tell(think(0), said(0, "First."), over(0, { done: "Thought for 1 s" }));
		tell(think(1), over(1, { done: "Thought for 2 s" }), think(2));
		expect(view.read(summary)).toEqual(["Thinking…"]);
		tell(said(2, "Then."));
		expect(view.find("details")?.hasAttribute("open")).toBe(true);
		tell(over(2, { done: "Thought for 3 s" }), { kind: "text_start", index: 3 });
		expect(view.read(summary)).toEqual(["Thought for 3 s"]);
		expect(view.read(".nbstream-thinking-text p")).toEqual(["First.", "Then."]);
		vi.advanceTimersByTime(2_000);
		expect(view.find("details")?.hasAttribute("open")).toBe(false);
		tell({ kind: "text_delta", index: 3, chunk: "x" });
		expect(view.find("details")?.hasAttribute("open")).toBe(false);
	});

	test("goes on counting in a page that was loaded in its middle", () => {
		const open = { kind: "thinking", text: "Hm.", seconds: 7 };
		model.traits.snapshot = { seq: 1, state: state("streaming", open as never) };
		seq = 1;
		const view = begin();
		vi.advanceTimersByTime(2_000);
		expect(view.read(summary)).toEqual(["Thinking…9 s"]);
		expect(view.find("details")?.hasAttribute("open")).toBe(true);
		tell(over(0, { done: "Thought for 9 s" }), status("done"));
		expect(view.read(summary)).toEqual(["Thought for 9 s"]);
	});

	test("that broke off says how long it was", () => {
		const view = begin();
		tell(think(0), said(0, "Hm."));
		vi.advanceTimersByTime(3_500);
		tell(status("stopped"));
		expect(view.read(summary)).toEqual(["Thought for 3 s"]);
	});

	test("in a snapshot has Python's words", () => {
		const part = { kind: "thinking", text: "Hm.", label: { done: "Thought for 8 s" } };
		model.traits.snapshot = { seq: 1, state: state("done", part as never) };
		expect(begin().read(summary)).toEqual(["Thought for 8 s"]);
	});
});
