/**
 * Decides whether an unfinished Markdown line may be shown while it streams.
 *
 * The first characters of a line can still change what the line is: `-` may become a
 * bullet, a heading's underline or a rule. While that is open the line is held back, so
 * that nothing is painted and then removed. It also says when the kind of the line is
 * settled, so that the line need not be parsed again.
 */

import type { Grammar } from "../grammar";
import { environmentCloser, mayBeEnvironment } from "../inline/math";
import { HOLD_LINE, MAX_SPAN } from "../limits";
import { mayBeDetails } from "./details";
import type { Parser } from "./parser";

/** Held: do not show it. Shown: show it, but parse it again. Settled: its kind cannot change. */
export type Verdict = "held" | "shown" | "settled";

const MARKERS = /^(?:[-=*_+#>`~|:\s]|\d{1,9}(?:[.)]|$))*$/;
/** A long line that may still be a rule, an underline or a delimiter row. */
const RULE = /^(?:([*_=])(?:\1|\s)*|[-|:\s]*)$/;
/** The start of a display formula, or text that may still become one. */
const FORMULA = /^(?:\$\$(?!\$)|\\\[|[$\\]$)/;
const TASK = /^\[[ xX]?(?:\][ \t]*)?$/;
/** The start of a footnote without its text, or text that may still become one. */
const FOOTNOTE = /^\[(?:$|\^[^\]\s[]{0,100}(?:$|\](?:$|:\s*$)))/;

/** Judges the unfinished line, which `trial` (a copy of the parser) has just parsed. */
export function judgeLine(trial: Parser): Verdict {
	const { tip, body, grammar } = trial;
	if (tip.kind === "heading" && !tip.origin) {
		if (tip.source.parts.length === 0) return "held";
		return tip.growing ? "settled" : "shown";
	}
	if (tip.kind === "code") {
		// `-     -` is code in an item, until it is a rule.
		if (!tip.origin) {
			const tag = grammar.tags && mayBeDetails(body);
			return tip.fence || MARKERS.test(body) || tag ? "held" : "settled";
		}
		if (!body.trim()) return "held";
		return tip.fence && onlyFence(body, tip.fence.char) ? "held" : "settled";
	}
	if (!body.trim()) return "held";
	if (tip.kind === "html" || tip.kind === "math")
		return !tip.origin && isHeldMath(body, grammar) ? "held" : "shown";
	if (body.length < HOLD_LINE) {
		// In a table, pipes are a row of empty cells.
		const row = tip.kind === "table" && /\|\s*\S|.\|/.test(body);
		if (!row && MARKERS.test(body)) return "held";
		// A line that was shown is not held later, since the text before it may be committed.
		if (body === "<" || TASK.test(body) || isHeldMath(body, grammar)) return "held";
		if (grammar.footnotes && FOOTNOTE.test(body)) return "held";
		if (grammar.tags && mayBeDetails(body)) return "held";
	}
	return tip.kind === "paragraph" && settled(body, grammar) ? "settled" : "shown";
}

/** Whether an unfinished line has only fence characters, so it may become a closing fence. */
function onlyFence(body: string, char: string): boolean {
	return body.length < HOLD_LINE && body.replaceAll(char, "").trim() === "";
}

/** Whether an unfinished line that may begin a display formula is short enough to be held. */
function isHeldMath(body: string, grammar: Grammar): boolean {
	return grammar.math && body.length < HOLD_LINE && mayBeFormula(body);
}

/** Whether a line begins a display formula, or may do so when more text arrives. */
function mayBeFormula(body: string): boolean {
	return FORMULA.test(body) || mayBeEnvironment(body, 0) || environmentCloser(body, 0) !== "";
}

/** Whether the line is text of a paragraph, whatever follows on it. */
function settled(body: string, grammar: Grammar): boolean {
	switch (body[0]) {
		case "[": {
			const close = body.indexOf("]");
			if (close < 0) return body.length > 110;
			if (body[close + 1] === ":") return body.length >= HOLD_LINE && body[1] !== "^";
			return close + 1 < body.length && !TASK.test(body);
		}
		case "<":
			return grammar.tags && !mayBeDetails(body);
		case "$":
		case "\\":
			return !grammar.math || !mayBeFormula(body) || body.trim().length > MAX_SPAN;
		default:
			// Other markers are held until the line is too long for them.
			return !RULE.test(body);
	}
}
