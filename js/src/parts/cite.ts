/**
 * Draws the numbers of the cited sources in a text, such as [1], where the provider cites them.
 *
 * A citation with an end comes after that character; one of a whole part comes at the part's end;
 * any other is only in the list of sources (sources.ts), which also gives the numbers. The rule is
 * the same in Python's `display/marks.py`.
 */

import { visible } from "../../render";
import type { Part } from "../part-model";
import type { WireSource } from "../wire-values";
import { element } from "./part";
import { cleanText, sourceName, webLink } from "./source";

/** The numbers of the sources, from 1. */
const numbers = new WeakMap<WireSource, number>();
/** The citations that a number in the text stands for. */
const cited = new WeakMap<Element, WireSource[]>();

/** Sets the number of a source. */
export function setNumber(source: WireSource, number: number): void {
	numbers.set(source, number);
}

/** Adds a citation to those of a key. */
export function addTo<Key>(lists: Map<Key, WireSource[]>, key: Key, source: WireSource): void {
	const list = lists.get(key);
	if (list) list.push(source);
	else lists.set(key, [source]);
}

/** The marks of one text. */
export interface CiteMarks {
	/** Adds the marks of new citations in the parts of the text. */
	update(parts: readonly Part[]): void;
	/** Forgets all marks, since the text begins again. */
	clear(): void;
}

/** Creates the marks of a text; `place` puts an element after so many characters of it. */
export function citeMarks(place: (at: number, el: HTMLElement) => void): CiteMarks {
	/** The box for each position. */
	const boxes = new Map<number, HTMLElement>();
	/** The citations that are drawn, and those whose list was replaced. */
	let drawn = new Set<WireSource>();
	let lists: WireSource[][] = [];

	const boxAt = (at: number) => {
		let box = boxes.get(at);
		if (!box) {
			box = element("sup", "nbstream-cites");
			boxes.set(at, box);
			place(at, box);
		}
		return box;
	};

	return {
		update(parts) {
			if (!parts.some(({ citations }) => citations.length)) return;
			if (lists.some((list, i) => list.length && list !== parts[i]?.citations)) {
				for (const box of boxes.values()) box.replaceChildren();
				drawn = new Set();
			}
			lists = parts.map(({ citations }) => citations);
			const added = new Map<HTMLElement, WireSource[]>();
			let base = 0;
			for (const [i, { citations, chunks, open }] of parts.entries()) {
				const text = chunks.join("");
				const isWhole = !open || i < parts.length - 1;
				for (const source of citations) {
					if (drawn.has(source)) continue;
					const at = placeIn(text, source, isWhole);
					if (at === null) continue;
					drawn.add(source);
					if (!numbers.get(source)) continue;
					const box = boxAt(base + at);
					if (!added.has(box)) added.set(box, sourcesIn(box));
					addTo(added, box, source);
				}
				base += text.length;
			}
			for (const [box, sources] of added) fill(box, sources);
		},
		clear() {
			boxes.clear();
			drawn.clear();
			lists = [];
		},
	};
}

/** The position of a citation in the text of its part; null if it has none, or none yet. */
function placeIn(text: string, { start, end }: WireSource, isWhole: boolean): number | null {
	if (typeof end === "number") {
		const at = unitsOf(text, end);
		return end > 0 && (isWhole || at < text.length || end === at) ? at : null;
	}
	return typeof start === "number" && isWhole ? text.length : null;
}

/** The length of the first `count` characters in UTF-16 units, at most that of the text. */
function unitsOf(text: string, count: number): number {
	if (count >= text.length || !/[\ud800-\udbff]/.test(text)) return Math.min(count, text.length);
	let units = 0;
	for (let i = 0; i < count && units < text.length; i++)
		units += (text.codePointAt(units) as number) > 0xffff ? 2 : 1;
	return units;
}

/** Draws the numbers of one position in order, each once. */
function fill(box: HTMLElement, sources: WireSource[]): void {
	const bySource = new Map<number, WireSource[]>();
	for (const source of sources) addTo(bySource, numbers.get(source) ?? 0, source);
	const sorted = [...bySource].sort(([a], [b]) => a - b);
	box.replaceChildren(...sorted.map(([number, group]) => mark(number, group)));
}

/** The title of a number has at most so many quotations. */
const MAX_QUOTES = 3;

/** The number of a source as a link to its row. */
function mark(number: number, sources: WireSource[]): HTMLElement {
	const el = element("a", "nbstream-cite", `[${number}]`);
	const [first] = sources as [WireSource];
	const name = sourceName(first);
	const host = (first.url && webLink(first.url, "")?.host) || "";
	const quotes = new Set(
		sources
			.slice(0, MAX_QUOTES)
			.map(({ cited_text }) => cleanText(cited_text))
			.filter(Boolean),
	);
	const lines = [name, name === host ? "" : host, ...[...quotes].map((quote) => `“${quote}”`)];
	el.title = lines.filter(Boolean).join("\n");
	el.tabIndex = 0;
	el.setAttribute("role", "link"); // it has no address, and leads to a row of the list
	el.setAttribute("aria-label", visible(`Source ${number}: ${name}`));
	onPress(el, () => goToRow(el, number));
	cited.set(el, sources);
	return el;
}

/** Calls `go` at a click and at Enter, which the host does not get as a shortcut. */
export function onPress(el: HTMLElement, go: () => void): void {
	el.addEventListener("click", go);
	el.addEventListener("keydown", (event) => {
		if (event.key === "Enter") go();
	});
}

/** Draws the marks of a view again, since numbers have changed. */
export function renumber(root: ParentNode): void {
	for (const box of root.querySelectorAll<HTMLElement>(".nbstream-cites"))
		fill(box, sourcesIn(box));
}

/** The citations that a box shows. */
function sourcesIn(box: HTMLElement): WireSource[] {
	return [...box.children].flatMap((el) => cited.get(el) ?? []);
}

/** The mark from which the reader came to a row. */
const origins = new WeakMap<Element, HTMLElement>();

function goToRow(el: HTMLElement, number: number): void {
	const list = el.closest(".nbstream")?.querySelector<HTMLDetailsElement>(".nbstream-sources");
	const row = list?.querySelectorAll<HTMLElement>(".nbstream-source-row")[number - 1];
	if (!list || !row) return;
	list.open = true;
	origins.set(row, el);
	row.focus({ preventScroll: true });
	row.scrollIntoView({ block: "nearest" });
}

/** Goes from a row back to the mark that led there, or to the first one of its source. */
export function goToMark(row: HTMLElement, number: number): void {
	const root = row.closest(".nbstream");
	const from = origins.get(row);
	const marks = [...(root?.querySelectorAll<HTMLElement>(".nbstream-cite") ?? [])];
	const target = from?.isConnected ? from : marks.find((el) => el.textContent === `[${number}]`);
	target?.focus({ preventScroll: true });
	target?.scrollIntoView({ block: "nearest" });
}
