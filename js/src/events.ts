/**
 * The types of what Python sends over the wire: the events of a stream as plain objects,
 * and the state that they add up to. The names are those of Python's `core/events/`.
 *
 * Fields are optional because the kernel may have a newer or older version.
 */

export type Status = "waiting" | "streaming" | "done" | "stopped" | "interrupted" | "failed";

export type FinishReason =
	| "stop"
	| "length"
	| "tool_call"
	| "content_filter"
	| "error"
	| "cancelled"
	| "other";

export interface Usage {
	input_tokens?: number | null;
	output_tokens?: number | null;
	total_tokens?: number | null;
	cache_read_tokens?: number | null;
	cache_write_tokens?: number | null;
	reasoning_tokens?: number | null;
}

export interface Failure {
	title: string;
	text: string;
	remedy: string | null;
}

/** A source. Its address is not checked yet. */
export interface WireSource {
	url?: string;
	title?: string;
	cited_text?: string;
	/** The cited span, in characters of the text part. */
	start?: number;
	end?: number;
}

/** The call of a tool that the provider runs. */
export interface WireCall {
	/** Its queries and addresses. */
	inputs?: string[];
	/** Its other arguments, as "name: value". */
	details?: string[];
}

/** The result of a tool, shortened to what is shown. */
export interface WireResult {
	tool_call_id?: string;
	tool_name?: string;
	sources?: WireSource[];
	/** Number of sources before shortening. */
	source_count?: number;
	output?: string;
	is_error?: boolean;
}

export interface WireFile {
	media_type: string;
	filename?: string;
	/** Size in bytes, also if the bytes stayed in Python. */
	size?: number;
	/** The bytes. On the wire, the number of a binary buffer of the message (buffers.ts). */
	data?: DataView | number;
	url?: string;
	/** A better version will follow. */
	partial?: boolean;
}

/** The parts that grow. Their ops are named `text_start`, `tool_delta` and so on. */
export type Growing = "text" | "thinking" | "refusal" | "tool" | "builtin_tool";

/** The kinds of parts that are shown differently. */
export type Family = Growing | "prompt" | "result" | "file";

/** The message of the run that an op belongs to, by index. Missing for message 0. */
interface MessageOp {
	message?: number;
}

interface PartStart extends MessageOp {
	kind: `${Growing}_start`;
	index: number;
	tool_call_id?: string;
	tool_name?: string;
}

interface PartDelta extends MessageOp, WireCall {
	kind: `${Growing}_delta`;
	index: number;
	/** More text. For a tool that the provider runs, more of its program. */
	chunk?: string;
	/** The whole text, if it replaces the text so far. */
	text?: string;
}

interface PartEnd extends MessageOp, WireCall {
	kind: `${Growing}_end`;
	index: number;
	/** The whole text, if deltas were lost on their way to Python. */
	text?: string;
}

interface CitationOp extends MessageOp {
	kind: "citation";
	index: number;
	citation: WireSource;
}

interface ResultOp extends MessageOp, WireResult {
	kind: "builtin_tool_result" | "tool_result";
	index: number;
}

interface FileOp extends MessageOp, WireFile {
	kind: "file";
	index: number;
}

export type PartOp = PartStart | PartDelta | PartEnd | CitationOp | ResultOp | FileOp;

/** The answer starts again; its text so far is void. */
interface Retry extends MessageOp {
	kind: "retry";
	attempt?: number;
	reason?: string;
}

interface StreamStart extends MessageOp {
	kind: "stream_start";
	model?: string;
	id?: string;
	/** The tokens that the provider reports before it answers. */
	usage?: Usage | null;
}

/** The progress of a long job. */
interface Progress {
	kind: "progress";
	status?: string;
	/** From 0 to 1. */
	fraction?: number | null;
}

interface StreamEnd extends MessageOp {
	kind: "stream_end";
	finish_reason: FinishReason | null;
	usage: Usage | null;
}

/** The status of the stream, which Python's bridge adds to the events. */
interface StatusChange {
	kind: "status";
	status?: Status;
	elapsed?: number;
	error?: Failure | null;
	model?: string;
}

/** A message that comes whole: a tool's results, or a user's message. */
interface WholeMessage extends MessageOp {
	kind: "message";
	role?: string;
	parts: WirePart[];
	usage?: Usage | null;
	finish_reason?: FinishReason | null;
}

export type Op = StreamStart | Progress | Retry | PartOp | WholeMessage | StreamEnd | StatusChange;

export type WirePart =
	| { kind: "text"; text: string; citations?: WireSource[] }
	| { kind: "thinking" | "refusal"; text: string }
	| { kind: "tool_call"; tool_call_id: string; tool_name: string; args_json: string }
	| ({
			kind: "builtin_tool_call";
			tool_call_id: string;
			tool_name: string;
			code?: string;
	  } & WireCall)
	| ({ kind: "builtin_tool_result" | "tool_result" } & WireResult)
	| ({ kind: "file" } & WireFile);

export interface WireMessage {
	role?: string;
	parts: WirePart[];
	usage: Usage | null;
	finish_reason: FinishReason | null;
}

/** The whole run so far, as a snapshot carries it. */
export interface WireState {
	v?: number;
	status: Status;
	model: string;
	elapsed: number;
	messages: WireMessage[];
	error: Failure | null;
}

/** The value of the synced `snapshot` trait; `{}` until there is one. */
export interface Snapshot {
	seq?: number;
	state?: WireState;
}

export type FromPython =
	| { t: "d"; seq: number; ops: Op[] }
	| { t: "snap"; seq: number; state: WireState }
	/** A heartbeat: the kernel is alive. */
	| { t: "beat" }
	/** The final data of an output, by media type. */
	| { t: "output"; data: Record<string, string> };

export type ToPython =
	| { t: "sync"; have: number }
	| { t: "stop" }
	/** This page shows views in place of static HTML, so the output needs no widget. */
	| { t: "page_swaps" }
	/** The notebook has an unfinished output: send the final data. */
	| { t: "output" };
