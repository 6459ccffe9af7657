/**
 * Draws the error box below an answer that failed: title, text and how to fix it.
 */

import type { Failure } from "./events";
import { element } from "./parts/part";

// A line of the remedy that looks like a command is shown in the monospace font.
const COMMAND =
	/^\s*(?:[%!$>]|(?:pip|uv|conda|npm|npx|brew|apt|apt-get|docker|ollama|python3?|jupyter|export|set|curl)\s|[A-Z][A-Z0-9_]*=|os\.environ)/;

/** Creates the error box. Its role is "alert", so call this only when there is an error. */
export function failureBox(error: Failure): HTMLElement {
	const box = element("div", "nbstream-error");
	box.setAttribute("role", "alert");
	if (error.title) box.append(element("div", "nbstream-error-title", error.title));
	if (error.text) box.append(element("div", "nbstream-error-text", error.text));
	for (const line of (error.remedy ?? "").split("\n")) {
		if (!line.trim()) continue;
		const command = COMMAND.test(line);
		box.append(element(command ? "code" : "div", "nbstream-error-remedy", line));
	}
	return box;
}
