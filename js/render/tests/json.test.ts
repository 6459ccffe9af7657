/**
 * JSON in pieces: what is parsed, what is held back, and what is painted.
 */

import { describe, expect, it } from "vitest";
import { createJson } from "../json/json";
import type { JsonNode } from "../json/model";
import { JsonParser } from "../json/parser";
import { random } from "./sample";

function value(node: JsonNode): unknown {
	switch (node.kind) {
		case "object":
			// As JSON.parse does it: the last of equal keys, and `__proto__` is a key.
			return JSON.parse(
				`{${node.values.map((one, i) => `${JSON.stringify(node.keys[i])}:${JSON.stringify(value(one))}`).join()}}`,
			);
		case "array":
			return node.values.map(value);
		case "string":
			return node.parts.join("");
		default:
			return JSON.parse(node.text);
	}
}

function parse(text: string, size: number): JsonParser {
	const parser = new JsonParser();
	for (let i = 0; i < text.length; i += size) parser.write(text.slice(i, i + size));
	parser.end();
	return parser;
}

function made(seed: number): unknown {
	const next = random(seed);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
	const one = (depth: number): unknown => {
		const r = next();
		if (depth < 4 && r < 0.25)
			return Array.from({ length: Math.floor(next() * 5) }, () => one(depth + 1));
		if (depth < 4 && r < 0.5) {
			const entries = Array.from({ length: Math.floor(next() * 5) }, (_, i) => [
				pick(["a", "b é", "__proto__", "constructor", "\u{1f680}", 'q"\\']) + i,
				one(depth + 1),
			]);
			return Object.fromEntries(entries);
		}
		return pick([
			0,
			-1.5e-9,
			12345678901,
			true,
			false,
			null,
			"",
			'a\n\t\u0001\\"',
			"\u{1f680}\ud83d",
			"é\u2028",
		]);
	};
	return [one(0), one(0), one(1)];
}

const page = (root: HTMLElement) => root.innerHTML;

describe("the parser", () => {
	it.each(Array.from({ length: 30 }, (_, i) => i))("agrees with JSON.parse, seed %i", (seed) => {
		const expected = made(seed);
		for (const text of [JSON.stringify(expected), JSON.stringify(expected, null, 2)]) {
			for (const size of [text.length, 3, 1]) {
				const parser = parse(text, size);
				expect(parser.rest).toEqual([]);
				expect(value(parser.values[0] as JsonNode)).toEqual(JSON.parse(text));
			}
		}
	});

	it.each([
		['{"a": -', {}],
		['{"a": tr', {}],
		['{"a": 1.', { a: 1 }],
		['{"a": 1e-', { a: 1 }],
		['{"a', {}],
		['{"a": "x\\', { a: "x" }],
		['{"a": "x\\u00e', { a: "x" }],
		['{"a": "x\\ud83d', { a: "x" }],
		['{"a": "x\\ud83d\\ude8', { a: "x" }],
		['{"a": "x\ud83d', { a: "x" }],
		['["a", {"b": [1, nul', ["a", { b: [1] }]],
	])("holds back what is half: %s", (text, expected) => {
		const parser = new JsonParser();
		for (const char of text.split("")) parser.write(char);
		expect(value(parser.values[0] as JsonNode)).toEqual(expected);
	});

	it("joins surrogates however they are written", () => {
		for (const text of [
			'"\\ud83d\\ude80"',
			'"\ud83d\\ude80"',
			'"\\ud83d\ude80"',
			'"\ud83d\ude80"',
		]) {
			for (const size of [1, 2, 99]) {
				expect(value(parse(text, size).values[0] as JsonNode)).toBe("\u{1f680}");
			}
		}
		expect(value(parse('"\\ud83dx"', 1).values[0] as JsonNode)).toBe("\ud83dx");
	});

	it.each([
		['{"a": nope}', "nope}"],
		["[1,]", "]"],
		["{1: 2}", "1: 2}"],
		['["a\nb"]', '\nb"]'],
		["[01]", "1]"],
		["[truely]", "ly]"],
		["Sure! {}", "Sure! {}"],
	])("hands out as text what is no JSON: %s", (text, rest) => {
		for (const size of [1, 99]) expect(parse(text, size).rest.join("")).toBe(rest);
	});

	it("is not nested by recursion", () => {
		const parser = parse("[".repeat(100_000), 1000);
		expect(parser.values).toHaveLength(1);
		expect(parser.rest.join("")).toHaveLength(90_000);
	});
});

describe("the view", () => {
	const rows = JSON.stringify(
		Array.from({ length: 250 }, (_, i) => ({ id: i, name: `n${i}`, tags: ["x"], ok: i % 2 === 0 })),
	);

	it.each([
		...Array.from({ length: 8 }, (_, i) => JSON.stringify(made(i))),
		rows.slice(0, 600),
		`{"a": [1, 2, {"b": "c"}], "__proto__": {"x": 1}, "long": "${"y".repeat(3_000)}`,
		'[{"a": 1}, 2, {"b": {"c": 3}}] {"x": 1}\n{"x": 2} trailing',
	])("equals a fresh one at every prefix: %s", (text) => {
		const root = document.createElement("div");
		const json = createJson(root);
		const step = text.length > 1_000 ? 17 : 1;
		for (let i = 0; i < text.length; i += step) {
			json.push(text.slice(i, i + step));
			json.render();
			const fresh = document.createElement("div");
			const other = createJson(fresh, { frameBudget: 1e9 });
			other.push(text.slice(0, i + step));
			other.render();
			expect(page(root)).toBe(page(fresh));
		}
	});

	it("marks the value that is being written, and no other", () => {
		const root = document.createElement("div");
		const json = createJson(root);
		json.push('{"a": 1, "b": "half');
		json.render();
		const marked = root.querySelectorAll(".nbjson-writing");
		expect([...marked].map((el) => el.textContent)).toEqual(["half"]);
		json.push('"}');
		json.end();
		expect(root.querySelector(".nbjson-writing")).toBeNull();
	});

	it("draws alike objects as a table, and folds what is far", () => {
		const root = document.createElement("div");
		const json = createJson(root);
		json.push(rows);
		while (json.end());
		expect([...root.querySelectorAll("th")].map((el) => el.textContent)).toEqual([
			"id",
			"name",
			"tags",
			"ok",
		]);
		const folds = [...root.querySelectorAll<HTMLElement>(".nbjson-group-toggle")];
		expect(folds.map((el) => el.textContent)).toEqual(["100 … 199"]);
		expect(root.querySelectorAll("tbody tr")).toHaveLength(100 + 1 + 50);
		folds[0]?.click();
		expect(root.querySelectorAll("tbody tr")).toHaveLength(251);
	});

	it("shows long strings in pieces", () => {
		const root = document.createElement("div");
		const json = createJson(root);
		json.push(
			JSON.stringify({ a: "x".repeat(10), b: "y".repeat(50_000) }).replace(/y{500}/g, (y) => y),
		);
		for (let more = json.end(); more; ) more = json.render();
		expect(root.querySelector(".nbjson-more")).not.toBeNull();
	});

	it("makes nothing of a model's but text", () => {
		const root = document.createElement("div");
		const json = createJson(root);
		json.push(
			'{"<img src=x onerror=1>": "<script>1</script>", "class": "javascript:1", "\u202e": "\u202e"}',
		);
		json.end();
		expect(root.querySelector("img, script, a")).toBeNull();
		expect(root.textContent).toContain("<script>1</script>");
		expect(root.textContent).toContain("⟨U+202E⟩");
	});
});
