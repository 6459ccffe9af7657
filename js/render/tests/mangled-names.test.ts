/// <reference types="node" />
/**
 * The names that bundlers may shorten are used by this module only.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createJson, createMarkdown, type Tree, treeOf } from "../index";
import { internalNames } from "../mangled-names.mjs";
import type { MarkdownOptions } from "../markdown/markdown";
import { sample } from "./sample";

const changed = (names: Iterable<string>) =>
	[...new Set(names)].filter((n) => internalNames.test(n));

function keysOf(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(keysOf);
	if (!value || typeof value !== "object") return [];
	return Object.entries(value).flatMap(([key, inside]) => [key, ...keysOf(inside)]);
}

it("none is a name of the browser", () => {
	const names: string[] = [];
	const seen = new Set<unknown>();
	const visit = (object: unknown, deep: boolean) => {
		if (!object || seen.has(object)) return;
		seen.add(object);
		for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
			names.push(name);
			if (deep && typeof value === "function") {
				visit(value, false);
				visit(value.prototype, false);
			}
		}
	};
	visit(globalThis, true);
	visit(window, true);
	for (const tag of ["a", "button", "img", "input", "table", "textarea"]) {
		for (let at: unknown = document.createElement(tag); at; at = Object.getPrototypeOf(at))
			visit(at, false);
	}
	expect(names).toContain("textContent");
	expect(names).toContain("replaceAll");
	expect(changed(names)).toEqual([]);
});

it("none is a name of what the widget gets from Python and from its host", () => {
	const wire = ["values", "ops", "state", "messages", "requests", "run", "map"].map(
		(name) => `wire-${name}`,
	);
	for (const file of [...wire, "anywidget"]) {
		const source = readFileSync(join(import.meta.dirname, "../../src", `${file}.ts`), "utf8");
		const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
		expect(code).toMatch(/export (interface|type)/);
		expect(changed(code.match(/\w+/g) ?? [])).toEqual([]);
	}
});

it("none is a name in the module's interface", () => {
	const md = createMarkdown(document.createElement("div"));
	md.push(sample(1));
	md.end();
	const { document: blocks, ...faces } = md;
	const json = createJson(document.createElement("div"));
	const trees: Tree = treeOf(blocks);
	expect(changed(keysOf([faces, json, trees]))).toEqual([]);
	const options: Required<Record<keyof MarkdownOptions, true>> = {
		gfm: true,
		footnotes: true,
		math: true,
		tags: true,
		cjk: true,
		addresses: true,
		resolveImage: true,
		allowImageHosts: true,
		drawMath: true,
		highlight: true,
		page: true,
		named: true,
		frameBudget: true,
	};
	expect(changed(Object.keys(options))).toEqual([]);
});
