/**
 * Draws the error box below an answer that failed: title, text and how to fix it.
 */

import { element } from "./parts/part";
import type { Failure } from "./wire-values";

// A line of the remedy that looks like a command is shown in the monospace font.
const COMMAND =
	/^\s*(?:[%!$>]|(?:pip|uv|conda|npm|npx|brew|apt|apt-get|docker|ollama|python3?|jupyter|export|set|curl)\s|[A-Z][A-Z0-9_]*=|os\.environ)/;

/** Creates the error box. Its role is "alert", so call this only when there is an error. */
export function failureBox(error: Failure): HTMLElement {
	const box = element("div", "nbstream-error");
	box.setAttribute("role", "alert");
	const text = error.text ?? "";
	if (error.title) box.append(element("div", "nbstream-error-title", error.title));
	if (text) box.append(foldable("nbstream-error-text", text));
	for (const line of (error.remedy ?? "").split("\n")) {
		if (!line.trim()) continue;
		const command = COMMAND.test(line);
		box.append(element(command ? "code" : "div", "nbstream-error-remedy", line));
	}
	return box;
}

/** A text longer than this, in characters or lines, is folded after its beginning. */
const LONG = 600;
const LONG_LINES = 8;
const BEGINNING = 400;

/** Draws a text; the end of a long one in a `<details>` after its beginning. */
function foldable(className: string, text: string): HTMLElement {
	const lines = text.split("\n");
	if (text.length <= LONG && lines.length <= LONG_LINES) return element("div", className, text);
	const first = lines.slice(0, LONG_LINES).join("\n").slice(0, BEGINNING);
	const rest = text.slice(first.length).replace(/^\n/, "");
	const summary = element("summary", "nbstream-disclosure-summary", "Show the whole text");
	const pane = element("div", "nbstream-disclosure-pane", rest);
	const more = element("details", "nbstream-disclosure", summary, pane);
	return element("div", className, `${first}…`, more);
}
