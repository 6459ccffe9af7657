/**
 * The sources of the whole answer, below it: each once, numbered.
 *
 * Knows which ones are new. Refuses to know how one looks (parts/source.ts).
 */

import type { WireSource } from "./events";
import type { Part } from "./part-model";
import { element } from "./parts/part";
import { keyOf, sourceLine } from "./parts/source";

export interface Sources {
	readonly el: HTMLElement;
	paint(parts: (Part | undefined)[]): void;
}

export function sourcesBelow(): Sources {
	const list = element("ol", "nbstream-source-list");
	const count = element("span", "nbstream-tail");
	const summary = element("summary", "nbstream-fold-summary", "Sources", count);
	summary.dataset.lmSuppressShortcuts = "true";
	const el = element("details", "nbstream-fold nbstream-sources", summary, list);
	el.open = true;
	el.hidden = true;
	let painted: string[] = [];
	let taken: (readonly [WireSource[] | undefined, number])[] = [];

	return {
		el,
		paint(parts) {
			const same = parts.every((part, i) => {
				const [citations, count] = taken[i] ?? [];
				return part?.citations === citations && (part?.citations.length ?? 0) === count;
			});
			if (same && parts.length === taken.length) return;
			taken = parts.map((part) => [part?.citations, part?.citations.length ?? 0]);
			const sources = unique(parts);
			const keys = [...sources.keys()];
			// Rows that stand stay: one may be reading them.
			if (painted.some((key, i) => key !== keys[i])) {
				list.replaceChildren();
				painted = [];
			}
			for (const key of keys.slice(painted.length)) {
				const line = sourceLine(sources.get(key) as WireSource);
				list.append(element("li", "nbstream-source-row", line));
			}
			painted = keys;
			count.textContent = keys.length > 1 ? String(keys.length) : "";
			el.hidden = keys.length === 0;
		},
	};
}

function unique(parts: (Part | undefined)[]): Map<string, WireSource> {
	const found = new Map<string, WireSource>();
	for (const source of parts.flatMap((part) => part?.citations ?? [])) {
		const key = source && keyOf(source);
		if (key && !found.has(key)) found.set(key, source);
	}
	return found;
}
