/**
 * The cases that the live renderer and Python's static HTML read alike. Python's
 * `tests/display/test_dialect.py` has the same ones; `saved` and `why` say where it differs.
 */

import { expect, it } from "vitest";
import cases from "../../../tests/samples/dialect.json";
import { createMarkdown } from "../markdown/markdown";
import { canonical } from "./canonical";

it.each(cases)("$about: $source", ({ source, page }) => {
	const root = document.createElement("div");
	const md = createMarkdown(root, { page: "http://page.test/", frameBudget: 1e9 });
	md.push(source);
	md.end();
	while (md.render());
	expect(canonical(root)).toBe(page);
});
