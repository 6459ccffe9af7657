/**
 * Applies an op (a change that Python sends) to one part of a message: the part starts, grows,
 * ends, or is complete.
 *
 * An unknown op, or one that fits no part, changes nothing.
 */

import { callOf, change, close, fileOf, newPart, type Part, resultOf, textOf } from "./part-model";
import type { Growing, PartOp } from "./wire-ops";
import type { WireCall, WireLabel } from "./wire-values";

/** An op that arrives complete. */
type CompleteOp = Extract<PartOp, { kind: "citation" | "file" | `${string}_result` }>;
/** An op that starts, grows or ends a part. */
type GrowingOp = Exclude<PartOp, CompleteOp>;
/** What an op that starts, grows or ends a part may have. */
interface GrowingFields extends WireCall {
	tool_call_id?: string;
	tool_name?: string;
	label?: WireLabel;
	chunk?: string;
	text?: string;
}
type Parts = (Part | undefined)[];

// More parts than any answer has, so that a wrong index cannot create a huge array.
export const MAX_PARTS = 10_000;

const GROWING_OP = /^(text|thinking|refusal|tool|builtin_tool)_(start|delta|end)$/;

const COMPLETE_OPS: ReadonlySet<string> = new Set([
	"citation",
	"file",
	"builtin_tool_result",
	"tool_result",
] satisfies CompleteOp["kind"][]);

/** Applies an op to the part at its index. Returns false if the op is for no part. */
export function applyToPart(parts: Parts, op: PartOp, now: number): boolean {
	const [, family, step] = GROWING_OP.exec(op.kind) ?? [];
	const isIndex = Number.isInteger(op.index) && op.index >= 0 && op.index < MAX_PARTS;
	if (!isIndex || !(family || COMPLETE_OPS.has(op.kind))) return false;
	if (family) grow(parts, op as GrowingOp, family as Growing, step, now);
	else setPart(parts, op as CompleteOp, now);
	return true;
}

/** Applies a start, delta or end op. */
function grow(
	parts: Parts,
	op: GrowingOp,
	family: Growing,
	step: string | undefined,
	now: number,
): void {
	const fields: GrowingFields = op;
	const { tool_call_id: toolCallId = "", tool_name: toolName = "", label, chunk, text } = fields;
	let part = parts[op.index];
	// A second start at the same index is a retry: the provider begins again.
	if (step === "start" || !part)
		part = parts[op.index] = newPart(family, now, { toolCallId, toolName });
	if (part.family !== family) return;
	if (label) change(part, { label: { ...label } });
	if (chunk && typeof chunk === "string") part.chunks.push(chunk);
	// The page may have closed it, because it had lost the kernel.
	if (step === "delta") part.open = true;
	if (typeof text === "string" && text !== textOf(part)) part.chunks = text ? [text] : [];
	if (fields.inputs || fields.details || fields.language || fields.server)
		change(part, { call: callOf(fields) });
	if (step === "end") close(part, now);
}

/** Applies an op that arrives complete: a citation, a file or a result. */
function setPart(parts: Parts, op: CompleteOp, now: number): void {
	const before = parts[op.index];
	if (op.kind === "citation") {
		if (before?.family !== "text" || typeof op.citation !== "object" || !op.citation) return;
		// Pushed, not copied, so that a source costs the same however many there are.
		before.citations.push(op.citation);
		change(before, {});
	} else if (op.kind === "file") {
		// A better version of a picture replaces it in the same part.
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
