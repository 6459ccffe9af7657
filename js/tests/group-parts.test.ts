import { expect, test } from "vitest";
import { groupParts } from "../src/group-parts";
import { newPart, type Part } from "../src/part-model";

const plain = () => newPart("text", null);
const cited = () => newPart("text", null, { citations: [{ url: "https://a.example" }] });
const of = (family: Part["family"], toolCallId = "") => newPart(family, null, { toolCallId });

/** The groups, each as the places of its parts. */
function groups(...parts: (Part | undefined)[]): (number[] | undefined)[] {
	const found = groupParts(parts);
	return Array.from(found, (group) => group?.map((part) => parts.indexOf(part)));
}

test("a sentence that is parted where a source is named is one, on either side of it", () => {
	expect(groups(plain(), cited())).toEqual([[0, 1], undefined]);
	expect(groups(cited(), plain())).toEqual([[0, 1], undefined]);
	expect(groups(plain(), cited(), plain())).toEqual([[0, 1, 2], undefined, undefined]);
	expect(groups(plain(), plain(), cited())).toEqual([[0], [1, 2], undefined]);
});

test("texts without a source are two answers", () => {
	expect(groups(plain(), plain())).toEqual([[0], [1]]);
});

test("what stands between two texts parts them, known or not", () => {
	expect(groups(cited(), of("thinking"), cited())).toEqual([[0], [1], [2]]);
	expect(groups(cited(), undefined, cited())).toEqual([[0], undefined, [2]]);
});

test("a result stands with its call, wherever that was", () => {
	const call = of("builtin_tool", "c");
	expect(groups(call, plain(), of("result", "c"), of("result", "else"))).toEqual([
		[0, 2],
		[1],
		undefined,
		[3],
	]);
	expect(groups(of("tool", ""), of("result", ""))).toEqual([[0], [1]]);
});
