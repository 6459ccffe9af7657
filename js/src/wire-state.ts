/**
 * A snapshot: the whole state of an answer as JSON, its messages and their parts.
 */

import type { Again } from "./wire-ops";
import type { WireRequest } from "./wire-requests";
import type { WireRun } from "./wire-run";
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

/** One part of a message in a snapshot. */
export type WirePart =
	| { kind: "text"; text: string; citations?: WireSource[] }
	| { kind: "refusal"; text: string }
	/** `seconds`: how long it has taken, if it still grows. */
	| { kind: "thinking"; text: string; label?: WireLabel; seconds?: number }
	| {
			kind: "tool_call";
			tool_call_id: string;
			tool_name: string;
			args_json: string;
			state?: string;
			result?: WireResult;
			run?: WireRun;
	  }
	| ({
			kind: "builtin_tool_call";
			tool_call_id: string;
			tool_name: string;
			code?: string;
			label?: WireLabel;
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
	requests?: WireRequest[];
	/** The last retry of each message that was asked for again, by its index. */
	retries?: [message: number, retry: Again][];
	/** Only of an answer that has an output type. */
	output?: WireOutput;
	/** Seconds until the first part began. */
	first_token?: number | null;
	tokens_per_second?: number | null;
	/** The price of the tokens as text. */
	cost?: string | null;
	/** Says that the answer comes from a cassette, and its details. */
	replayed?: [text: string, title: string];
	/** The turn of the chat that the answer is, and its details. */
	turn?: [text: string, title: string] | null;
	/** Whether it is an agent's run; how many steps it has, and the tokens of all runs in it. */
	run?: boolean;
	totals?: string;
	total_usage?: Usage;
}

/** The value of the synced `snapshot` trait; `{}` until there is one. */
export interface Snapshot {
	seq?: number;
	state?: WireState;
}
