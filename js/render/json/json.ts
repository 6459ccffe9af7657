/**
 * Streaming JSON in an element of the host page, with the same interface as Markdown.
 *
 * Text that is not JSON is shown as plain text after the values.
 */

import { frameQueue, type RenderOptions, type StreamRenderer } from "../frame-queue";
import { make, visible } from "../markdown/dom/element";
import { JsonParser } from "./parser";
import type { ValueView } from "./types";
import { createView } from "./view";

export type JsonOptions = RenderOptions;
export type Json = StreamRenderer;

export function createJson(root: HTMLElement, options: JsonOptions = {}): Json {
	const parser = new JsonParser();
	const { values, rest } = parser;
	let view: ValueView | null = null;
	let shown = 0;
	let after: HTMLElement | null = null;
	let restShown = 0;
	root.classList.add("nbjson");

	const paint = () => {
		view?.update();
		for (const node of values.slice(shown)) {
			view = createView(node, 0);
			view.update();
			root.append(view.el);
		}
		shown = values.length;
		for (const text of rest.slice(restShown)) {
			after ??= root.appendChild(make("div", "nbjson-rest"));
			after.append(visible(text));
		}
		restShown = rest.length;
	};
	return frameQueue(
		options,
		(text) => parser.write(text),
		() => parser.end(),
		paint,
	);
}
