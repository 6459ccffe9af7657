import { expect, test } from "vitest";
import { groupParts } from "../src/group-parts";
import { newPart, type Part } from "../src/part-model";

const plain = () => newPart("text", null);
const cited = () => newPart("text", null, { citations: [{ url: "https://a.example" }] });
const of = (family: Part["family"], toolCallId = "") => newPart(family, null, { toolCallId });

/** The groups, each as the indices of its parts. */
function groups(...parts: (Part | undefined)[]): (number[] | undefined)[] {
	const found = groupParts(parts);
	return Array.from(found, (group) => group?.map((part) => parts.indexOf(part)));
}

test("texts before and after a cited text are one group with it", () => {
	expect(groups(plain(), cited())).toEqual([[0, 1], undefined]);
	expect(groups(cited(), plain())).toEqual([[0, 1], undefined]);
	expect(groups(plain(), cited(), plain())).toEqual([[0, 1, 2], undefined, undefined]);
	expect(groups(plain(), plain(), cited())).toEqual([[0], [1, 2], undefined]);
});

test("texts without citations are separate groups", () => {
	expect(groups(plain(), plain())).toEqual([[0], [1]]);
});

test("a part between two texts separates them, known or not", () => {
	expect(groups(cited(), of("thinking"), cited())).toEqual([[0], [1], [2]]);
	expect(groups(cited(), undefined, cited())).toEqual([[0], undefined, [2]]);
});

test("a result is grouped with its call", () => {
	const call = of("builtin_tool", "c");
	expect(groups(call, plain(), of("result", "c"), of("result", "else"))).toEqual([
		[0, 2],
		[1],
		undefined,
		[3],
	]);
	expect(groups(of("tool", ""), of("result", ""))).toEqual([[0], [1]]);
});

test("adjacent thinking is one group, and so are calls that may be shown as one", () => {
	expect(groups(of("thinking"), of("thinking"), plain())).toEqual([[0, 1], undefined, [2]]);
	const search = (id: string) =>
		newPart("builtin_tool", null, { toolCallId: id, label: { many: "{} times" } });
	const [x, y] = [search("x"), search("y")];
	expect(groups(x, of("result", "x"), y, of("result", "y"))[0]).toEqual([0, 1, 2, 3]);
	expect(groups(of("builtin_tool", "c"), of("builtin_tool", "d"))).toEqual([[0], [1]]);
	expect(groups(search("z"), of("thinking"), search("w"))).toEqual([[0], [1], [2]]);
});
