/**
 * Which parts are one thing to a reader.
 *
 * Knows two cases: a sentence that a provider parts where a source is named,
 * and a tool's call with what came of it. Refuses to know how they look. The
 * rule for texts is that of Python's `render/text.py`.
 */

import type { Part } from "./part-model";

/** Groups of parts, each in the place of its first one. */
export function groupParts(parts: (Part | undefined)[]): (Part[] | undefined)[] {
	const groups: (Part[] | undefined)[] = new Array(parts.length);
	const calls = new Map<string, Part[]>();
	let text: Part[] | null = null;
	for (const [i, part] of parts.entries()) {
		if (!part) {
			text = null;
			continue;
		}
		const call = part.family === "result" ? calls.get(part.toolCallId) : undefined;
		if (call) call.push(part);
		else if (text && part.family === "text" && isCited(text.at(-1), part)) text.push(part);
		else groups[i] = [part];
		if (part.family !== "text") text = null;
		else text = groups[i] ?? text;
		if (/tool$/.test(part.family) && part.toolCallId) calls.set(part.toolCallId, groups[i] ?? []);
	}
	return groups;
}

function isCited(before: Part | undefined, part: Part): boolean {
	return Boolean(before?.citations.length || part.citations.length);
}
