/**
 * Link reference definitions at the start of a paragraph, spec 4.7.
 *
 * Knows how to read as many as are complete, and whether what follows them
 * could still become one when more text comes.
 */

import { endOf, matchAt } from "../../match";
import { type NamedEntity, unescapeText } from "../entities";
import { destinationAt, SPACES, titleAt } from "../inline/destination";
import { labelAt, normalizeLabel } from "../inline/label";
import { MAX_DEFINITION } from "../limits";

export interface Definition {
	readonly label: string;
	readonly href: string;
	readonly title: string;
}

export interface Definitions {
	readonly found: readonly Definition[];
	/** How much of the text they are. */
	readonly length: number;
	/** The rest may become one more when the paragraph goes on. */
	readonly undecided: boolean;
}

const LINE_END = /[ \t]*(?:\n|$)/y;

export function readDefinitions(text: string, named: NamedEntity): Definitions {
	const found: Definition[] = [];
	let at = 0;
	let undecided: boolean | null = null;
	while (undecided === null && text[at] === "[") {
		const open = text.length - at < MAX_DEFINITION;
		const one = readOne(text.slice(at, at + MAX_DEFINITION), named);
		if (one && one !== "more") {
			found.push(one.definition);
			at += one.length;
			if (one.extendable) undecided = open;
		} else undecided = one !== null && open;
	}
	return { found, length: at, undecided: undecided ?? at === text.length };
}

interface One {
	readonly definition: Definition;
	readonly length: number;
	/** More text could still change it; without more, it is this. */
	readonly extendable: boolean;
}

function readOne(text: string, named: NamedEntity): One | "more" | null {
	const end = text.length;
	const label = labelAt(text, 0);
	if (label === "more") return "more";
	if (!label || !normalizeLabel(label)) return null;
	let at = label.length;
	if (at >= end) return "more";
	if (text[at] !== ":") return null;
	at = endOf(SPACES, text, at + 1);
	const destination = destinationAt(text, at, true);
	if (destination === "more" || at >= end) return "more";
	if (!destination) return null;
	at = destination.end;
	const one = (title: string, length: number, extendable: boolean): One => ({
		definition: {
			label: normalizeLabel(label),
			href: unescapeText(destination.raw, named),
			title: unescapeText(title, named),
		},
		length,
		extendable,
	});

	const plain = endOfLine(text, at);
	const gap = endOf(SPACES, text, at);
	const title = gap > at ? titleAt(text, gap) : null;
	if (title === "more") return plain === null ? "more" : one("", plain, true);
	const after = title && endOfLine(text, title.end);
	if (title && after !== null) return one(title.raw, after, after >= end);
	// No title, or one that is not alone on its line: then it must stand on a
	// line of its own, to be text.
	return plain === null ? null : one("", plain, gap >= end);
}

function endOfLine(text: string, at: number): number | null {
	const found = matchAt(LINE_END, text, at);
	return found && at + found[0].length;
}
