/**
 * The types of what the store and the file that draws requests (approval/) share.
 */

import type { ToPython } from "./wire-messages";
import type { DecisionReply, WireRequest } from "./wire-requests";

/** How the reader's decisions about the requests of one widget reach Python, and its replies. */
export interface Channel {
	send(message: ToPython): void;
	/** What gets Python's replies, by the number of the decision. */
	readonly replies: Map<string, (reply: DecisionReply) => void>;
	/** How many requests are drawn. */
	open: number;
}

/** One request, as its cards read it. */
export interface Ask extends WireRequest {
	readonly channel: Channel;
}
