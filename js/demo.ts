/**
 * The demo page: shows the real widget with scripted messages from Python, one scene per cell.
 *
 * Each scene stops at one state of the view; `scene=play` plays one from beginning to end.
 */

import { files, hostile, picture, ran, searched } from "./demo-parts";
import type { Listener, Model, Traits } from "./src/anywidget";
import widget from "./src/main";
import { element } from "./src/parts/part";
import type { FromPython } from "./src/wire-messages";
import type { Op } from "./src/wire-ops";
import type { Snapshot } from "./src/wire-state";
import type { Failure, FinishReason, Status, Usage } from "./src/wire-values";

const MODEL = "local/SmolLM2-135M-Instruct";

const ANSWER = `A lighthouse is a tower with a bright light at the top, built where the sea meets something a ship should not.

Before electricity the keepers burned wood, then coal, then oil. In 1823 Augustin-Jean Fresnel set rings of prisms around the flame, and a lamp that had been seen from eight miles was seen from twenty. Each light was given a rhythm of its own, so that a sailor who saw three flashes and a pause could say which one it was, and therefore where he was.

Most of them are automatic now. The last keeper in Britain left North Foreland in 1998.`;

const THOUGHT = `The user asks for the weather in two cities. I have a tool for that; it takes one city at a time, so I need two calls.

Oslo first, then Bergen. They want Celsius, which is the default.`;

const USAGE: Usage = {
	input_tokens: 1412,
	output_tokens: 87,
	total_tokens: 1499,
	cache_read_tokens: 1024,
	reasoning_tokens: 31,
};

const FAILURE: Failure = {
	title: "OpenAI refused the key",
	text: "401 Unauthorized: the key in OPENAI_API_KEY is not valid, or it has been revoked.",
	remedy:
		"Make a new key, restart the kernel, and set it before the first call:\nexport OPENAI_API_KEY=…",
};

const status = (name: Status, elapsed: number, error: Failure | null = null): Op => ({
	kind: "status",
	status: name,
	elapsed,
	error,
	model: MODEL,
});

const start: Op[] = [status("waiting", 0.4)];
const streaming: Op[] = [...start, status("streaming", 1.2)];

const text = (chunk: string, index = 0, open = false): Op[] => [
	{ kind: "text_start", index },
	{ kind: "text_delta", index, chunk },
	...(open ? [] : [{ kind: "text_end", index } as Op]),
];

const thinking = (open: boolean): Op[] => [
	{ kind: "thinking_start", index: 0 },
	{ kind: "thinking_delta", index: 0, chunk: THOUGHT },
	...(open ? [] : [{ kind: "thinking_end", index: 0 } as Op]),
];

const tool = (chunk: string, index: number, open = false): Op[] => [
	{ kind: "tool_start", index, tool_call_id: `call_${index}`, tool_name: "get_weather" },
	{ kind: "tool_delta", index, chunk },
	...(open ? [] : [{ kind: "tool_end", index } as Op]),
];

const end = (name: Status, reason: FinishReason, error: Failure | null = null): Op[] => [
	{ kind: "stream_end", finish_reason: reason, usage: name === "done" ? USAGE : null },
	status(name, 3.24, error),
];

const half = ANSWER.slice(0, 260);

const scenes: Record<string, Op[]> = {
	waiting: start,
	streaming: [...streaming, ...text(half, 0, true)],
	thinking: [...streaming, ...thinking(true)],
	tool: [
		...streaming,
		...thinking(false),
		...text("I will look up both cities.", 1),
		...tool('{"city": "Oslo", "unit": "celsius"}', 2),
		...tool('{"city": "Berg', 3, true),
	],
	done: [...streaming, ...text(ANSWER), ...end("done", "stop")],
	cut: [...streaming, ...text(half), ...end("done", "length")],
	stopped: [...streaming, ...text(half), ...end("stopped", "cancelled")],
	interrupted: [...streaming, ...text("A lighthouse is"), ...end("interrupted", "cancelled")],
	failed: [...streaming, ...text(half), ...end("failed", "error", FAILURE)],
	searching: [...streaming, ...searched.slice(0, 2)],
	searched: [...streaming, ...searched, ...end("done", "stop")],
	coding: [...streaming, ...ran.slice(0, 2)],
	ran: [...streaming, ...ran, ...end("done", "stop")],
	drawing: [...streaming, ...picture(true)],
	files: [...streaming, ...picture(false), ...files, ...end("done", "stop")],
	hostile: [...streaming, ...hostile, ...end("done", "stop")],
	structured: [
		...streaming,
		...tool(
			'{"name": "North Foreland", "height_m": 26, "lights": [{"flashes": 5, "period_s": 20}, {"fl',
			0,
			true,
		),
	],
	wide: [
		...streaming,
		...text(
			`See https://example.org/${"a-path-without-end/".repeat(12)} or ${"Donaudampfschifffahrt".repeat(9)}.`,
		),
		...tool(`{"url": "https://example.org/${"q=1&".repeat(60)}"}`, 1),
		...end("done", "stop"),
	],
	long: [...streaming, ...text(`${ANSWER}\n\n`.repeat(12), 0, true)],
	refused: [
		...streaming,
		{ kind: "refusal_start", index: 0 },
		{ kind: "refusal_delta", index: 0, chunk: "I can’t help with that." },
		...end("done", "stop"),
	],
};

const NEWBORN: Snapshot = {
	seq: 0,
	state: {
		status: "waiting",
		model: MODEL,
		elapsed: 0,
		messages: [],
		error: null,
	},
};

/** A widget model whose messages come from a script. */
class ScriptedModel implements Model {
	#listeners: Listener[] = [];
	#seq = 0;
	constructor(readonly widgetId: string) {}
	get<K extends keyof Traits>(name: K): Traits[K] {
		const traits: Traits = {
			widget_id: this.widgetId,
			snapshot: NEWBORN,
			stop_by: "comm",
			kernel_id: "",
		};
		return traits[name];
	}
	send(content: unknown): void {
		if ((content as { t: string }).t === "stop") this.tell(end("stopped", "cancelled"));
	}
	on(name: string, listener: Listener): void {
		if (name === "msg:custom") this.#listeners.push(listener);
	}
	off(): void {
		this.#listeners = [];
	}
	tell(ops: Op[]): void {
		const message: FromPython = { t: "d", seq: ++this.#seq, ops };
		for (const listener of this.#listeners) listener(message);
	}
}

function cell(name: string): ScriptedModel {
	const block = document.createElement("div");
	block.className = "cell";
	const prompt = element("div", "prompt", "[*]:");
	const code = element("div", "code", `%%llm -o ${name}\nWhat is a lighthouse?`);
	const el = element("div", "output");
	block.append(prompt, code, el);
	document.body.append(block);
	const model = new ScriptedModel(name);
	widget.initialize({ model });
	widget.render({ model, el });
	return model;
}

async function play(): Promise<void> {
	const model = cell("play");
	const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
	model.tell(start);
	await pause(1500);
	model.tell([status("streaming", 1.9), { kind: "thinking_start", index: 0 }]);
	for (const chunk of THOUGHT.match(/\S+\s*/g) ?? []) {
		model.tell([{ kind: "thinking_delta", index: 0, chunk }]);
		await pause(40);
	}
	model.tell([
		{ kind: "thinking_end", index: 0 },
		{ kind: "text_start", index: 1 },
	]);
	for (const chunk of ANSWER.match(/\S+\s*/g) ?? []) {
		model.tell([{ kind: "text_delta", index: 1, chunk }]);
		await pause(33);
	}
	model.tell([{ kind: "text_end", index: 1 }, ...end("done", "stop")]);
}

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get("theme") ?? "light";
const scene = query.get("scene") ?? "all";
if (scene === "play") void play();
else {
	for (const [name, ops] of Object.entries(scenes)) {
		if (scene === "all" || scene.split(",").includes(name)) cell(name).tell(ops);
	}
}
// Opens everything that has closed by itself.
const openAll = () => {
	for (const el of document.querySelectorAll("details")) el.open = true;
};
if (query.has("open")) setTimeout(openAll, 1500);
