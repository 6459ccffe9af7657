/**
 * Shows control characters, and those that reorder the text around them, by their names.
 */

import { characters } from "../../../nbstream/display/policy/policy.json";
import { compile } from "./rule";

const HIDDEN = compile(characters, "hidden", "g");
const STACKED = compile(characters, "stacked", "g");

/** Replaces hidden characters by names such as ⟨U+202E⟩, and leaves out most marks of a pile. */
export function visible(text: string): string {
	const name = (char: string) => char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
	return text.replace(HIDDEN, (char) => `\u27e8U+${name(char)}\u27e9`).replace(STACKED, "$1");
}
