/**
 * Finds the closing marker of a formula, an HTML comment and the like in Markdown text, without
 * searching the same text twice.
 */

import { MAX_SPAN } from "../limits";

/** For each closer, the position up to which the text does not contain it. */
export type NotFound = Map<string, number>;

/** Where `closer` begins, at least 2 characters after `at` and within the limit; else -1. */
export function closerAfter(text: string, at: number, closer: string, notFound: NotFound): number {
	const from = Math.max(at + 2, notFound.get(closer) ?? 0);
	const found = text.slice(from, at + MAX_SPAN).indexOf(closer);
	if (found >= 0) return from + found;
	// The last characters may be the beginning of a closer.
	notFound.set(closer, at + MAX_SPAN - closer.length + 1);
	return -1;
}
