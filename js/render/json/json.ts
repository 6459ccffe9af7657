/**
 * Streaming JSON in an element of the host's, with the same face as Markdown.
 *
 * Knows the values at the top, and where what is no JSON goes.
 */

import { type Paced, type PacedOptions, paced } from "../frame-queue";
import { make, visible } from "../markdown/dom/element";
import { JsonParser } from "./parser";
import type { ValueView } from "./types";
import { viewOf } from "./view";

export type JsonOptions = PacedOptions;
export type Json = Paced;

export function createJson(root: HTMLElement, options: JsonOptions = {}): Json {
	const parser = new JsonParser();
	const { values, rest } = parser;
	let view: ValueView | null = null;
	let shown = 0;
	let after: HTMLElement | null = null;
	let said = 0;
	root.classList.add("nbjson");

	const paint = () => {
		view?.update();
		for (const node of values.slice(shown)) {
			view = viewOf(node, 0);
			view.update();
			root.append(view.el);
		}
		shown = values.length;
		for (const text of rest.slice(said)) {
			after ??= root.appendChild(make("div", "nbjson-rest"));
			after.append(visible(text));
		}
		said = rest.length;
	};
	return paced(
		options,
		(text) => parser.write(text),
		() => parser.end(),
		paint,
	);
}
