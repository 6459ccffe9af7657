/**
 * The ops that name a part: it begins, grows, ends, or comes whole.
 *
 * Knows which op changes what of which part. Refuses to know the rest of the
 * answer. An op it does not know, or that fits no part, changes nothing.
 */

import type { Growing, PartOp } from "./events";
import { callOf, change, close, fileOf, newPart, type Part, resultOf, textOf } from "./part-model";

type Whole = Extract<PartOp, { kind: "citation" | "file" | `${string}_result` }>;
type Grows = Exclude<PartOp, Whole>;
type Parts = (Part | undefined)[];

// More parts than any answer has; a wrong index must not make a giant array.
export const MOST_PARTS = 10_000;

const GROWS = /^(text|thinking|refusal|tool|builtin_tool)_(start|delta|end)$/;

const WHOLE: ReadonlySet<string> = new Set([
	"citation",
	"file",
	"builtin_tool_result",
	"tool_result",
] satisfies Whole["kind"][]);

/** Returns whether it was an op for a part. */
export function applyToPart(parts: Parts, op: PartOp, now: number): boolean {
	const [, family, what] = GROWS.exec(op.kind) ?? [];
	const isPlace = Number.isInteger(op.index) && op.index >= 0 && op.index < MOST_PARTS;
	if (!isPlace || !(family || WHOLE.has(op.kind))) return false;
	if (family) grow(parts, op as Grows, family as Growing, what, now);
	else place(parts, op as Whole, now);
	return true;
}

function grow(
	parts: Parts,
	op: Grows,
	family: Growing,
	what: string | undefined,
	now: number,
): void {
	let part = parts[op.index];
	// A second start at the same place is a retry: the provider begins again.
	if (what === "start" || !part) {
		const tool = "tool_name" in op ? op : null;
		part = parts[op.index] = newPart(family, now, {
			toolCallId: tool?.tool_call_id ?? "",
			toolName: tool?.tool_name ?? "",
		});
	}
	if (part.family !== family) return;
	if ("chunk" in op && typeof op.chunk === "string" && op.chunk) part.chunks.push(op.chunk);
	if ("text" in op && typeof op.text === "string" && op.text !== textOf(part)) {
		part = parts[op.index] = { ...part, chunks: op.text ? [op.text] : [] };
	}
	if ("asked" in op || "details" in op) change(part, { call: callOf(op) });
	if (what === "end") close(part, now);
}

function place(parts: Parts, op: Whole, now: number): void {
	const before = parts[op.index];
	if (op.kind === "citation") {
		if (before?.family !== "text" || typeof op.citation !== "object" || !op.citation) return;
		// Pushed, not copied: a source costs the same however many there are.
		before.citations.push(op.citation);
		change(before, {});
	} else if (op.kind === "file") {
		// A better version of the same picture takes its place on the page, too.
		const part = before?.family === "file" ? before : newPart("file", now);
		parts[op.index] = part;
		change(part, { file: fileOf(op) });
		part.open = op.partial === true;
	} else {
		const { tool_call_id: toolCallId = "", tool_name: toolName = "" } = op;
		const part = newPart("result", now, { toolCallId, toolName, result: resultOf(op) });
		close(part, now);
		parts[op.index] = part;
	}
}
