/**
 * Gives the requests that wait for a person to the calls that they belong to.
 *
 * All views share a request: the first decision counts, and the kernel's next state removes it
 * everywhere.
 */

import { type Answer, isLive } from "../answer";
import { change } from "../part-model";
import type { Channel } from "../requests";

/** To be called after each change of the answer. */
export function updateRequests(channel: Channel, { requests, status, messages }: Answer): void {
	const left = new Set(isLive(status) ? requests : []);
	channel.open = left.size;
	// Ids may repeat: the last call with one is meant.
	for (const part of messages.flatMap(({ parts }) => parts).reverse()) {
		if (part?.family !== "tool") continue;
		const rows = [...left].filter(({ call }) => call === part.toolCallId);
		for (const row of rows) left.delete(row);
		if (`${rows.map(({ id }) => id)}` === `${part.asks.map(({ id }) => id)}`) continue;
		change(part, { asks: rows.map((row) => ({ ...row, channel })) });
	}
}
