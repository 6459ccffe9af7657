/**
 * Sends a decision to Python, again and again until it replies: a kernel that is busy may not read
 * it. Python takes the first only.
 */

import type { Ask } from "../requests";
import type { Decision, DecisionReply } from "../wire-requests";

const REPEAT_MS = 500;

/** Milliseconds after which the card says that the kernel does not reply. */
const UNREAD_MS = 3_000;

/** Calls `then` with Python's reply; with null first if none comes for a while. Ends with the card. */
export function decide(
	{ id, channel }: Ask,
	decision: Decision,
	then: (reply: DecisionReply | null) => void,
	signal: AbortSignal,
): void {
	const n = crypto.getRandomValues(new Uint32Array(2)).join("-");
	const send = () => channel.send({ t: "reply", id, n, ...decision });
	const repeat = setInterval(send, REPEAT_MS);
	const unread = setTimeout(then, UNREAD_MS, null);
	const end = () => {
		clearInterval(repeat);
		clearTimeout(unread);
		channel.replies.delete(n);
	};
	channel.replies.set(n, (reply) => {
		end();
		then(reply);
	});
	signal.addEventListener("abort", end);
	send();
}
