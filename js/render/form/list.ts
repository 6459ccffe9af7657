/**
 * Draws a list of values other than objects: short ones beside each other, others one below the
 * other.
 */

import { make } from "../markdown/dom/element";
import { groupsIn, PANE_ROWS } from "./groups";
import { problemLines } from "./scalar";
import { enumValues, kindOf, type Schema } from "./schema";
import type { FormContext, ValueView } from "./types";

/** Creates the view of a list whose items have the schema that `item` gives for an index. */
export function listView(item: (index: number) => Schema, form: FormContext): ValueView {
	const first = item(0);
	const isShort = enumValues(first).length > 0 || /^[nl]/.test(kindOf(first));
	const el = make("div", isShort ? "nbform-list nbform-short-list" : "nbform-list");
	let follow: (() => void) | null = null;
	const rows = groupsIn(el, el, {
		section: () => make("ul"),
		space(pixels) {
			const space = make("li");
			space.style.height = `${pixels}px`;
			return space;
		},
		row(index) {
			const { el: inside, update } = form.view(item(index), form, "field");
			const li = make("li", {}, inside);
			return {
				el: li,
				update(node) {
					update(node);
					const wrong = node && !node.open && form.problems.get(node);
					if (wrong && !li.classList.contains("nbform-invalid")) {
						li.classList.add("nbform-invalid");
						li.append(...problemLines(wrong));
					}
				},
			};
		},
	});
	return {
		el,
		update(node) {
			if (node?.kind !== "array") return;
			rows.update(node);
			if (!node.open && !node.values.length)
				el.replaceChildren(make("span", "nbform-none", "none"));
			if (node.values.length <= 2 * PANE_ROWS) return;
			if (node.open) follow ??= form.follow(el);
			follow?.();
		},
	};
}
