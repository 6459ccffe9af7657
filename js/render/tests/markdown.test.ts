/**
 * What the page shows while text arrives.
 */

import { describe, expect, it, vi } from "vitest";
import { createMarkdown, type MarkdownOptions } from "../markdown/markdown";

function start(options: MarkdownOptions = {}) {
	const root = document.createElement("div");
	return { root, md: createMarkdown(root, { page: "http://page.test/", ...options }) };
}

/** What is shown after each character. */
function frames(text: string, options: MarkdownOptions = {}): string[] {
	const { root, md } = start(options);
	return [...text].map((char) => {
		md.push(char);
		md.render();
		return root.innerHTML.replace(/<div class="nbmd-group">|<\/div>/g, "");
	});
}

describe("nothing flashes", () => {
	it.each([
		["**bold** text", /\*/],
		["*one* text", /\*/],
		["`code` text", /`/],
		["a [link](https://a.test/b) text", /[[\]()]/],
		["# Heading\n", /#/],
		["Title\n---\n", /-/],
		["- item\n- item\n", /[-*]/],
		["1. one\n2. two\n", /\d\./],
		["> quote\n", /&gt;/],
		["| a | b |\n|---|---|\n| 1 | 2 |\n", /[|-](?!head|table|group)/],
		["```py\nx = 1\n```\n", /`/],
		["a &amp; b", /&amp;[amp]/],
		["~~gone~~ here", /~/],
		["***\n\ntext", /\*/],
		["- [x] done\n", /[[\]]/],
		["[a]: https://b.test\n\n[a]", /\]:/],
	])("%j", (text, marker) => {
		for (const frame of frames(text)) {
			expect(frame.replace(/<[^>]*>/g, "")).not.toMatch(marker);
		}
	});

	it("shows emphasis before it is closed", () => {
		expect(frames("say **bo").at(-1)).toBe("<p>say <strong>bo</strong></p>");
		expect(frames("say `co").at(-1)).toBe("<p>say <code>co</code></p>");
	});

	it("shows numbers that begin no list", () => {
		expect(frames("1999 2000").at(-1)).toBe("<p>1999 2000</p>");
		expect(frames("3.14 ").at(-1)).toBe("<p>3.14</p>");
		expect(frames("1. 2").at(-1)).toBe("");
	});

	it("shows a link that is being written as its text, and not live", () => {
		expect(frames("see [the docs](https://exam").at(-1)).toBe("<p>see <a>the docs</a></p>");
		expect(frames("see https://exam").at(-1)).toBe("<p>see <a>https://exam</a></p>");
	});
});

describe("what the specification's examples leave out", () => {
	const page = (text: string) => {
		const { root, md } = start();
		for (const char of text) {
			md.push(char);
			md.render();
		}
		md.end();
		return root;
	};

	it.each([
		["the range [0, 1) is **half-open**", "the range [0, 1) is <strong>half-open</strong>"],
		["*a [ b*", "<em>a [ b</em>"],
		["![a *b* ~~c~~", "![a <em>b</em> <del>c</del>"],
	])("matches emphasis after an unclosed bracket: %j", (text, html) => {
		expect(page(text).querySelector("p")?.innerHTML).toBe(html);
	});

	it.each([
		["- a\n\n  [r]: /u\n", "nbmd-loose", 1],
		["- [r]: /u\n\n  b\n", "nbmd-loose", 1],
		["- [r]: /u\n\n\n  b\n", "nbmd-loose", 1],
		["1. [r]:\n   /u\n1. b\n", "nbmd-tight", 2],
	])("counts a definition among the blocks of an item: %j", (text, name, items) => {
		const root = page(text);
		const list = root.querySelector("ul, ol");
		expect(list?.className).toBe(name);
		expect(list?.children).toHaveLength(items);
		expect(root.querySelectorAll(":scope > .nbmd-group > .nbmd-group > *")).toHaveLength(1);
	});

	// U+00A0 as French sets it, U+2003: text to Markdown, and no space.
	it.each([
		["# a\u00a0", "<h1>a\u00a0</h1>"],
		["a\u2003\n===", "<h1>a\u2003</h1>"],
		["a\n- \u00a0", /<ul class="nbmd-tight"><li><p>\u00a0<\/p><\/li><\/ul>/],
		["``` \u00a0\n```\u00a0\nb", /```\u00a0\nb/],
		["` \u00a0 `", "<code>\u00a0</code>"],
		["[a\u00a0b]: http://c.test\n\n[a b]", /\[a b\]/],
		["[a]: http://c.test\n\u2003", /<p>\u2003<\/p>/],
	])("takes no other space for its own: %j", (text, html) => {
		expect(page(text).innerHTML.replaceAll("&nbsp;", "\u00a0")).toMatch(html);
	});

	it("lets a list begin where a delimiter row would do, as cmark-gfm does", () => {
		const root = page("a | b\n- | -\n\na | b\n-|-\n");
		expect(root.querySelector("li")?.textContent).toBe("| -");
		expect(root.querySelectorAll("table")).toHaveLength(1);
	});

	it.each(["a\t", "a \t ", "*a*\t", "# a\t", "[\t\n\nb"])(
		"ends no text in a tab, whole or by character: %j",
		(text) => {
			const { root, md } = start();
			md.push(text);
			md.end();
			expect(page(text).innerHTML).toBe(root.innerHTML);
			expect(root.innerHTML).not.toMatch(/\t/);
		},
	);

	it("finds an address after a bracket that can be no link any more", () => {
		const text = "[see [a](http://a.test) or http://b.test";
		const { root, md } = start();
		md.push(text);
		md.end();
		expect(root.querySelectorAll("a")).toHaveLength(2);
		expect(page(text).innerHTML).toBe(root.innerHTML);
	});

	it.each(["http://-", "http://+1", "https://~", "ftp://|", "http://.", "www.<", "www.|"])(
		"makes no link of a scheme without a host: %j",
		(text) => {
			expect(page(text).querySelector("a")).toBeNull();
			expect(page(text).textContent).toBe(text);
		},
	);
});

describe("a line that may only have ended a paragraph", () => {
	it.each([
		["Beware!\n<div", "<p>Beware!</p>"],
		["See http://a.test\n<div", /^<p>See <a href="http:\/\/a\.test\/".*<\/a><\/p>/],
		["[a]: /u\n<div", '<p hidden=""></p>'],
		["[a]: /u\n!\n<div", "<p>!</p>"],
	])("leaves what stands before it whole: %j", (text, before) => {
		const { root, md } = start({ tags: false });
		md.push(text);
		md.render();
		const grown = frames(text, { tags: false }).at(-1);
		expect(grown).toMatch(before);
		expect(root.innerHTML.replace(/<div class="nbmd-group">|<\/div>/g, "")).toBe(grown);
	});
});

it("keeps the spaces of an address, and shows what is invisible", () => {
	const { root, md } = start();
	md.push("[a](<http://a.test/my file>) [b](http://a.test/\u200bx) [c](<http://a b.test/>)");
	md.end();
	const links = [...root.querySelectorAll("a")].map((a) => a.getAttribute("href"));
	expect(links).toEqual(["http://a.test/my%20file", "http://a.test/%E2%80%8Bx"]);
});

describe("a link whose text names a host", () => {
	const shown = (text: string, href: string) => {
		const { root, md } = start();
		md.push(`[${text}](${href})`);
		md.end();
		expect(root.querySelector("a")?.hasAttribute("href")).toBe(true);
		return root.querySelector(".nbmd-host")?.textContent?.trim() ?? "";
	};

	it.each([
		["github.com", "http://evil.test/"],
		["github\u3002com", "http://evil.test/"],
		["git\u200bhub\uff0ecom", "http://evil.test/"],
		["http://localhost:8888/lab", "http://evil.test/"],
		["192.168.0.1", "http://evil.test/"],
		["https://bank/login", "http://evil.test/"],
		["github.com", "http://github.com.evil.test/"],
	])("says where it leads: %j to %s", (text, href) => {
		expect(shown(text, href)).toBe(`(${new URL(href).hostname})`);
	});

	it.each([
		["help@bank.test", "mailto:x@evil.test", "(x@evil.test)"],
		["bank.test", "mailto:x@evil.test?subject=a", "(x@evil.test)"],
		["write to us", "mailto:x@docs.test", "(x@docs.test)"],
	])("says to whom it writes: %j to %s", (text, href, real) => {
		expect(shown(text, href)).toBe(real);
	});

	it("is text where the address of a mail is not its own part", () => {
		const { root, md } = start();
		md.push("[help@bank.test](mailto:?to=x@evil.test)");
		md.end();
		expect(root.querySelector("a")).toBeNull();
	});

	it.each([
		["the docs", "http://evil.test/"],
		["http://www.docs.test/x", "http://docs.test/"],
		["Python 3.12", "http://docs.test/"],
		["http://10.0.0.1:8080/x", "http://10.0.0.1:8080/x"],
		["jane.doe@docs.test", "mailto:jane.doe@docs.test"],
	])("says nothing where that is the one, or none: %j to %s", (text, href) => {
		expect(shown(text, href)).toBe("");
	});
});

describe("definitions that come late", () => {
	it("change only the leaves that name them", () => {
		const { root, md } = start();
		md.push("First *one*.\n\nSee [docs] here.\n\nThird.\n\n");
		md.render();
		const [first, second, third] = root.querySelectorAll("p");
		const emphasis = first?.firstElementChild;
		expect(second?.innerHTML).toBe("See [docs] here.");
		md.push("[docs]: https://docs.test\n\nEnd");
		md.render();
		expect(root.querySelectorAll("p")[0]?.firstElementChild).toBe(emphasis);
		expect(root.querySelectorAll("p")[1]).toBe(second);
		expect(root.querySelectorAll("p")[2]).toBe(third);
		expect(second?.querySelector("a")?.getAttribute("href")).toBe("https://docs.test/");
	});

	it("reach cells, headings and footnotes", () => {
		const { root, md } = start();
		md.push("# A [r]\n\n| [r] |\n|---|\n| [r] |\n\nText[^n] and[^m].\n\n[^n]: see [r]\n\n");
		md.render();
		expect(root.querySelectorAll("a")).toHaveLength(0);
		md.push("[r]: https://r.test\n\n[^m]: more\n");
		md.end();
		expect(root.querySelectorAll("a")).toHaveLength(4);
		expect([...root.querySelectorAll("sup")].map((el) => el.textContent)).toEqual(["1", "2"]);
		expect(root.querySelectorAll(".nbmd-notes li")).toHaveLength(2);
	});
});

describe("links", () => {
	const link = (text: string) => {
		const { root, md } = start();
		md.push(text);
		md.end();
		return root;
	};

	it("name the real host where the text names another", () => {
		const said = link("[https://github.com/x](https://evil.test/x)").querySelector("a");
		expect(said?.textContent).toBe("https://github.com/x (evil.test)");
		const same = link("[www.github.com](https://github.com/x)").querySelector("a");
		expect(same?.textContent).toBe("www.github.com");
		const lookalike = link("[аpple](https://xn--pple-43d.com)").querySelector("a");
		expect(lookalike?.textContent).toContain("(xn--pple-43d.com)");
	});

	it("open apart and say nothing about the reader", () => {
		const a = link("<https://a.test>").querySelector("a");
		expect(a?.getAttribute("rel")).toBe("noopener noreferrer nofollow ugc");
		expect(a?.getAttribute("target")).toBe("_blank");
		expect(a?.getAttribute("referrerpolicy")).toBe("no-referrer");
	});

	it.each([
		"/api/shutdown",
		"//evil.test",
		"http://page.test/x",
		"https://page.test/x",
		"https://a@evil.test",
		"javascript:1",
		"tel:+1900",
		"ftp://a.test",
	])("are text if they lead to %s", (href) => {
		const root = link(`[x](${href})`);
		expect(root.querySelector("a")).toBeNull();
		expect(root.textContent).toBe("x");
	});

	it("know a Jupyter server's other names", () => {
		const { root, md } = start({ page: "http://localhost:8888/lab" });
		md.push("[a](http://127.0.0.1:8888/x) [b](http://[::1]:8888) [c](http://localhost:9999/)");
		md.end();
		expect(root.querySelectorAll("a")).toHaveLength(0);
	});
});

describe("frames", () => {
	it("leave for the next what they have no time for", () => {
		const { root, md } = start({ frameBudget: 0 });
		md.push("word *two*\n\n".repeat(2_000));
		let count = 1;
		for (; md.render(); count++);
		expect(count).toBeGreaterThan(3);
		md.end();
		expect(root.querySelectorAll("p")).toHaveLength(2_000);
	});

	it("paint what comes at a reader's pace at once, and a flood every 25 ms", () => {
		vi.useFakeTimers();
		try {
			const { root, md } = start();
			const shown = (text: string, after: number) => {
				vi.advanceTimersByTime(after);
				md.push(text);
				const more = md.render();
				return { more, length: root.textContent?.length };
			};
			expect(shown("a".repeat(50), 16)).toEqual({ more: false, length: 50 });
			expect(shown("a".repeat(350), 1)).toEqual({ more: false, length: 400 });
			expect(shown("a".repeat(350), 16)).toEqual({ more: true, length: 400 });
			expect(shown("a".repeat(350), 16)).toEqual({ more: false, length: 1100 });
			expect(shown("a", 25)).toEqual({ more: false, length: 1101 });
			expect(shown("a".repeat(150), 1)).toEqual({ more: false, length: 1251 });
			md.push("a");
			expect(md.end()).toBe(false);
			expect(root.textContent).toHaveLength(1252);
		} finally {
			vi.useRealTimers();
		}
	});

	it("put finished blocks into groups of 4, and those into groups of 64", () => {
		const { root, md } = start();
		md.push("a\n\n".repeat(70));
		md.end();
		const sizes = (el: Element) => [...el.children].map((group) => group.children.length);
		expect([...root.children].map(sizes)).toEqual([Array(16).fill(4), [4, 2]]);
	});
});

describe("code", () => {
	it("names a language of the table, and none that is not in it", () => {
		for (const [info, name] of [
			["py", "Python"],
			["Python title=x", "Python"],
			["js{1,2}", "JavaScript"],
			["jp-RenderedHTML fake", ""],
			['"><img', ""],
		]) {
			const { root, md } = start();
			md.push(`\`\`\`${info}\nx\n\`\`\`\n`);
			md.end();
			expect(root.querySelector(".nbmd-code-language")?.textContent).toBe(name);
			expect(root.querySelector("pre")?.textContent).toBe("x\n");
		}
	});

	it("is handed to the highlighter once, when its fence has closed", () => {
		const calls: unknown[] = [];
		const { md } = start({ highlight: (_el, source, language) => calls.push([source, language]) });
		for (const char of "```py\na = 1\n```\nafter\n") {
			md.push(char);
			md.render();
			if (char === "1") expect(calls).toEqual([]);
		}
		md.end();
		expect(calls).toEqual([["a = 1\n", "python"]]);
	});
});
