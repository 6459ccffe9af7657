/**
 * The parts in their order, each painted as far as it reaches.
 *
 * Knows which view a part has and what of it is painted. Refuses to know what
 * is in a view. What belongs together (group-parts.ts) is one view.
 */

import type { Family } from "./events";
import { groupParts } from "./group-parts";
import type { Part } from "./part-model";
import { builtinView } from "./parts/builtin";
import { fileView } from "./parts/file";
import type { MakePartView, PartView } from "./parts/part";
import { refusalView } from "./parts/refusal";
import { resultView } from "./parts/result";
import { textView } from "./parts/text";
import { thinkingView } from "./parts/thinking";
import { toolView } from "./parts/tool";

const makers: Record<Family, MakePartView> = {
	text: textView,
	thinking: thinkingView,
	refusal: refusalView,
	tool: toolView,
	builtin_tool: builtinView,
	result: resultView,
	file: fileView,
};

/** A view, and how far each of its parts is in it. */
interface Painted {
	readonly view: PartView;
	readonly gone: AbortController;
	readonly parts: Part[];
	readonly chunks: number[];
	stamp: string;
	ended: boolean;
}

export interface PartList {
	/** Returns whether there is anything to see. */
	paint(parts: (Part | undefined)[], live: boolean): boolean;
}

export function partList(body: HTMLElement, signal: AbortSignal): PartList {
	const painted: (Painted | undefined)[] = [];

	const add = (part: Part, at: number): Painted => {
		const gone = new AbortController();
		signal.addEventListener("abort", () => gone.abort(), { signal: gone.signal });
		const view = makers[part.family](part, gone.signal);
		const next = painted.slice(at + 1).find((other) => other);
		body.insertBefore(view.el, next?.view.el ?? null);
		return { view, gone, parts: [part], chunks: [0], stamp: "", ended: false };
	};

	const remove = (at: number) => {
		painted[at]?.gone.abort();
		painted[at]?.view.el.remove();
		painted[at] = undefined;
	};

	/** Something else stands in the place of what was painted. */
	const restart = (p: Painted, parts: Part[]): boolean => {
		if (p.parts[0]?.family !== parts[0]?.family || !p.view.replace) return false;
		// Text parts are all alike to a view; any other knows the one it was made for.
		if (p.parts[0] !== parts[0] && parts[0]?.family !== "text") return false;
		p.view.replace("");
		p.parts.splice(0, p.parts.length, ...parts);
		p.chunks.fill(0);
		Object.assign(p, { stamp: "", ended: false });
		return true;
	};

	return {
		paint(parts, live) {
			const groups = groupParts(parts);
			// Of what has something after it, no more comes; calls may go on side by side.
			const last = groups.findLastIndex((group) => group?.[0] && !isAside(group[0]));
			let shown = false;
			for (let i = 0; i < Math.max(groups.length, painted.length); i++) {
				const group = groups[i];
				let p = painted[i];
				if (p && !(group && (continues(p, group) || restart(p, group)))) {
					remove(i);
					p = undefined;
				}
				if (!group?.[0]) continue;
				p ??= painted[i] = add(group[0], i);
				grow(p, group, live && i >= last);
				shown ||=
					!/^(?:text|refusal)$/.test(group[0].family) || p.chunks.some((count) => count > 0);
			}
			painted.length = groups.length;
			return shown;
		},
	};
}

function isAside({ family, open }: Part): boolean {
	return family === "builtin_tool" || family === "result" || (family === "file" && open);
}

/** Whether what is new comes after all that is painted. */
function continues(p: Painted, group: Part[]): boolean {
	if (p.parts.some((part, k) => part !== group[k])) return false;
	const reached = p.parts.length - 1;
	const earlier = p.parts.some((part, k) => k < reached && part.chunks.length > (p.chunks[k] ?? 0));
	const more = group
		.slice(reached)
		.some((part, k) => part.chunks.length > (k ? 0 : (p.chunks[reached] ?? 0)));
	return !earlier && !(p.ended && more);
}

function grow(p: Painted, group: Part[], goesOn: boolean): void {
	const { view } = p;
	for (const [k, part] of group.entries()) {
		const from = p.chunks[k] ?? 0;
		if (from < part.chunks.length) view.append(part.chunks.slice(from).join(""));
		p.parts[k] = part;
		p.chunks[k] = part.chunks.length;
	}
	const stamp = `${group.map(({ changes }) => changes)} ${goesOn}`;
	if (stamp !== p.stamp) view.update?.(group, goesOn);
	p.stamp = stamp;
	const open = group.some((part) => part.open);
	if (open) view.el.setAttribute("aria-busy", "true");
	else view.el.removeAttribute("aria-busy");
	// A text may go on in the part after it.
	const over = !open && !(goesOn && group[0]?.family === "text");
	if (over && !p.ended) view.end();
	p.ended = over;
}
