/**
 * Markdown as language models write it: prices and formulas, HTML tags, emphasis in Chinese,
 * Japanese and Korean, addresses. Each text is rendered whole, by character and in random
 * pieces.
 */

import { describe, expect, it } from "vitest";
import { createMarkdown, type MarkdownOptions } from "../markdown/markdown";
import { random } from "./sample";

/** The page of a finished text; all ways to cut the text give the same. */
function page(text: string, options: MarkdownOptions = {}): HTMLElement {
	const next = random(text.length);
	const cuts = [() => text.length, () => 1, () => 1 + Math.floor(next() * 7)];
	const roots = cuts.map((cut) => {
		const root = document.createElement("div");
		const md = createMarkdown(root, { page: "http://page.test/", frameBudget: 1e9, ...options });
		for (let at = 0; at < text.length; ) {
			const length = cut();
			md.push(text.slice(at, at + length));
			md.render();
			at += length;
		}
		md.end();
		return root;
	});
	for (const root of roots) expect(root.innerHTML).toBe(roots[0]?.innerHTML);
	return roots[0] as HTMLElement;
}

/** The HTML without groups, attributes and decoration; formulas as `⟦x⟧`, in display `⟦⟦x⟧⟧`. */
function html(text: string, options: MarkdownOptions = {}): string {
	const root = page(text, options);
	for (const el of root.querySelectorAll(".nbmd-math")) el.replaceWith(`⟦${el.textContent}⟧`);
	for (const el of root.querySelectorAll(".nbmd-math-display")) {
		(el.closest(".nbmd-math-block") ?? el).replaceWith(`⟦⟦${el.textContent}⟧⟧`);
	}
	for (const el of root.querySelectorAll(".nbmd-host")) el.remove();
	return root.innerHTML
		.replace(/<\/?div[^>]*>/g, "")
		.replace(/<(\w+) [^>]*>/g, "<$1>")
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&amp;", "&");
}

/** The HTML of one paragraph. */
const inline = (text: string, options: MarkdownOptions = {}) =>
	html(text, options).replace(/^<p>|<\/p>$/g, "");

/** Two placeholders of a template, as in a shell or in JavaScript. */
const TEMPLATE = ["$", "{a}/$", "{b}"].join("");

describe("dollars and brackets that are text", () => {
	it.each([
		"$5 and $10",
		"$5, or $10",
		"It costs $1,000–$2,000.",
		"$10k-$20k",
		"($5)/($10)",
		"10$ to 20$",
		"It costs $5, or (10$)",
		"about $5 million (~$6 million)",
		"US$5 and AU$10",
		"dollars ($) and Australian dollars ($)",
		"a shell's $, and the $",
		"pay $x now and later$",

		"\\be or not \\to",
		"PATH=$HOME/bin:$PATH",
		TEMPLATE,
		'"$a" and "$b"',
		"cat $file|grep $word",
		"$HOME/$",
		"$AAPL/$TSLA",
		"$$$ and $$",
		"Price: $$ | $$$",
		"A ($$), Restaurant B ($$)",
		"$$$$",
		"\\begin{itemize} a \\end{itemize}",
		"\\begin{align} a",
		"\\begin",
	])("%j", (text) => {
		expect(inline(text)).toBe(text);
	});

	it.each([
		["\\[Note\\]", "[Note]"],
		["\\[Note\\] text", "[Note] text"],
		["a \\[sic\\], \\[1\\], \\[2, 3\\] and \\[…\\]", "a [sic], [1], [2, 3] and […]"],
		["\\[注\\]", "[注]"],
		["\\(see below\\)", "(see below)"],
		["\\$x\\$", "$x$"],
	])("%j", (text, shown) => {
		expect(inline(text)).toBe(shown);
	});

	it("stay text in any piece of text around them", () => {
		expect(html(`- $5 and $10\n\n> ${TEMPLATE}\n\n| $5 | $10 |\n|---|---|\n`)).not.toMatch("⟦");
	});
});

describe("formulas", () => {
	it.each([
		["$x$", "⟦x⟧"],
		["$x = 5$ and $y$", "⟦x = 5⟧ and ⟦y⟧"],
		["$n$th, $i$-th, the $k$s", "⟦n⟧th, ⟦i⟧-th, the ⟦k⟧s"],
		["$\\alpha$/$\\beta$", "⟦\\alpha⟧/⟦\\beta⟧"],
		["设$x$为实数", "设⟦x⟧为实数"],
		["$\\$5$ in TeX", "⟦\\$5⟧ in TeX"],
		["from $5 to $x$", "from $5 to ⟦x⟧"],
		["\\(x\\)", "⟦x⟧"],
		["f\\(x\\)", "f⟦x⟧"],
		["\\(ABC\\)", "⟦ABC⟧"],
		["so \\[x\\] is", "so ⟦⟦x⟧⟧ is"],
		["so $$x$$ is", "so ⟦⟦x⟧⟧ is"],
		[
			"m = \\begin{pmatrix} 1 & 2 \\end{pmatrix}.",
			"m = ⟦⟦\\begin{pmatrix} 1 & 2 \\end{pmatrix}⟧⟧.",
		],
	])("%j", (text, shown) => {
		expect(inline(text)).toBe(shown);
	});

	it.each([
		["\\[x\\]", "⟦⟦x⟧⟧"],
		["\\[ 42 \\]", "⟦⟦42⟧⟧"],
		["$$x$$", "⟦⟦x⟧⟧"],
		["$$\nx\n$$.", "⟦⟦x\n.⟧⟧"],
		["\\[\nx\n\\]\nafter", "⟦⟦x⟧⟧<p>after</p>"],
		[
			"so\n\\begin{align*}\na &= b \\\\\n\\end{align*}\n**c**",
			"<p>so</p>⟦⟦\\begin{align*}\na &= b \\\\\n\\end{align*}⟧⟧<p><strong>c</strong></p>",
		],
	])("alone on their lines: %j", (text, shown) => {
		expect(html(text)).toBe(shown);
	});

	it("are off with the option", () => {
		expect(inline("$x$ \\(x\\) $$x$$ \\begin{align}x\\end{align}", { math: false })).toBe(
			"$x$ (x) $$x$$ \\begin{align}x\\end{align}",
		);
	});
});

describe("tags", () => {
	it.each([
		["H<sub>2</sub>O", "H<sub>2</sub>O"],
		["x<sup>2</sup> <MARK>a **b**</MARK>", "x<sup>2</sup> <mark>a <strong>b</strong></mark>"],
		['<kbd class="x">Ctrl</kbd>', "<kbd>Ctrl</kbd>"],
		["a<br>b<br/>c<BR />d</br>e", "a<br>\nb<br>\nc<br>\nd<br>\ne"],
		["**a<sub>b</sub>**", "<strong>a<sub>b</sub></strong>"],
		["<sub>a *b</sub> c*", "<sub>a *b</sub> c*"],
		["<sub>a<sup>b</sup></sub>", "<sub>a<sup>b</sup></sub>"],
	])("%j", (text, shown) => {
		expect(inline(text)).toBe(shown);
	});

	it.each([
		"the <kbd> tag",
		"a</sub>",
		"<sub/>",
		"<sub>a",
		"<subs>a</subs>",
		"<u>a</u> <span style=x>b</span>",
		"<b onclick=x>a</b>",
		"<!-- a -->",
	])("without their partner, and other ones, are text: %j", (text) => {
		expect(inline(text)).toBe(text);
	});

	it("have no attributes", () => {
		const root = page(
			'<sub id=a class=b>x</sub><details open name=c>\n\n<details id="d"><summary style=e>s</summary>\n',
		);
		for (const el of root.querySelectorAll("sub, details, summary")) {
			expect(el.getAttributeNames()).toEqual([]);
		}
	});

	it("break the lines of a cell", () => {
		expect(html("| a<br>b |\n|---|\n| c<br />d<sup>2</sup> |\n")).toBe(
			"<table><thead><tr><th>a<br>\nb</th></tr></thead><tbody><tr><td>c<br>\nd<sup>2</sup></td></tr></tbody></table>",
		);
	});

	it("show their meaning before they are closed", () => {
		const root = document.createElement("div");
		const md = createMarkdown(root);
		md.push("H<sub>2");
		md.render();
		expect(root.querySelector("sub")?.textContent).toBe("2");
		md.end();
		expect(root.textContent).toBe("H<sub>2");
	});

	it("let Markdown go on after other HTML", () => {
		const root = page("<div>\n**a**\n\n<script>\n# b\n\n<!-- c\n- d");
		expect(root.querySelector("strong")?.textContent).toBe("a");
		expect(root.querySelector("h1")?.textContent).toBe("b");
		expect(root.querySelector("li")?.textContent).toBe("d");
		expect(root.textContent).toContain("<div>");
		expect(root.querySelector("script")).toBeNull();
	});

	it("are text with the option off", () => {
		expect(inline("H<sub>2</sub>O<br>", { tags: false })).toBe("H<sub>2</sub>O<br>");
		expect(page("<details>\n\n**a**\n", { tags: false }).querySelector("details")).toBeNull();
	});
});

describe("folds", () => {
	const summary = "<details><summary>S</summary>";
	it.each([
		[
			"<details>\n<summary>S</summary>\n\na\n\n</details>\nb",
			`${summary}<p>a</p></details><p>b</p>`,
		],
		["<details><summary>S</summary>a</details>\nb", `${summary}<p>a</p></details><p>b</p>`],
		["<details><summary>S</summary>\na\n</details>\n\nb", `${summary}<p>a</p></details><p>b</p>`],
		[
			"<details>\n<summary>\n*S*\n</summary>\na",
			"<details><summary><em>S</em></summary><p>a</p></details>",
		],
		["<details>\n    <summary>S</summary>\n    </details>\nb", `${summary}</details><p>b</p>`],
		[
			"<details>\n- a\n- b\n</details>\nc",
			"<details><ul><li><p>a</p></li><li><p>b</p></li></ul></details><p>c</p>",
		],
		[
			"<details>\n<details>\na\n</details>\nb\n</details>\nc",
			"<details><details><p>a</p></details><p>b</p></details><p>c</p>",
		],
		[
			"- a\n  <details>\n  b\n  </details>\n- c",
			"<ul><li><p>a</p><details><p>b</p></details></li><li><p>c</p></li></ul>",
		],
		[
			"- a\n  <details>\n  b\n</details>\nc",
			"<ul><li><p>a</p><details><p>b</p></details></li></ul><p>c</p>",
		],
		["> <details>\n> a\n\nb", "<blockquote><details><p>a</p></details></blockquote><p>b</p>"],
		["a\n</details>\nb", "<p>a\n</details>\nb</p>"],
		["a <details> b", "<p>a <details> b</p>"],
		["<summary>a</summary>", "<p><summary>a</summary></p>"],
	])("%j", (text, shown) => {
		expect(html(text)).toBe(shown);
	});

	it("are not closed by code", () => {
		const root = page("<details>\n\n```html\n</details>\n```\n\na `</details>`\n\n</details>\n\nb");
		expect(root.querySelector("details code")?.textContent).toBe("</details>\n");
		expect(root.querySelectorAll("details > p")).toHaveLength(1);
	});
});

describe("emphasis beside Chinese, Japanese and Korean", () => {
	it.each([
		["**太好了🎉**继续", "<strong>太好了🎉</strong>继续"],
		["**注意：**请", "<strong>注意：</strong>请"],
		["这是**“引用”**的", "这是<strong>“引用”</strong>的"],
		["これは**「強調」**です", "これは<strong>「強調」</strong>です"],
		["한국어**(test)**를", "한국어<strong>(test)</strong>를"],
		["这~~（旧）~~的", "这<del>（旧）</del>的"],
		["用*`code`*吧", "用<em><code>code</code></em>吧"],
		["**葛\u{e0100}。**の", "<strong>葛\u{e0100}。</strong>の"],
		["a**(b)**c", "a**(b)**c"],
		["**a🎉**b", "**a🎉**b"],
	])("%j", (text, shown) => {
		expect(inline(text)).toBe(shown);
	});

	it("is the specification's with the option off", () => {
		expect(inline("**注意：**请", { cjk: false })).toBe("**注意：**请");
	});
});

describe("addresses", () => {
	const links = (text: string, options: MarkdownOptions = {}) =>
		[...page(text, options).querySelectorAll("a")].map((a) => a.textContent);

	it.each([
		["看http://a.b/路。好", ["http://a.b/路"]],
		["（http://a.b/c）", ["http://a.b/c"]],
		["http://a.b，www", ["http://a.b"]],
		["见 www.a.b、www", ["www.a.b"]],
		["“https://a.b/?q=1”", ["https://a.b/?q=1"]],
		["me@a.co。", ["me@a.co"]],
		["react@18.2.0 and next@15.0.0-rc, vue@3.4.0-beta.1", []],
		["@types/node@20.11.5", []],
		["me@example.com, a.b@c-d.museum", ["me@example.com", "a.b@c-d.museum"]],
		[`http://${"a".repeat(300)}.b`, []],
	])("%j", (text, found) => {
		expect(links(text)).toEqual(found);
	});

	it("are GFM's with the option off", () => {
		expect(links("http://a.b/c。d next@15.0.0-rc x@1.2.3", { addresses: false })).toEqual([
			"http://a.b/c。d",
			"next@15.0.0-rc",
		]);
	});
});

it("drops a byte order mark at the start, and only there", () => {
	expect(html("\ufeff# a\ufeff")).toBe("<h1>a\ufeff</h1>");
});
