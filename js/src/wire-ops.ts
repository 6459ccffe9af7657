/**
 * The ops: one change of an answer each, as JSON objects. Most have the names of Python's
 * `core/events/`.
 */

import type { RequestsOp } from "./wire-requests";
import type { WireRun } from "./wire-run";
import type { WirePart } from "./wire-state";
import type {
	Failure,
	FinishReason,
	Status,
	Usage,
	WireCall,
	WireFile,
	WireLabel,
	WireOutput,
	WireResult,
	WireSource,
} from "./wire-values";

/** The kinds of parts that stream. Their ops are named `text_start`, `tool_delta` and so on. */
export type Growing = "text" | "thinking" | "refusal" | "tool" | "builtin_tool";

/** The kinds of parts in the browser; each has its own view. */
export type Family = Growing | "prompt" | "retry" | "step" | "result" | "file";

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
	label?: WireLabel;
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
	label?: WireLabel;
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

/** What happens to a call, such as "running", "needs approval" or "denied"; and its result. */
interface ToolStateOp extends MessageOp {
	kind: "tool_state";
	tool_call_id: string;
	state?: string;
	result?: WireResult;
	run?: WireRun;
}

/** A file part arrives, or a better version of it. */
interface FileOp extends MessageOp, WireFile {
	kind: "file";
	index: number;
}

/** An op that concerns one part of a message. */
export type PartOp = PartStart | PartDelta | PartEnd | CitationOp | ResultOp | FileOp;

/** Why a request is made again. */
export interface Again {
	attempt?: number;
	reason?: string;
}

/** The request is made again; what has arrived of the message is discarded. */
interface Retry extends MessageOp, Again {
	kind: "retry";
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
	replayed?: [text: string, title: string];
	turn?: [text: string, title: string] | null;
	totals?: string;
	total_usage?: Usage;
}

/** How a typed answer ended. */
interface OutputEnd extends WireOutput {
	kind: "output";
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
	| ToolStateOp
	| WholeMessage
	| StreamEnd
	| OutputEnd
	| RequestsOp
	| StatusChange;
