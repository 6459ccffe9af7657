// @vitest-environment happy-dom
/**
 * The policy for links and characters, with the cases that Python is tested with too.
 */

import { describe, expect, it } from "vitest";
import cases from "../../../tests/samples/policy.json";
import { createMarkdown } from "..";
import { IN_CODE, visible } from "../policy/characters";
import { mustShowHost, type SafeLink, safeLink } from "../policy/links";

const PAGE = "https://page.test/lab";
type Row = [string, string];

describe("the policy", () => {
	it.each(cases.links as [string, string, string][])(
		"makes a link of %j",
		(address, href, host) => {
			expect(safeLink(address, PAGE)).toEqual({ href, host });
		},
	);

	it.each(cases.refused)("makes no link of %j", (address) => {
		expect(safeLink(address, PAGE)).toBeNull();
	});

	it.each(cases.own as Row[])("makes no link of %j on %s", (address, page) => {
		expect(safeLink(address, page)).toBeNull();
		expect(safeLink(address, PAGE.replace("page", "other"))).not.toBeNull();
	});

	it.each(cases.silent as Row[])("shows no host beside %j", (text, href) => {
		expect(mustShowHost(text, safeLink(href, PAGE) as SafeLink)).toBe(false);
	});

	it.each(cases.shown as Row[])("shows the host beside %j", (text, href) => {
		expect(mustShowHost(text, safeLink(href, PAGE) as SafeLink)).toBe(true);
	});

	it.each(cases.characters as Row[])("shows the characters of %j", (text, shown) => {
		expect(visible(text)).toBe(shown);
		expect(visible(shown)).toBe(shown);
	});

	it.each(cases.code as Row[])("shows the characters of %j in code", (text, shown) => {
		expect(visible(text, IN_CODE)).toBe(shown);
		const root = document.createElement("div");
		const md = createMarkdown(root, { page: PAGE });
		for (const char of `\`${text.trim()}\`\n\n~~~\n${text}\n~~~\n`) md.push(char);
		md.end();
		expect(root.querySelector("pre")?.textContent?.trim()).toBe(shown.trim());
		expect(root.querySelector("p code")?.textContent).toBe(shown.trim());
	});

	it.each(cases.markdown as [string, string, string[]][])("draws %j", (source, text, links) => {
		const root = document.createElement("div");
		const md = createMarkdown(root, { page: PAGE });
		md.push(source);
		md.end();
		expect(root.textContent?.trim()).toBe(text);
		expect([...root.querySelectorAll("a")].map((a) => a.getAttribute("href"))).toEqual(links);
	});
});
