/**
 * Reads the arguments of a call for the fields of its card, if the fields would show exactly what
 * Python executes.
 */

const STRING = /"(?:[^"\\]|\\.)*"/gs;
const NUMBER = /-?\d[\d.eE+-]*/g;

/** Digits that every number of JavaScript keeps. */
const EXACT_DIGITS = 15;

/**
 * The arguments as an object. Undefined if they are shown as they came, and cannot be edited: they
 * are too long, no object, or have numbers that JavaScript would change.
 */
export function argsOf(args: string): unknown {
	try {
		const value: unknown = JSON.parse(args);
		const isObject = value && typeof value === "object" && !Array.isArray(value);
		return isObject && !changesNumbers(args) ? value : undefined;
	} catch {
		return undefined;
	}
}

function changesNumbers(json: string): boolean {
	const numbers = json.replace(STRING, '""').match(NUMBER) ?? [];
	return numbers.some((text) => {
		const digits = text
			.replace(/[eE].*/, "")
			.replace(/\D/g, "")
			.replace(/^0+/, "");
		return digits.length > EXACT_DIGITS || !Number.isFinite(Number(text));
	});
}
