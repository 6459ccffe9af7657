/**
 * The words that the live view and the saved answer both say. The cases are shared with Python
 * (tests/display/test_words.py).
 */

import { describe, expect, test } from "vitest";
import cases from "../../tests/samples/words.json";
import { apply, newAnswer } from "../src/answer";
import { endLabel, fileSize, seconds, usageLine } from "../src/format";
import { groupParts } from "../src/group-parts";
import { batches, duration } from "../src/map/words";
import { NOT_FINISHED } from "../src/notebook-outputs";
import { callOf, newPart, textOf } from "../src/part-model";
import { builtinView } from "../src/parts/builtin";
import type { FinishReason, Status } from "../src/wire-values";

test.each(cases.seconds as [number, string][])("%d seconds of an answer", (value, said) => {
	expect(seconds(value)).toBe(said);
});

test.each(cases.file_size as [number, string][])("a file of %d bytes", (value, said) => {
	expect(fileSize(value)).toBe(said);
});

test.each(cases.tokens as [object, string][])("the tokens %j", (usage, said) => {
	expect(usageLine(usage)).toBe(said);
});

test.each(cases.ends as [Status, FinishReason, string][])("%s, %s", (status, reason, said) => {
	const answer = newAnswer(0);
	apply(answer, { kind: "text_start", index: 0 }, 0);
	apply(answer, { kind: "stream_end", finish_reason: reason, usage: null }, 0);
	apply(answer, { kind: "status", status }, 0);
	expect(endLabel(answer)).toBe(said);
});

test("an answer that is not finished", () => {
	expect(NOT_FINISHED).toBe(cases.unfinished);
});

test.each(cases.asked_again as [number, string, string][])(
	"attempt %d",
	(attempt, reason, said) => {
		const answer = newAnswer(0);
		apply(answer, { kind: "retry", attempt, reason }, 0);
		const retry = answer.retries.get(0);
		expect(retry && textOf(retry)).toBe(said);
	},
);

test.each(cases.map_seconds as [number, string][])("%d seconds of a map", (value, said) => {
	expect(duration(value)).toBe(said);
});

test.each(cases.map_batches as [number, boolean, string][])("%d batches, %s", (n, live, said) => {
	expect(batches(n, live)).toBe(said);
});

describe("what a call asks for", () => {
	test.each(cases.calls)("$about", ({ tool, call: { code, ...call }, line, below }) => {
		const part = newPart("builtin_tool", null, {
			toolName: tool,
			chunks: code ? [code] : [],
			call: callOf(call),
			label: tool === "bash" ? { language: "bash" } : {},
		});
		const view = builtinView(part, new AbortController().signal);
		view.update?.([part], false, "done");
		const read = (selector: string) => view.el.querySelector(selector)?.textContent;
		expect(read(".nbstream-input")).toBe(line);
		expect(read(".nbstream-lines")).toBe(below.join("\n"));
	});
});

test.each(cases.text_runs)("texts with $citations citations", ({ citations, groups }) => {
	const source = { url: "https://a.example" };
	const parts = citations.map((count) =>
		newPart("text", null, { citations: Array(count).fill(source) }),
	);
	expect(groupParts(parts).flatMap((group) => group?.length ?? [])).toEqual(groups);
});
