/**
 * The values in the messages from Python that ops and snapshots share: sources, calls, results and
 * files of a part; usage, errors and the report of a typed answer; as JSON objects.
 *
 * Most fields are optional because the kernel may have a newer or older version.
 */

import type { Problem, Schema } from "../render";

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
	/** The language of its code. */
	language?: string;
	/** The MCP server that runs it. */
	server?: string;
}

/** The words for a part, which Python decides: of a provider's tool, or of thinking. */
export interface WireLabel {
	/** While it runs; an ellipsis follows. */
	running?: string;
	/** Afterwards. */
	done?: string;
	/** How much it was, such as "1,200 tokens". */
	amount?: string;
	/** For several calls in a row, which are then shown as one; "{}" is their number. */
	many?: string;
	/** What the tool finds, in the singular. */
	unit?: string;
	/** The tool's name, if the words above do not imply it. */
	name?: string;
	/** The language of its code, unless the call tells it. */
	language?: string;
}

/** The result of a tool, shortened to what is shown. */
export interface WireResult {
	tool_call_id?: string;
	tool_name?: string;
	sources?: WireSource[];
	/** Number of sources before shortening. */
	source_count?: number;
	/** The tools that it lists: names and descriptions; and how many there were. */
	tools?: [string, string][];
	tool_count?: number;
	/** What it printed or reported; `left_out` is the number of characters that are not sent. */
	output?: string;
	left_out?: number;
	/** Whether the output is an object or an array as JSON. */
	is_json?: boolean;
	files?: WireFile[];
	is_error?: boolean;
	/** The call has it already: this is its place in the transcript. */
	same?: boolean;
	/** A word in place of "done" and "failed", such as "denied". */
	state?: string;
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

/** What Python says of a typed answer: its schema first, and at its end what is wrong with it. */
export interface WireOutput {
	/** The JSON schema of the output type. */
	schema?: Schema;
	/** The values that are wrong: their path, and the validator's words. */
	problems?: Problem[];
	/** What was corrected or left out to read the text as JSON. */
	notes?: string[];
	/** Why the answer is not of the type; empty if it is. */
	failure?: string;
	/** The answer as JSON, if the model's text is not quite JSON. */
	json?: string;
}
