/**
 * TypeScript types of the messages between Python and the browser: ops (one change each),
 * snapshots (the whole state), requests and their fields, as JSON objects. Most kinds of ops have
 * the names of Python's `core/events/`.
 *
 * Most fields are optional because the kernel may have a newer or older version.
 */

/** The status of an answer. The first two are live; the others are final. */
export type Status = "waiting" | "streaming" | "done" | "stopped" | "interrupted" | "failed";

/** Why the model ended its reply, as the provider reports it. */
export type FinishReason =
	| "stop"
	| "length"
	| "tool_call"
	| "content_filter"
	| "error"
	| "cancelled"
	| "other";

/** Token counts of one message, or of the whole run. */
export interface Usage {
	input_tokens?: number | null;
	output_tokens?: number | null;
	total_tokens?: number | null;
	cache_read_tokens?: number | null;
	cache_write_tokens?: number | null;
	reasoning_tokens?: number | null;
}

/** An error as it is shown: `remedy` says how to fix it. */
export interface Failure {
	title: string;
	text: string;
	remedy: string | null;
}

/** A source that the answer cites, such as a web page. Its URL is not checked yet. */
export interface WireSource {
	url?: string;
	title?: string;
	cited_text?: string;
	/** The cited span, in characters (code points) of the text part; without an end, all of it. */
	start?: number;
	end?: number;
}

/** The arguments of a tool that the provider runs itself, such as a web search. */
export interface WireCall {
	/** The queries and URLs. */
	inputs?: string[];
	/** The other arguments, each as "name: value". */
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

/** A file in a message or an op, such as a generated picture. */
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

/** The kinds of parts that stream. Their ops are named `text_start`, `tool_delta` and so on. */
export type Growing = "text" | "thinking" | "refusal" | "tool" | "builtin_tool";

/** The kinds of parts in the browser; each has its own view. */
export type Family = Growing | "prompt" | "retry" | "result" | "file";

/** Base of the ops: the index of the message that an op belongs to. Missing for message 0. */
interface MessageOp {
	message?: number;
}

/** A part begins at `index` in its message. */
interface PartStart extends MessageOp {
	kind: `${Growing}_start`;
	index: number;
	tool_call_id?: string;
	tool_name?: string;
}

/** More of a part that streams. */
interface PartDelta extends MessageOp, WireCall {
	kind: `${Growing}_delta`;
	index: number;
	/** More text. For a tool that the provider runs, more of its program. */
	chunk?: string;
	/** The whole text, if it replaces the text so far. */
	text?: string;
}

/** A part is complete. */
interface PartEnd extends MessageOp, WireCall {
	kind: `${Growing}_end`;
	index: number;
	/** The whole text, if deltas were lost on their way to Python. */
	text?: string;
}

/** A source is added to a text part. */
interface CitationOp extends MessageOp {
	kind: "citation";
	index: number;
	citation: WireSource;
}

/** The result of a tool, which arrives complete as one part. */
interface ResultOp extends MessageOp, WireResult {
	kind: "builtin_tool_result" | "tool_result";
	index: number;
}

/** A file part arrives, or a better version of it. */
interface FileOp extends MessageOp, WireFile {
	kind: "file";
	index: number;
}

/** An op that concerns one part of a message. */
export type PartOp = PartStart | PartDelta | PartEnd | CitationOp | ResultOp | FileOp;

/** The request is made again; what has arrived of the message is discarded. */
interface Retry extends MessageOp {
	kind: "retry";
	attempt?: number;
	reason?: string;
}

/** The provider has begun to answer. */
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

/** The provider has accepted the request; no event has come yet. */
interface Opened {
	kind: "opened";
}

/** The provider has ended its reply. */
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
	first_token?: number | null;
	tokens_per_second?: number | null;
	cost?: string | null;
}

/** A message that arrives complete: a tool's results, or a user's message. */
interface WholeMessage extends MessageOp {
	kind: "message";
	role?: string;
	parts: WirePart[];
	usage?: Usage | null;
	finish_reason?: FinishReason | null;
}

/** One change on the wire; a delta message holds a list of them. */
export type Op =
	| StreamStart
	| Opened
	| Progress
	| Retry
	| PartOp
	| WholeMessage
	| StreamEnd
	| StatusChange;

/** One part of a message in a snapshot. */
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

/** One message in a snapshot. */
export interface WireMessage {
	role?: string;
	parts: WirePart[];
	usage: Usage | null;
	finish_reason: FinishReason | null;
}

/** The content of a snapshot: the whole run so far. */
export interface WireState {
	v?: number;
	status: Status;
	model: string;
	elapsed: number;
	/** Whether the provider has begun to reply. */
	opened?: boolean;
	messages: WireMessage[];
	error: Failure | null;
	/** Seconds until the first part began. */
	first_token?: number | null;
	tokens_per_second?: number | null;
	/** The price of the tokens as text. */
	cost?: string | null;
}

/** The value of the synced `snapshot` trait; `{}` until there is one. */
export interface Snapshot {
	seq?: number;
	state?: WireState;
}

/** The source of a module: the front end itself, or a file that only some answers need. */
export interface Code {
	t: "code";
	hash: string;
	source: string;
}

/** A message from Python: ops, a snapshot, a heartbeat, code, or the final output. */
export type FromPython =
	| Code
	| { t: "d"; seq: number; ops: Op[] }
	| { t: "snap"; seq: number; state: WireState }
	/** A heartbeat: the kernel is alive. */
	| { t: "beat" }
	/** The final data of an output, by media type. */
	| { t: "output"; data: Record<string, string> };

/** A message to Python. "sync" asks for the state, "stop" for the end. */
export type ToPython =
	| { t: "sync"; have: number }
	| { t: "stop" }
	/** Asks for the source with this hash. */
	| Omit<Code, "source">
	/** This page shows views in place of static HTML, so the output needs no widget. */
	| { t: "page_swaps" }
	/** The notebook has an unfinished output: send the final data. */
	| { t: "output" };
