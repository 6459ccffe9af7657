/**
 * The far end of what opens with two characters: a formula, a comment.
 *
 * Knows not to look twice through the same text. Refuses to know what opens.
 */

import { MAX_SPAN } from "../limits";

/** Closers, and up to where a text has none of them. */
export type NotFound = Map<string, number>;

/** Where `closer` begins, at least two characters after `at` and not too far; else -1. */
export function closerAfter(text: string, at: number, closer: string, notFound: NotFound): number {
	const from = Math.max(at + 2, notFound.get(closer) ?? 0);
	const found = text.slice(from, at + MAX_SPAN).indexOf(closer);
	if (found >= 0) return from + found;
	// The last characters may be the first of a closer.
	notFound.set(closer, at + MAX_SPAN - closer.length + 1);
	return -1;
}
