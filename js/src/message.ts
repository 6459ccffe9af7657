/**
 * One message of an answer in the browser: its parts, token usage and finish reason. Also
 * joins the parts and sums the usage of all messages, for the views.
 */

import { usageLine } from "./format";
import { change, newPart, type Part, partFrom, textOf } from "./part-model";
import { MAX_PARTS } from "./part-reducer";
import type { WireMessage } from "./wire-state";
import type { FinishReason, Usage } from "./wire-values";

/** One message, as the views read it. */
export interface Message {
	readonly role: string;
	/** In order. Undefined if this version does not know the kind of a part. */
	parts: (Part | undefined)[];
	usage: Usage | null;
	finishReason: FinishReason | null;
	/** The line above a step of an agent's run. */
	step: Part | null;
}

/** Creates a message without parts. */
export function newMessage(role = "assistant"): Message {
	return { role, parts: [], usage: null, finishReason: null, step: null };
}

/** Makes a message from a snapshot. Parts of `before` that only grew are reused. One that arrives
 *  alone and whole begins `now`. */
export function messageFrom(
	wire: Partial<WireMessage>,
	before?: Message,
	now: number | null = null,
): Message {
	const role = String(wire.role || "assistant");
	const parts = (Array.isArray(wire.parts) ? wire.parts : [])
		.slice(0, MAX_PARTS)
		.map((part, i) => partFrom(part, before?.parts[i], role, now));
	if (wire.finish_reason) callsRun(parts);
	const [usage, finishReason] = [wire.usage ?? null, wire.finish_reason ?? null];
	return { role, parts, usage, finishReason, step: before?.step ?? null };
}

/** The message has ended: its tool calls run now, unless something else is known of them. */
export function callsRun(parts: Message["parts"]): void {
	for (const part of parts)
		if (part?.family === "tool" && !part.state) change(part, { state: "running" });
}

/** Whether the message is from the model. */
export function isReply(message: Message): boolean {
	return message.role === "assistant";
}

/** The sum of the token usage of all messages, or null if none has any. */
export function totalUsage(messages: Message[]): Usage | null {
	const counts = messages.flatMap(({ usage }) => usage ?? []);
	if (counts.length < 2) return counts[0] ?? null;
	const total: Record<string, number> = {};
	for (const [name, tokens] of counts.flatMap((usage) => Object.entries(usage))) {
		total[name] = (total[name] ?? 0) + Number(tokens ?? 0);
	}
	return total;
}

/**
 * The parts of all messages in one list, with `undefined` after each message, so
 * that parts are not grouped across messages. Before a message comes why it was asked for
 * again. `current` is the index at which the message that is streaming begins; the list's
 * length if it has not begun.
 */
export function allParts({ messages, retries, isRun }: Transcript): {
	parts: Message["parts"];
	current: number;
} {
	const [first] = messages;
	if (messages.length === 1 && first && isReply(first) && retries.size === 0 && !isRun)
		return { parts: first.parts, current: 0 };
	let steps = 0;
	const parts: Message["parts"] = [];
	let current = 0;
	const addRetry = (index: number) => {
		const retry = retries.get(index);
		if (retry) parts.push(retry);
	};
	for (const [i, message] of messages.entries()) {
		const isLast = i === messages.length - 1;
		const isOpen = isReply(message) && (isLast || message.finishReason === null);
		addRetry(i);
		// A stopped run can end with a reply that never began.
		if (isRun && isReply(message) && (message.parts.length || !message.finishReason))
			parts.push(step(message, ++steps, isLast));
		const begin = parts.length;
		parts.push(...message.parts, undefined);
		if (isOpen) current = begin;
		else if (isReply(message) || current === begin) current = parts.length;
	}
	// The one of a message that has not begun
	addRetry(messages.length);
	if (messages.length === 0) current = parts.length;
	return { parts, current };
}

/** The messages of an answer, and why requests were made again. */
interface Transcript {
	readonly messages: Message[];
	readonly retries: ReadonlyMap<number, Part>;
	readonly isRun: boolean;
}

/** The line above a step of an agent's run: its number, or "Answer" of the last one. A run without
 *  calls has one step, whose line is empty. */
function step(message: Message, number: number, isLast: boolean): Part {
	const { finishReason, usage, parts } = message;
	message.step ??= newPart("step", null, { open: false });
	let done = `Step ${number}`;
	if (isLast && !parts.some((part) => part?.family === "tool")) {
		if (number === 1) done = "";
		else if (finishReason) done = "Answer";
	}
	const amount = finishReason ? usageLine(usage) : "";
	const { label } = message.step;
	if (label.done !== done || label.amount !== amount)
		change(message.step, { label: { done, amount } });
	return message.step;
}

/** The Markdown of the model's replies: the text as it wrote it, with a blank line between. */
export function answerText({ messages }: { messages: Message[] }): string {
	const texts: string[] = [];
	for (const message of messages.filter(isReply)) {
		let joins = false;
		for (const part of message.parts) {
			if (part?.family === "text") {
				// A provider begins a new part in the middle of a sentence, at a citation.
				const text = textOf(part);
				if (joins) texts.push((texts.pop() ?? "") + text);
				else texts.push(text);
			}
			joins = part?.family === "text";
		}
	}
	return texts.filter((text) => text.trim()).join("\n\n");
}

/** Whether the model's replies have any text. */
export function hasText({ messages }: { messages: Message[] }): boolean {
	return messages.some(
		(message) => isReply(message) && message.parts.some((part) => part?.family === "text"),
	);
}
