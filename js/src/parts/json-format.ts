/**
 * JSON text laid out while it is written.
 *
 * Knows strings, brackets and commas, one character at a time, and remembers
 * nothing but where it stands. It changes only the white space between values;
 * what is no JSON comes out as it went in, so nothing that was sent is hidden.
 */

export type Pretty = (chunk: string) => string;

const DEEPEST = 40;

export function pretty(): Pretty {
	let depth = 0;
	let inString = false;
	let escaped = false;
	/** Just after an opening bracket: an empty pair stays on one line. */
	let fresh = false;
	/** No bracket at the beginning: not an object, so not for us. */
	let plain: boolean | null = null;

	const line = () => `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
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
			const close = fresh ? char : line() + char;
			fresh = false;
			return close;
		}
		const before = fresh ? line() : "";
		fresh = char === "{" || char === "[";
		if (fresh) depth++;
		inString = char === '"';
		if (char === ",") return before + char + line();
		return before + (char === ":" ? ": " : char);
	};

	return (chunk) => {
		plain ??= chunk.trim() ? !/^\s*[{[]/.test(chunk) : null;
		return plain !== false ? chunk : Array.from(chunk, step).join("");
	};
}
