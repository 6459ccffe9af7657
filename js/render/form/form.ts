/**
 * Renders JSON as a form while it streams: the fields of its schema stand there from the first
 * moment, and each is filled in its place. Has the methods of the other renderers.
 */

import { frameQueue, type RenderOptions, type StreamRenderer } from "../frame-queue";
import type { JsonNode } from "../json/model";
import { JsonParser } from "../json/parser";
import { directionOf } from "../markdown/dom/direction";
import { labels, resolver, type Schema } from "./schema";
import type { FormContext } from "./types";
import { createView } from "./value";

/** A value that is wrong: the keys and indices that lead to it, and what is wrong. */
export type Problem = readonly [path: readonly (string | number)[], text: string];

/** The options of `createForm`. */
export interface FormOptions extends RenderOptions {
	/** The address of the page. Default: that of the document. */
	page?: string;
	/** Makes an element follow its end while it grows; returns what to call when it has grown. */
	follow?: (el: HTMLElement) => () => void;
}

/** The object that `createForm` returns. */
export interface Form extends StreamRenderer {
	/** Marks the values that a validator has found to be wrong. */
	mark(problems: readonly Problem[]): void;
}

/** Creates a renderer that draws a value of `schema` in `root`. */
export function createForm(root: HTMLElement, schema: Schema, options: FormOptions = {}): Form {
	const parser = new JsonParser();
	const wrapper = schema["x-wrapped"];
	const form: FormContext = {
		resolve: resolver(schema),
		problems: new WeakMap(),
		missing: new WeakMap(),
		opened: new WeakMap(),
		view: createView,
		page: options.page ?? root.ownerDocument.baseURI,
		follow: options.follow ?? (() => () => {}),
	};
	root.classList.add("nbform");
	root.dir = directionOf(labels(schema, form.resolve)) ?? "";
	const draw = () => {
		const made = createView(schema, form, "root");
		root.replaceChildren(made.el);
		return made;
	};
	let view = draw();

	/** The value: without the object that a provider wants around it. */
	const value = (): JsonNode | undefined => {
		const node = parser.values[0];
		if (wrapper === undefined || node?.kind !== "object") return node;
		if (node.keys.length === 0) return node.open ? undefined : node;
		return node.keys[0] === wrapper ? node.values[0] : node;
	};
	const paint = () => {
		const node = value();
		if (node) view.update(node);
	};
	const finish = () => {
		const cut = parser.values[0]?.open ? root.querySelectorAll(".nbform-writing") : [];
		parser.end();
		for (const el of cut) el.classList.add("nbform-cut");
	};

	const note = ([path, text]: Problem) => {
		let node = value();
		for (const [i, step] of path.entries()) {
			const at = node?.kind === "object" ? node.keys.lastIndexOf(`${step}`) : Number(step);
			const next: JsonNode | undefined =
				node?.kind === "object" || node?.kind === "array" ? node.values[at] : undefined;
			if (!node) return;
			if (next) {
				form.opened.set(node, true);
				node = next;
			} else if (node.kind === "object" && i === path.length - 1) {
				form.opened.set(node, true);
				const missing: Map<string, string[]> = form.missing.get(node) ?? new Map();
				form.missing.set(node, missing.set(`${step}`, [...(missing.get(`${step}`) ?? []), text]));
				return;
			} // else the name of one of several types
		}
		if (node) form.problems.set(node, [...(form.problems.get(node) ?? []), text]);
	};
	const renderer = frameQueue(options, (text) => parser.write(text), finish, paint);
	return {
		...renderer,
		mark(problems) {
			if (!problems.length) return;
			for (const problem of problems) note(problem);
			view = draw();
			paint();
		},
	};
}
