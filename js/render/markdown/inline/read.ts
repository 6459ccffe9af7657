/**
 * A leaf's inlines all at once, for a leaf that is complete.
 */

import { endOf } from "../../match";
import type { Grammar } from "../options";
import type { Lookup } from "./brackets";
import type { Inline } from "./node";
import { FRESH, Scan } from "./scan";

export function readInlines(text: string, grammar: Grammar, lookup: Lookup): Inline {
	const trimmed = trimSpaces(text);
	return new Scan(trimmed, grammar, lookup, FRESH, trimmed.length, true).run().root;
}

/** Only what Markdown calls space: a no-break space at the end stays. */
export function trimSpaces(text: string): string {
	let to = text.length;
	const from = endOf(/[\t-\r ]*/y, text, 0);
	while (to > from && /[\t-\r ]/.test(text.charAt(to - 1))) to--;
	return text.slice(from, to);
}
