/**
 * Colours for code that is complete.
 *
 * Knows a few languages and how to work when nobody waits: off the frame, never
 * under a selection, never on a text so long that it would be felt.
 */

import type { HLJSApi, LanguageFn } from "highlight.js";
import core from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import diff from "highlight.js/lib/languages/diff";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import { make, visible } from "../markdown/dom/element";
import { type Token, TokenEmitter } from "./emitter";

/** Characters beyond which code stays as it is. */
const MAX_LENGTH = 50_000;

/** By the names of markdown/dom/language.ts; the grammar nearest to each. */
const LANGUAGES: Record<string, LanguageFn> = {
	bash,
	diff,
	javascript,
	json,
	python,
	typescript: javascript,
};

const highlighter: HLJSApi = core.newInstance();
for (const [name, grammar] of Object.entries(LANGUAGES)) {
	highlighter.registerLanguage(name, grammar);
}
highlighter.configure({ __emitter: TokenEmitter } as never);

/** For `MarkdownOptions.highlight`. */
export function highlight(code: HTMLElement, source: string, language: string): void {
	if (source.length > MAX_LENGTH || !Object.hasOwn(LANGUAGES, language)) return;
	whenIdle(() => color(code, tokenize(source, language)));
}

export function tokenize(source: string, language: string): readonly Token[] {
	const result = highlighter.highlight(source, { language, ignoreIllegals: true });
	return (result._emitter as unknown as TokenEmitter).tokens;
}

/** Replaces the lines by the same lines in colour, unless the reader is in them. */
function color(code: HTMLElement, tokens: readonly Token[]): void {
	const document = code.ownerDocument;
	const selection = document.getSelection();
	if (selection && !selection.isCollapsed && selection.containsNode(code, true)) {
		const again = () => whenIdle(() => color(code, tokens));
		document.addEventListener("selectionchange", again, { once: true });
		return;
	}
	let at = 0;
	let used = 0;
	for (const group of code.children) {
		let left = group.textContent?.length ?? 0;
		const nodes: Node[] = [];
		for (; left > 0 && at < tokens.length; ) {
			const token = tokens[at] as Token;
			// The page shows some characters longer than they are: count those.
			const shown = visible(token.text).slice(used);
			const part = shown.slice(0, left);
			left -= part.length;
			used += part.length;
			nodes.push(nodeOf(part, token));
			if (part.length === shown.length) {
				at++;
				used = 0;
			}
		}
		group.replaceChildren(...nodes);
	}
}

function nodeOf(text: string, token: Token): Node {
	if (!token.color) return document.createTextNode(text);
	const span = make("span", token.color);
	span.append(text);
	return span;
}

function whenIdle(work: () => void): void {
	if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: 1_000 });
	else setTimeout(work, 50);
}
