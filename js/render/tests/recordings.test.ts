/// <reference types="node" />
/**
 * The texts of real recordings, parsed here and by micromark with GFM: whole and in random
 * pieces, the two give the same HTML.
 *
 * The recordings are not copied here. Where they are absent, the test is skipped and says so.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import { MarkdownDocument } from "../markdown/document";
import { browserEntities } from "../markdown/entities-dom";
import { treeOf } from "../markdown/tree";
import { toHtml } from "./html";
import { random } from "./sample";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../../shared/recordings");
const absent = existsSync(folder) ? "" : " (skipped: ../shared/recordings is absent)";

/** All texts of the finished messages, each once, by protocol. */
function textsOf(protocol: string): string[] {
	const texts = new Set<string>();
	const visit = (value: unknown) => {
		// The results of tools are JSON, with one bracket around all of it.
		if (typeof value === "string") {
			if (/\s/.test(value) && !/^\s*[{[]["{]/.test(value)) texts.add(value);
		} else if (value && typeof value === "object") Object.values(value).forEach(visit);
	};
	for (const name of readdirSync(join(folder, protocol))) {
		if (!name.endsWith(".final.json")) continue;
		visit(JSON.parse(readFileSync(join(folder, protocol, name), "utf8")));
	}
	return [...texts];
}

const OFF = { math: false, tags: false, cjk: false, addresses: false };

function ours(text: string, cut: () => number): string {
	const grammar = { gfm: true, footnotes: true, ...OFF, named: browserEntities() };
	const document = new MarkdownDocument(grammar);
	for (let at = 0; at < text.length; ) {
		const length = cut();
		document.write(text.slice(at, at + length));
		document.shown();
		at += length;
	}
	document.end();
	return toHtml(treeOf(document));
}

function theirs(text: string): string {
	return micromark(text, {
		allowDangerousHtml: true,
		allowDangerousProtocol: true,
		extensions: [gfm()],
		htmlExtensions: [gfmHtml()],
	});
}

/** The tags that GFM's filter escapes. */
const FILTERED =
	/&lt;(?=\/?(?:iframe|noembed|noframes|plaintext|script|style|textarea|title|xmp)\b)/gi;
const BLOCK =
	/\s*(<\/?(?:p|ul|ol|li|h\d|pre|blockquote|table|thead|tbody|tr|t[hd]|hr|input)\b[^>]*>)\s*/g;

/** White space between blocks, the order of attributes and the form of footnotes are not compared. */
function normal(html: string): string {
	return html
		.replace(/<section [\s\S]*$/, "")
		.replace(/<sup[^>]*><a [^>]*>(\d+)<\/a><\/sup>/g, "[^$1]")
		.replace(/<input\b[^>]*>/g, (box) => `<input${box.includes("checked") ? " checked" : ""}>`)
		.replace(FILTERED, "<")
		.replace(/(?:href|src)="[^"]*"/g, (address) => {
			try {
				return decodeURI(address);
			} catch {
				return address;
			}
		})
		.replace(/\s+/g, " ")
		.replace(BLOCK, "$1")
		.trim();
}

describe.skipIf(absent)(`the texts of recordings${absent}`, () => {
	const protocols = absent ? [] : ["anthropic", "openai-responses", "openai-chat", "gemini"];

	it.each(protocols)("%s: as micromark reads them", (protocol) => {
		const texts = textsOf(protocol);
		expect(texts.length).toBeGreaterThan(20);
		const next = random(protocol.length);
		for (const text of texts) {
			const expected = normal(theirs(text));
			expect(normal(ours(text, () => text.length))).toBe(expected);
			expect(normal(ours(text, () => 1 + Math.floor(next() * 40)))).toBe(expected);
		}
	});
});
