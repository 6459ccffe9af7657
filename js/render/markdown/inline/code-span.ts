/**
 * Parses code spans between backticks in Markdown text (CommonMark spec 6.1).
 *
 * Run lengths without a closing run are remembered, so that many unclosed runs are not
 * searched for again and again.
 */

import { matchAt } from "../../match";
import { MAX_SPAN } from "../limits";

const BACKTICKS = /`+/g;

/** Returns a function that finds the end of the closing run of a given length, or -1. */
export function closingRunFinder(text: string, final: boolean) {
	const notFound = new Set<number>();
	return (opener: number, length: number): number => {
		if (notFound.has(length)) return -1;
		let end = opener + length;
		for (let run = matchAt(BACKTICKS, text, end); run; run = matchAt(BACKTICKS, text, end)) {
			end = run.index + run[0].length;
			// A run at the end of the text may still grow.
			if (end > opener + MAX_SPAN || (end === text.length && !final)) return -1;
			if (run[0].length === length) return end;
		}
		notFound.add(length);
		return -1;
	};
}

/** The shown text of a code span: line endings become spaces, and one space is removed from
 * both ends. */
export function codeText(raw: string): string {
	const text = raw.replaceAll("\n", " ");
	const padded = text.startsWith(" ") && text.endsWith(" ") && /[^ ]/.test(text);
	return padded ? text.slice(1, -1) : text;
}
