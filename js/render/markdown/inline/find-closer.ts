/**
 * The far end of what opens with two characters: a formula, a comment.
 *
 * Knows not to look twice through the same text. Refuses to know what opens.
 */

import { SPAN } from "../limits";

/** Closers, and up to where a text has none of them. */
export type Absent = Map<string, number>;

/** Where `closer` begins, at least two characters after `at` and not too far; else -1. */
export function closerAfter(text: string, at: number, closer: string, absent: Absent): number {
	const from = Math.max(at + 2, absent.get(closer) ?? 0);
	const found = text.slice(from, at + SPAN).indexOf(closer);
	if (found >= 0) return from + found;
	// The last characters may be the first of a closer.
	absent.set(closer, at + SPAN - closer.length + 1);
	return -1;
}
