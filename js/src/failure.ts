/**
 * What went wrong, and the remedy, below whatever had come.
 *
 * Knows how an error reads. Refuses to know what caused it.
 */

import type { Failure } from "./events";
import { element } from "./parts/part";

// A remedy that one would type is set in the font one types in.
const COMMAND =
	/^\s*(?:[%!$>]|(?:pip|uv|conda|npm|npx|brew|apt|apt-get|docker|ollama|python3?|jupyter|export|set|curl)\s|[A-Z][A-Z0-9_]*=|os\.environ)/;

/** The box is an alert, so it is made only when there is something to say. */
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
