/**
 * Draws the numbered list of cited sources below the answer, each source once, and numbers the
 * sources for the marks in the text (parts/cite.ts).
 */

import type { Part } from "./part-model";
import { addTo, goToMark, onPress, renumber, setNumber } from "./parts/cite";
import { element } from "./parts/part";
import { sourceKey, sourceLine } from "./parts/source";
import type { WireSource } from "./wire-values";

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
			const moved = painted.some((key, i) => key !== keys[i]);
			if (moved) {
				list.replaceChildren();
				painted = [];
			}
			for (const [i, [key, citations]] of [...sources].entries()) {
				for (const source of citations) setNumber(source, i + 1);
				if (i >= painted.length) list.append(row(i + 1, citations));
				linkBack(list.children[i] as HTMLElement, i + 1, citations);
				painted[i] = key;
			}
			if (moved && el.parentElement) renumber(el.parentElement);
			count.textContent = keys.length > 1 ? String(keys.length) : "";
			el.hidden = keys.length === 0;
		},
	};
}

/** The class of a row whose number leads back to the text. */
const LINKED = "nbstream-linked";

/** Draws one source with its number. */
function row(number: number, [source]: WireSource[]): HTMLElement {
	const back = element("span", "nbstream-source-number", String(number));
	const el = element("li", "nbstream-source-row", back, sourceLine(source as WireSource));
	el.tabIndex = -1;
	return el;
}

/** Makes the number of a row a link back to the text, if the text has the number. */
function linkBack(el: HTMLElement, number: number, citations: WireSource[]): void {
	const back = el.firstElementChild as HTMLElement;
	if (el.classList.contains(LINKED) || !citations.some(hasPlace)) return;
	el.classList.add(LINKED);
	back.tabIndex = 0;
	back.setAttribute("role", "link");
	back.setAttribute("aria-label", `${number}, back to the text`);
	onPress(back, () => goToMark(el, number));
}

function hasPlace({ start, end }: WireSource): boolean {
	return typeof start === "number" || typeof end === "number";
}

/** The citations of all parts by the key of their source, in the order of the sources. */
function unique(parts: (Part | undefined)[]): Map<string, WireSource[]> {
	const found = new Map<string, WireSource[]>();
	for (const source of parts.flatMap((part) => part?.citations ?? [])) {
		const key = source && sourceKey(source);
		if (key) addTo(found, key, source);
	}
	return found;
}
