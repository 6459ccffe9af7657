/**
 * Parses Markdown link reference definitions, `[label]: url "title"`, at the start of a
 * paragraph (CommonMark spec 4.7).
 *
 * Reads as many complete definitions as there are, and reports whether the text after
 * them could become another one when more text arrives.
 */

import { endOf, matchAt } from "../../match";
import { type NamedEntity, unescapeText } from "../entities";
import { destinationAt, SPACES, titleAt } from "../inline/destination";
import { labelAt, normalizeLabel } from "../inline/label";
import { MAX_DEFINITION } from "../limits";

/** One definition. */
export interface Definition {
	readonly label: string;
	readonly href: string;
	readonly title: string;
}

/** The definitions at the start of a text. */
export interface Definitions {
	readonly found: readonly Definition[];
	/** Characters of the text that the definitions take up. */
	readonly length: number;
	/** Where the last one begins. More text changes none before it. */
	readonly last: number;
	/** The rest may become another definition when more text arrives. */
	readonly undecided: boolean;
}

const LINE_END = /[ \t]*(?:\n|$)/y;

/** Parses all definitions at the start of a text. */
export function readDefinitions(text: string, named: NamedEntity): Definitions {
	const found: Definition[] = [];
	let at = 0;
	let last = 0;
	let undecided: boolean | null = null;
	while (undecided === null && text[at] === "[") {
		const open = text.length - at < MAX_DEFINITION;
		const one = readDefinition(text.slice(at, at + MAX_DEFINITION), named);
		if (one && one !== "more") {
			found.push(one.definition);
			last = at;
			at += one.length;
			if (one.extendable) undecided = open;
		} else undecided = one !== null && open;
	}
	return { found, length: at, last, undecided: undecided ?? at === text.length };
}

/** One definition, and where it ends. */
interface Parsed {
	readonly definition: Definition;
	readonly length: number;
	/** True if more text could still change the definition. */
	readonly extendable: boolean;
}

/** Parses one definition; "more" if the text may end inside it. */
function readDefinition(text: string, named: NamedEntity): Parsed | "more" | null {
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
	const one = (title: string, length: number, extendable: boolean): Parsed => ({
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
	// No title, or one followed by text: then the definition ends with the
	// destination, if that ends its line.
	return plain === null ? null : one("", plain, gap >= end);
}

/** The end of the line, if only spaces come before it; else null. */
function endOfLine(text: string, at: number): number | null {
	const found = matchAt(LINE_END, text, at);
	return found && at + found[0].length;
}
