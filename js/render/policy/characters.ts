/**
 * Shows control characters, and those that reorder the text around them, by their names.
 */

import { characters } from "../../../nbstream/display/policy/policy.json";
import { compile } from "./rule";

const HIDDEN = compile(characters, "hidden", "g");
const STACKED = compile(characters, "stacked", "g");
/** What is hidden in code, for `visible`: also characters that are invisible and of no use in code. */
export const IN_CODE = /* @__PURE__ */ compile(characters, "code", "gu");

const name = (char: string) =>
	`\u27e8U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}\u27e9`;

/** Replaces hidden characters by names such as ⟨U+202E⟩, and leaves out most marks of a pile. */
export function visible(text: string, hidden = HIDDEN): string {
	return text.replace(hidden, name).replace(STACKED, "$1");
}
