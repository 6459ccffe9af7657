/**
 * Finds the parts that are the value of a typed answer: the texts of the model's last reply.
 * Before there is one, a part without text stands for it, so that its fields are seen at once.
 */

import { type Answer, isLive } from "./answer";
import { isReply } from "./message";
import { change, newPart, type Part } from "./part-model";

/** Whether a part stands for an answer that has not begun. */
export function isAwaited(part: Part): boolean {
	return part.output !== null && part.chunks.length === 0;
}

/** Gives the texts of the last reply what is known of the output, and all others nothing. In a run,
 *  a text is only prose before calls until its JSON begins. */
export function markOutput({ messages, output, isRun }: Answer): void {
	if (!output) return;
	const last = messages.findLast(isReply);
	for (const message of messages) {
		for (const part of message.parts) {
			if (part?.family !== "text") continue;
			const begun = !isRun || part.output || !part.open || hasNewBracket(part);
			const now = message === last && begun ? output : null;
			if (part.output !== now) change(part, { output: now });
		}
	}
}

/** How many chunks of a part have no bracket. */
const looked = new WeakMap<Part, number>();

/** Whether a bracket is in the chunks since the last call: a page that is hidden draws no frames. */
function hasNewBracket(part: Part): boolean {
	const added = part.chunks.slice(looked.get(part));
	looked.set(part, part.chunks.length);
	return /[[{]/.test(added.join(""));
}

const awaited = new WeakMap<Answer, Part>();

/** The part that stands for the answer until it begins; undefined if it has, or if it ended. */
export function awaitedPart(answer: Answer): Part | undefined {
	const { messages, output, status, isRun } = answer;
	if (!output || isRun || !isLive(status)) return undefined;
	const parts = messages.findLast(isReply)?.parts ?? [];
	const isLastReply = messages.length === 0 || isReply(messages.at(-1) as (typeof messages)[0]);
	const begun = parts.some((part) => part?.family === "text" || part?.family === "refusal");
	if (begun && isLastReply) return undefined;
	const part = awaited.get(answer) ?? newPart("text", null);
	awaited.set(answer, part);
	if (part.output !== output) change(part, { output });
	return part;
}
