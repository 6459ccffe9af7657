/** The wire types of requests that wait for a person, and of the person's decisions. */

import type { Problem, Schema } from "../render";

/** A call waits for a person: for an approval, or for a value that its tool asks for. */
export interface WireRequest {
	id: string;
	/** The id of the call in whose card it is drawn. */
	call: string;
	kind: "approval" | "input";
	tool: string;
	/** The model's arguments as JSON. */
	args?: string;
	/** The schema of the arguments, or of the value. */
	schema?: Schema;
	/** What the tool says about the value. */
	question?: string;
}

/** All requests that wait now. */
export interface RequestsOp {
	kind: "requests";
	requests: WireRequest[];
}

/** What the reader decides about a request; `check` only asks Python whether a value is valid. */
export interface Decision {
	action: "approve" | "deny" | "answer" | "decline" | "check";
	/** Changed arguments, or the answer. */
	value?: unknown;
	reason?: string;
	always?: boolean;
}

/** Python's reply to the decision with the number `n`: nothing else if it counts. */
export interface DecisionReply {
	t: "reply";
	n?: string;
	problems?: Problem[];
	/** Another answer came first. */
	late?: boolean;
}
