/**
 * Formats JSON text while it streams: one line for each value, indented.
 *
 * It works character by character and keeps only its position. It changes only white space
 * outside double-quoted strings. Text that does not begin with a bracket comes out unchanged.
 */

/** Takes the next chunk of JSON text and returns it formatted. */
export type JsonFormatter = (chunk: string) => string;

const MAX_INDENT = 40;

/** Creates a formatter for one text. */
export function jsonFormatter(): JsonFormatter {
	let depth = 0;
	let inString = false;
	let escaped = false;
	/** Directly after an opening bracket: an empty pair stays on one line. */
	let justOpened = false;
	/** True if the text does not begin with a bracket; null before its first character. */
	let notJson: boolean | null = null;

	const line = () => `\n${"  ".repeat(Math.min(depth, MAX_INDENT))}`;
	const step = (char: string): string => {
		if (inString) {
			if (escaped) escaped = false;
			else if (char === "\\") escaped = true;
			else if (char === '"') inString = false;
			return char;
		}
		if (/\s/.test(char)) return "";
		if (char === "}" || char === "]") {
			depth = Math.max(0, depth - 1);
			const close = justOpened ? char : line() + char;
			justOpened = false;
			return close;
		}
		const before = justOpened ? line() : "";
		justOpened = char === "{" || char === "[";
		if (justOpened) depth++;
		inString = char === '"';
		if (char === ",") return before + char + line();
		return before + (char === ":" ? ": " : char);
	};

	return (chunk) => {
		notJson ??= chunk.trim() ? !/^\s*[{[]/.test(chunk) : null;
		return notJson !== false ? chunk : Array.from(chunk, step).join("");
	};
}
