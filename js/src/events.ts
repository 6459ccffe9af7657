/**
 * What crosses the wire from Python: the events of a stream as plain objects,
 * and the state they fold into.
 *
 * Knows names and shapes only, the same words as Python's `core/events.py`.
 * Refuses to know what is done with them. Everything optional is optional
 * because a newer or older kernel may be on the other side.
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

/** Where something comes from; its address is not yet known to be harmless. */
export interface WireSource {
	url?: string;
	title?: string;
	cited_text?: string;
	/** The cited span, in characters of the text part. */
	start?: number;
	end?: number;
}

/** What a tool of the provider's was asked. */
export interface WireCall {
	/** Queries and addresses. */
	asked?: string[];
	/** What else it was called with, as "name: value". */
	details?: string[];
}

/** What a tool gave back, as much of it as anybody reads. */
export interface WireResult {
	tool_call_id?: string;
	tool_name?: string;
	sources?: WireSource[];
	/** How many sources there were. */
	found?: number;
	output?: string;
	is_error?: boolean;
}

export interface WireFile {
	media_type: string;
	filename?: string;
	/** Bytes in all; known also where the bytes stayed in Python. */
	size?: number;
	/** A custom message has its bytes beside it, and their number here (buffers.ts). */
	data?: DataView | number;
	url?: string;
	/** A better version will follow. */
	partial?: boolean;
}

/** The parts that grow, by the words of their ops: `text_start`, `tool_delta`, ... */
export type Growing = "text" | "thinking" | "refusal" | "tool" | "builtin_tool";

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
	/** Of a tool of the provider's: more of its code, and nothing else of its arguments. */
	chunk?: string;
	/** The whole text, where it does not begin as it did. */
	text?: string;
}

interface PartEnd extends MessageOp, WireCall {
	kind: `${Growing}_end`;
	index: number;
	/** The whole text, where deltas were lost on their way to Python. */
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

/** The answer begins anew; what came before is void. */
interface Retry extends MessageOp {
	kind: "retry";
	attempt?: number;
	reason?: string;
}

interface StreamStart extends MessageOp {
	kind: "stream_start";
	model?: string;
	id?: string;
	/** What the provider has counted before it answers. */
	usage?: Usage | null;
}

/** A long job goes on. */
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

/** The bridge's own op: where the whole thing stands. */
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
	/** The kernel lives, and has nothing to say. */
	| { t: "beat" }
	/** What an output holds once the answer has ended. */
	| { t: "output"; data: Record<string, string> };

export type ToPython =
	| { t: "sync"; have: number }
	| { t: "stop" }
	/** Views stand here where the answer's HTML does: the output needs no widget. */
	| { t: "page_swaps" }
	/** The notebook has an output that is behind. */
	| { t: "output" };
