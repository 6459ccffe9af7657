/**
 * Groups the parts of an answer that one view draws together: texts that a provider splits
 * where it cites a source, the texts of a typed answer, adjacent thinking, a tool call with its
 * results, and calls of a provider's tool in a row.
 *
 * The rule for texts is the same as in Python's `display/text_runs.py`; the cases of both are in
 * `tests/samples/words.json`.
 */

import type { Part } from "./part-model";

/** Returns the groups of parts, each at the index of its first part; a part alone is a group. */
export function groupParts(parts: (Part | undefined)[]): (Part[] | undefined)[] {
	const groups: (Part[] | undefined)[] = new Array(parts.length);
	const calls = new Map<string, Part[]>();
	let output: Part[] | undefined;
	/** The group that the next part may continue. */
	let open: Part[] | undefined;
	for (const [i, part] of parts.entries()) {
		const call = part?.family === "result" ? calls.get(part.toolCallId) : undefined;
		const typed = part?.output ? output : undefined;
		let group = call ?? typed ?? (part && open && isContinued(open, part) ? open : undefined);
		if (!part) group = undefined;
		else if (group) group.push(part);
		else group = groups[i] = [part];
		if (part?.output) output ??= group;
		open = call && call !== open ? undefined : group;
		if (part && group && /tool$/.test(part.family) && part.toolCallId)
			calls.set(part.toolCallId, group);
	}
	return groups;
}

/** Whether a part belongs to the group before it: thinking; a call of the same provider's tool, if
 *  several are shown as one; texts of which one cites a source, where a provider splits a text. */
function isContinued(group: Part[], part: Part): boolean {
	const [first, last] = [group[0] as Part, group.at(-1) as Part];
	if (first.family !== part.family) return false;
	if (part.family === "builtin_tool") return first.label.many === (part.label.many ?? 0);
	if (part.family === "text") return Boolean(last.citations.length || part.citations.length);
	return part.family === "thinking";
}
