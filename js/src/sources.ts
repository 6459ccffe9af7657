/**
 * Draws the numbered list of cited sources below the answer, each source once.
 */

import type { WireSource } from "./events";
import type { Part } from "./part-model";
import { element } from "./parts/part";
import { sourceKey, sourceLine } from "./parts/source";

/** The section, and a method that adds the sources of new parts. */
export interface Sources {
	readonly el: HTMLElement;
	paint(parts: (Part | undefined)[]): void;
}

/** Creates the section, which is hidden while it has no sources. */
export function sourcesSection(): Sources {
	const list = element("ol", "nbstream-source-list");
	const count = element("span", "nbstream-tail");
	const summary = element("summary", "nbstream-disclosure-summary", "Sources", count);
	summary.dataset.lmSuppressShortcuts = "true";
	const el = element("details", "nbstream-disclosure nbstream-sources", summary, list);
	el.open = true;
	el.hidden = true;
	let painted: string[] = [];
	let seen: (readonly [WireSource[] | undefined, number])[] = [];

	return {
		el,
		paint(parts) {
			const same = parts.every((part, i) => {
				const [citations, count] = seen[i] ?? [];
				return part?.citations === citations && (part?.citations.length ?? 0) === count;
			});
			if (same && parts.length === seen.length) return;
			seen = parts.map((part) => [part?.citations, part?.citations.length ?? 0]);
			const sources = unique(parts);
			const keys = [...sources.keys()];
			// Keep the rows that are there: the user may have selected them.
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

/** The sources of all parts by their keys, without duplicates. */
function unique(parts: (Part | undefined)[]): Map<string, WireSource> {
	const found = new Map<string, WireSource>();
	for (const source of parts.flatMap((part) => part?.citations ?? [])) {
		const key = source && sourceKey(source);
		if (key && !found.has(key)) found.set(key, source);
	}
	return found;
}
