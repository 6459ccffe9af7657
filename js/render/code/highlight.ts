/**
 * Highlights the syntax of a complete code block, with highlight.js.
 *
 * It works when the browser is idle, or after a second. It waits while the user has selected
 * text of the block, and skips very long code and languages that LANGUAGES does not list.
 */

import type { HLJSApi, LanguageFn } from "highlight.js";
import core from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import diff from "highlight.js/lib/languages/diff";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import { detach, make } from "../markdown/dom/element";
import { IN_CODE, visible } from "../policy/characters";
import { type Token, TokenEmitter } from "./emitter";

/** Longer code, in characters, is not highlighted. */
const MAX_LENGTH = 50_000;

/** The grammars, by the ids of markdown/dom/language.ts. */
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

/** Colours the code in an element when the browser is idle: for `MarkdownOptions.highlight`. */
export function highlight(code: HTMLElement, source: string, language: string): void {
	if (source.length > MAX_LENGTH || !Object.hasOwn(LANGUAGES, language)) return;
	whenIdle(() => color(code, tokenize(source, language)));
}

/** Splits source code into tokens with colours. */
export function tokenize(source: string, language: string): readonly Token[] {
	const result = highlighter.highlight(source, { language, ignoreIllegals: true });
	return (result._emitter as unknown as TokenEmitter).tokens;
}

/** Replaces the text by coloured tokens; waits while the user has selected some of it. */
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
			// Some characters are shown as several (see `visible`), so count the shown text.
			const shown = visible(token.text, IN_CODE).slice(used);
			const part = shown.slice(0, left);
			left -= part.length;
			used += part.length;
			nodes.push(nodeOf(part, token));
			if (part.length === shown.length) {
				at++;
				used = 0;
			}
		}
		detach(...group.childNodes);
		group.append(...nodes);
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
