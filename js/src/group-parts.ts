/**
 * Groups the parts of an answer that one view draws together: texts that a provider splits
 * where it cites a source, and a tool call with its results.
 *
 * The rule for texts is the same as in Python's `display/text_runs.py`.
 */

import type { Part } from "./part-model";

/** Returns the groups of parts, each at the index of its first part; a part alone is a group. */
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

/** Whether one of two adjacent texts cites a source, which is where a provider splits a text. */
function isCited(before: Part | undefined, part: Part): boolean {
	return Boolean(before?.citations.length || part.citations.length);
}
