/**
 * A leaf's inlines all at once, for a leaf that is complete.
 */

import { trimSpaces } from "../chars";
import type { Grammar } from "../grammar";
import type { Lookup } from "./brackets";
import type { Inline } from "./node";
import { SCAN_START, Scan } from "./scan";

export function readInlines(text: string, grammar: Grammar, lookup: Lookup): Inline {
	const trimmed = trimSpaces(text);
	return new Scan(trimmed, grammar, lookup, SCAN_START, trimmed.length, true).run().root;
}
