/**
 * Code spans, spec 6.1.
 *
 * Knows runs of backticks and which lengths are not there any more, so that
 * unclosed ones of many lengths are not searched for again and again.
 */

import { matchAt } from "../../match";
import { MAX_SPAN } from "../limits";

const BACKTICKS = /`+/g;

/** Returns what finds the end of the run that closes one of a length, or -1. */
export function backticks(text: string, final: boolean) {
	const notFound = new Set<number>();
	return (opener: number, length: number): number => {
		if (notFound.has(length)) return -1;
		let end = opener + length;
		for (let run = matchAt(BACKTICKS, text, end); run; run = matchAt(BACKTICKS, text, end)) {
			end = run.index + run[0].length;
			// A run that reaches the edge may be longer than it looks.
			if (end > opener + MAX_SPAN || (end === text.length && !final)) return -1;
			if (run[0].length === length) return end;
		}
		notFound.add(length);
		return -1;
	};
}

/** Line endings are spaces; one space comes off both ends. */
export function codeText(raw: string): string {
	const text = raw.replaceAll("\n", " ");
	const padded = text.startsWith(" ") && text.endsWith(" ") && /[^ ]/.test(text);
	return padded ? text.slice(1, -1) : text;
}
