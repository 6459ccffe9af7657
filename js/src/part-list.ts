/**
 * Draws the parts of an answer below each other, and updates them with only what is new.
 *
 * Parts that belong together (group-parts.ts) share one view.
 */

import { isLive } from "./answer";
import { groupParts } from "./group-parts";
import type { Part } from "./part-model";
import { builtinView } from "./parts/builtin";
import { fileView } from "./parts/file";
import { outputView } from "./parts/output-slot";
import type { MakePartView, PartView } from "./parts/part";
import { resultView } from "./parts/result";
import { stepView } from "./parts/run-slot";
import { promptView, refusalView, retryView, textView } from "./parts/text";
import { thinkingView } from "./parts/thinking";
import { toolView } from "./parts/tool";
import { isAwaited } from "./typed-answer";
import type { Family } from "./wire-ops";
import type { Status } from "./wire-values";

const makers: Record<Family, MakePartView> = {
	text: (part, signal) => (part.output ? outputView : textView)(part, signal),
	prompt: promptView,
	retry: retryView,
	step: stepView,
	thinking: thinkingView,
	refusal: refusalView,
	tool: toolView,
	builtin_tool: builtinView,
	result: resultView,
	file: fileView,
};

/** A view, and how many chunks of each of its parts it shows. */
interface Entry {
	readonly view: PartView;
	readonly removed: AbortController;
	readonly parts: Part[];
	readonly chunks: number[];
	/** The lists of those chunks. */
	readonly texts: string[][];
	/** Whether it was made for a typed answer. */
	readonly typed: boolean;
	version: string;
	ended: boolean;
}

/** The drawn parts of one view. */
export interface PartList {
	/** Draws what is new of the parts. */
	paint(parts: (Part | undefined)[], status: Status, from?: number): Painted;
}

/** What `PartList.paint` returns. */
export interface Painted {
	/** Whether anything is visible of the parts from index `from`. */
	readonly visible: boolean;
	/** Whether text is left to be drawn in the next frame. */
	readonly unfinished: boolean;
}

/** Creates an empty list that draws in `body` until the signal aborts. */
export function partList(body: HTMLElement, signal: AbortSignal): PartList {
	const painted: (Entry | undefined)[] = [];

	const add = (part: Part, at: number): Entry => {
		const removed = new AbortController();
		signal.addEventListener("abort", () => removed.abort(), { signal: removed.signal });
		const view = makers[part.family](part, removed.signal);
		const next = painted.slice(at + 1).find((other) => other);
		body.insertBefore(view.el, next?.view.el ?? null);
		const typed = part.output !== null;
		return {
			view,
			removed,
			parts: [part],
			chunks: [0],
			texts: [part.chunks],
			typed,
			version: "",
			ended: false,
		};
	};

	const remove = (at: number) => {
		painted[at]?.removed.abort();
		painted[at]?.view.el.remove();
		painted[at] = undefined;
	};

	/** Reuses a view for a different content. Returns false if the view cannot be reused. */
	const restart = (entry: Entry, parts: Part[]): boolean => {
		if (entry.parts[0]?.family !== parts[0]?.family || !entry.view.replace) return false;
		// A view of a text works for any text part; other views are bound to their part.
		if (entry.parts[0] !== parts[0] && parts[0]?.family !== "text") return false;
		entry.view.replace("");
		entry.parts.splice(0, entry.parts.length, ...parts);
		entry.texts.splice(0);
		entry.chunks.fill(0);
		Object.assign(entry, { version: "", ended: false });
		return true;
	};

	return {
		paint(parts, status, from = 0) {
			const groups = groupParts(parts);
			// A part that is followed by another one is complete; only tool calls run side by side.
			const last = groups.findLastIndex((group) => group?.[0] && !mayRunBeside(group[0]));
			const lastButTools = groups.findLastIndex(
				(group) => group?.[0] && !(group[0].family === "tool" || mayRunBeside(group[0])),
			);
			let visible = false;
			let unfinished = false;
			for (let i = 0; i < Math.max(groups.length, painted.length); i++) {
				const group = groups[i];
				let entry = painted[i];
				const usable = entry && group && entry.typed === (group[0]?.output !== null);
				if (entry && !(usable && (canAppend(entry, group) || restart(entry, group)))) {
					remove(i);
					entry = undefined;
				}
				if (!group?.[0]) continue;
				entry ??= painted[i] = add(group[0], i);
				const isLast = i >= (group[0].family === "tool" ? lastButTools : last);
				grow(entry, group, isLast ? status : null);
				if (entry.view.render?.()) unfinished = true;
				if (i < from) continue;
				visible ||=
					!entry.view.el.hidden &&
					((group[0].family !== "refusal" && !entry.typed) ||
						entry.chunks.some((count) => count > 0));
			}
			painted.length = groups.length;
			return { visible, unfinished };
		},
	};
}

/** True for parts that may arrive while the part before them still streams. */
function mayRunBeside(part: Part): boolean {
	const { family, open } = part;
	const runs = family === "builtin_tool" || family === "result";
	return runs || (family === "file" && open) || isAwaited(part);
}

/** Whether everything new comes after everything drawn, so that the view can be appended to. */
function canAppend(entry: Entry, group: Part[]): boolean {
	if (entry.texts.some((text, k) => text !== group[k]?.chunks)) return false;
	const reached = entry.parts.length - 1;
	const earlier = entry.parts.some(
		(part, k) => k < reached && part.chunks.length > (entry.chunks[k] ?? 0),
	);
	const isNewText = group
		.slice(reached)
		.some((part, k) => part.chunks.length > (k ? 0 : (entry.chunks[reached] ?? 0)));
	const isOpen = group.some(({ open }) => open);
	return !earlier && !(entry.ended && (isNewText || isOpen));
}

/** Draws what is new of a group of parts in its view, and ends the view with the parts. `status` is
 *  the answer's; null if other parts follow the group. */
function grow(entry: Entry, group: Part[], status: Status | null): void {
	const { view } = entry;
	const mayGrow = status !== null && isLive(status);
	for (const [k, part] of group.entries()) {
		const from = entry.chunks[k] ?? 0;
		if (k && !from && part.chunks.length && part.family === "thinking") view.append("\n\n");
		if (from < part.chunks.length) view.append(part.chunks.slice(from).join(""));
		entry.parts[k] = part;
		entry.chunks[k] = part.chunks.length;
		entry.texts[k] = part.chunks;
	}
	const version = `${group.map(({ changes, open }) => `${changes}${open}`)} ${status}`;
	if (version !== entry.version) view.update?.(group, mayGrow, status);
	entry.version = version;
	const open = group.some((part) => part.open);
	if (open) view.el.setAttribute("aria-busy", "true");
	else view.el.removeAttribute("aria-busy");
	// A text may continue in the next part (group-parts.ts).
	const over = !open && !(mayGrow && group[0]?.family === "text");
	if (over && !entry.ended) view.end();
	entry.ended = over;
}
