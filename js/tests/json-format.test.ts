import { describe, expect, test } from "vitest";
import { jsonFormatter } from "../src/parts/json-format";

describe("JSON is formatted while it streams", () => {
	const laidOut = (text: string, size: number) => {
		const step = jsonFormatter();
		return (text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? []).map(step).join("");
	};
	const value = { a: [1, { b: 'x, {y}: \\" z' }], empty: {}, none: [], n: null, deep: [[[1]]] };

	test.each([1, 2, 7, 1000])("like JSON.stringify, in pieces of %d", (size) => {
		expect(laidOut(JSON.stringify(value), size)).toBe(JSON.stringify(value, null, 2));
		expect(laidOut(JSON.stringify(value, null, "\t"), size)).toBe(JSON.stringify(value, null, 2));
	});

	test("text that is not an object or array stays as it is", () => {
		expect(laidOut("  rm -rf, {x}", 3)).toBe("  rm -rf, {x}");
	});

	test("only white space changes", () => {
		for (const text of ['{"a"}}}]],:', "[[{,,", '{"\\', '{"a": tru']) {
			expect(laidOut(text, 2).replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
		}
	});
});
