/**
 * Finds where the JSON begins in an answer, which may have words or a code fence before it.
 *
 * The rules are those of Python's `typed/json_finder.py` for what begins as JSON does.
 */

const OBJECT = /\{\s*["}]/;
const OBJECT_OR_ARRAY = /\{\s*["}]|\[\s*["{[]/;
const AFTER_FENCE = /```[ \t]*(?:json\w*|javascript|js|python|py)?\s*([{[])/i;

/** The end of a text that is the beginning of a code fence. */
const FENCE = /```[ \t]*(?:json\w*|javascript|js|python|py)?\s*$/i;

/** The most characters between the start of a fence, or of an object, and what tells it. */
const LOOK_BACK = 64;

/**
 * Returns a function that takes more of the text and tells where the JSON begins; -1 until it
 * has. It reads each character once or twice. `arrays`: the JSON may also be an array.
 */
export function jsonFinder(arrays: boolean): (chunk: string) => number {
	let tail = "";
	let length = 0;
	let blank = true;
	return (chunk) => {
		const text = tail + chunk;
		const from = length - tail.length;
		length += chunk.length;
		tail = text.slice(-LOOK_BACK);
		const first = blank ? text.search(/[^\s\ufeff]/) : -1;
		const char = text.charAt(first);
		if (first >= 0) blank = false;
		if (first >= 0 && (char === "{" || (arrays && char === "["))) return from + first;
		const fence = AFTER_FENCE.exec(text);
		const inFence = fence ? fence.index + fence[0].length - 1 : -1;
		const inText = text.search(arrays ? OBJECT_OR_ARRAY : OBJECT);
		const at = inFence < 0 || (inText >= 0 && inText < inFence) ? inText : inFence;
		return at < 0 ? -1 : from + at;
	};
}

/** The text before the JSON, without the code fence that opens it. */
export function textBefore(text: string): string {
	return text.replace(FENCE, "").trim();
}
