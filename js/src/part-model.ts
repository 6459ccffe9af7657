/**
 * The data of one message part in the browser, and functions that create it from the wire or
 * change it.
 *
 * A part is changed in place. Its text is a list of chunks, and `changes` counts the changes of
 * sources, results and the like, so a view knows cheaply what it has not painted yet.
 */

import type { Ask } from "./requests";
import type { Family } from "./wire-ops";
import type { WireRun } from "./wire-run";
import type { WirePart } from "./wire-state";
import type {
	WireCall,
	WireFile,
	WireLabel,
	WireOutput,
	WireResult,
	WireSource,
} from "./wire-values";

/** One part, as the views read it. */
export interface Part {
	readonly family: Family;
	/** The pieces of its text, of a tool's arguments as JSON, or of a program. Another array if the
	 *  text is replaced. */
	chunks: string[];
	open: boolean;
	/** Milliseconds on the page's clock; null if the part came in a snapshot. */
	readonly startedAt: number | null;
	endedAt: number | null;
	readonly toolCallId: string;
	readonly toolName: string;
	/** Counts the changes of the properties below. */
	changes: number;
	label: WireLabel;
	citations: WireSource[];
	call: WireCall;
	result: WireResult | null;
	/** What happens to a call whose arguments are complete: see `toolState`. */
	state: string;
	file: WireFile | null;
	/** Of a text that is a typed answer: its schema, and what is wrong with it. */
	output: WireOutput | null;
	/** What waits for a person, of a call. */
	asks: Ask[];
	/** What has happened inside a call, until run.js reads it; null if nothing has. */
	run: WireRun[] | null;
	/** How far thinking is whose text is not shown, as in "about 600 tokens". */
	progress: string;
}

/** The properties that can be given to a new part. */
export type PartFields = Partial<Omit<Part, "family">>;

/** Creates a part that is open. */
export function newPart(family: Family, startedAt: number | null, fields: PartFields = {}): Part {
	return {
		family,
		chunks: [],
		open: true,
		startedAt,
		endedAt: null,
		toolCallId: "",
		toolName: "",
		changes: 0,
		label: {},
		citations: [],
		call: {},
		result: null,
		state: "",
		file: null,
		output: null,
		asks: [],
		progress: "",
		run: null,
		...fields,
	};
}

/** The whole text of a part. It joins all chunks. */
export function textOf(part: Part): string {
	return part.chunks.join("");
}

/** Sets properties other than the chunks, and counts the change. */
export function change(
	part: Part,
	fields: Pick<
		PartFields,
		"citations" | "label" | "call" | "result" | "state" | "file" | "output" | "progress" | "asks"
	>,
) {
	Object.assign(part, fields);
	part.changes++;
}

/** Adds what happens to a call. */
export function happen(part: Part, { state, result, run }: Happening): void {
	change(part, {
		state: state === undefined ? part.state : String(state),
		result: result ? resultOf(result) : part.result,
	});
	if (!run) return;
	part.run ??= [];
	part.run.push(run);
}

interface Happening {
	state?: string;
	result?: WireResult;
	run?: WireRun;
}

/** Marks a part as complete. */
export function close(part: Part, now: number): void {
	if (!part.open) return;
	part.open = false;
	part.endedAt = now;
}

/** Copies the known properties of a tool call, as a wire object may have others. */
export function callOf({ inputs, details, language, server }: WireCall): WireCall {
	return { inputs: list(inputs), details: list(details), language, server };
}

/** A tool's result, with a list where there may be one; null if its call has it. */
export function resultOf(row: WireResult): WireResult | null {
	if (row.same) return null;
	const [sources, tools] = [list(row.sources), list(row.tools)];
	return { ...row, sources, tools, files: list(row.files).map(fileOf) };
}

/** A file, whose type is always a text. */
export function fileOf(row: WireFile): WireFile {
	return { ...row, media_type: String(row.media_type ?? "") };
}

/**
 * Reads a part from a snapshot. A part that only grew stays the same object with one
 * more chunk, so that the user's selection and opened views survive.
 */
export function partFrom(
	wire: WirePart,
	before: Part | undefined,
	role = "assistant",
	now: number | null = null,
): Part | undefined {
	const wireFamily = FAMILIES[wire.kind];
	const family = wireFamily === "text" && role !== "assistant" ? "prompt" : wireFamily;
	if (!family) return undefined;
	const text = wireText(wire);
	const fields = wire as { tool_call_id?: string; tool_name?: string; seconds?: number };
	const { tool_call_id: toolCallId = "", tool_name: toolName = "", seconds } = fields;
	const startedAt = seconds ? performance.now() - seconds * 1000 : now;
	let part = newPart(family, startedAt, { chunks: text ? [text] : [], toolCallId, toolName });
	if (before?.family === family && before.toolCallId === toolCallId) {
		const known = textOf(before);
		if (text.startsWith(known)) {
			if (text.length > known.length) before.chunks.push(text.slice(known.length));
			part = before;
		}
	}
	if ("label" in wire) change(part, { label: { ...wire.label } });
	if (wire.kind === "text") {
		if (wire.citations || part.citations.length) change(part, { citations: list(wire.citations) });
	} else if (wire.kind === "builtin_tool_call") change(part, { call: callOf(wire) });
	else if (wire.kind === "tool_call") happen(part, { state: "", ...wire });
	else if (wire.kind === "file") {
		// A snapshot does not say what is partial, so a file of the same size keeps its value.
		const partial = part.file?.size === wire.size && part.file?.partial;
		change(part, { file: { ...fileOf(wire), partial } });
	} else if (family === "result") change(part, { result: resultOf(wire as WireResult) });
	return part;
}

const FAMILIES: Partial<Record<WirePart["kind"], Family>> = Object.assign(Object.create(null), {
	text: "text",
	thinking: "thinking",
	refusal: "refusal",
	tool_call: "tool",
	tool_result: "result",
	builtin_tool_call: "builtin_tool",
	builtin_tool_result: "result",
	file: "file",
} satisfies Record<WirePart["kind"], Family>);

/** The text that a part in a snapshot has as its chunks. */
function wireText(wire: WirePart): string {
	if (wire.kind === "tool_call") return wire.args_json ?? "";
	if (wire.kind === "builtin_tool_call") return wire.code ?? "";
	return "text" in wire ? (wire.text ?? "") : "";
}

function list<T>(value: T[] | undefined): T[] {
	return Array.isArray(value) ? value : [];
}
