/**
 * Renders JSON in an element of the host page while it streams, with the same methods as
 * the Markdown renderer.
 *
 * Text that is not JSON is shown as plain text after the values.
 */

import { frameQueue, type RenderOptions, type StreamRenderer } from "../frame-queue";
import { make } from "../markdown/dom/element";
import { visible } from "../policy/characters";
import { JsonParser } from "./parser";
import type { ValueView } from "./types";
import { createView } from "./view";

/** The options of `createJson`. */
export type JsonOptions = RenderOptions;
/** The object that `createJson` returns. */
export type Json = StreamRenderer;

/** Creates a renderer that draws the JSON values in `root`. */
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
