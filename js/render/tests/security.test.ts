/**
 * Hostile Markdown in a real browser: whole and character by character, with
 * every request intercepted.
 */

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch, noBrowser, type Opened, open } from "./browser";
import { shared } from "./shared-specs";

interface Payload {
	readonly id: string;
	readonly markdown: string;
}

const given: Payload[] = ["security/payloads.json", "security/payloads-2.json"].flatMap((file) =>
	JSON.parse(shared(file) ?? "[]"),
);

const own: Payload[] = [
	"[a](https:\\\\evil.test/)",
	"[a](https:/evil.test)",
	"[a](//evil.test)",
	"[a](http://page.test@evil.test/)",
	"[a](http://page.test/api/shutdown)",
	"[a](http://page.test:80/x)",
	"[a](https://page.test:80/x) <http://page.test:443/x> HTTPS://page.test:80",
	"[a](http://page.test./x) [b](HTTP://PAGE.TEST%2E/) <https://page.test./> http://page.test./x",
	"[a](https://page.test/x)",
	"[a](<java\nscript:window.__x=1>)",
	"[a](&#106;avascript:window.__x=1)",
	"[a](\u200bjavascript:window.__x=1)",
	"[a](vbscript:x) [b](blob:http://page.test/1) [c](filesystem:http://page.test/t)",
	"<data:text/html,x> <blob:http://page.test/1> <file:///etc/passwd>",
	"ftp://evil.test/x and xhttp://evil.test javascript:window.__x=1",
	"![a][r]\n\n[r]: http://evil.test/ref.png 'x\" onerror=\"window.__x=1'",
	'![a](data:image/svg+xml;base64,PHN2Zy8+) ![b](data:image/png;base64,x" onerror=window.__x=1)',
	"![a](blob:http://page.test/1) ![b](file:///etc/passwd) ![c](//evil.test/x.png)",
	'```" onmouseover=window.__x=1 id=x class=y\ncode\n```\n\n~~~python" style=x\ncode\n~~~',
	"| <img src=x onerror=window.__x=1> | a |\n|:-:|--|\n| ![x](http://evil.test/t.png) | <script>1</script> |",
	"[^__proto__] [^constructor]\n\n[^__proto__]: x\n[^constructor]: y\n\n[__proto__] [toString]\n\n[__proto__]: javascript:1",
	"&lt;script&gt;window.__x=1&lt;/script&gt; &#60;img src=x onerror=window.__x=1&#62;",
	"$\\href{javascript:window.__x=1}{x}$ $$\\includegraphics{http://evil.test/m.png}$$",
	"$\\class{a}{b} \\id{c}{d} \\style{color:red}{e} \\data{x=1}{f}$ $\\color{url(http://evil.test)}x$",
	"$\\textcolor{red;background:url(http://evil.test/c)}{x}$ $\\url{http://evil.test}$ $\\rule{9999999em}{9999999em}$",
	"$\\def\\a{\\a\\a}\\a$ $\\text{<img src=x onerror=window.__x=1>}$ $\\unicode{x3c}$",
	"- [x] <input onfocus=window.__x=1 autofocus>\n- [ ] <a href=javascript:window.__x=1>x</a>",
	"<http://evil.test/\u202egnp.exe> [\u202etxt.exe](http://evil.test)",
	"$\u202ex$ $\\text{a\u2066b}$ `\u202e` \u2067",
	'<sub onclick="window.__x=1" style="color:red" id=x class=y data-command=z>a</sub> <mark style="position:fixed">b</mark>',
	'<kbd onmouseover=window.__x=1>a</kbd ><sup\nonfocus=window.__x=1 tabindex=1>b</sup><br onload="window.__x=1" style=x>',
	'<details open ontoggle=window.__x=1 name=x id=y>\n<summary onclick="window.__x=1" style=x>[s](javascript:window.__x=1)</summary>\n<img src=x onerror=window.__x=1>\n\n</details>',
	"<details><summary><script>window.__x=1</script></summary><iframe srcdoc=x></details>\n<svg><sub><img src=http://evil.test/x></sub></svg>",
	"<sub><a href=javascript:window.__x=1>a</sub></a> <mark><img src=http://evil.test/m.png></mark>",
	"\\begin{align}\\href{javascript:window.__x=1}{x}\\includegraphics{http://evil.test/m.png}\\end{align}",
].map((markdown, i) => ({ id: `own ${i + 1}`, markdown }));

const payloads = [...given, ...own];

/** Everything on the page that should not be there; runs in the page. */
function audit(): string[] {
	const bad: string[] = [];
	const allowed: Record<string, RegExp> = {
		class: /^nb(md|json)(-[a-z-]+)?$/,
		href: /^(https?:\/\/(?!page\.test)[^@]*$|mailto:)/,
		target: /^_blank$/,
		rel: /^noopener noreferrer nofollow ugc$/,
		referrerpolicy: /^no-referrer$/,
		title: /^/,
		alt: /^/,
		src: /^data:image\/(png|jpeg|gif|webp|avif);base64,/,
		type: /^(button|checkbox)$/,
		role: /^[a-z-]+$/,
		start: /^\d+$/,
		align: /^(left|center|right)$/,
		loading: /^/,
		decoding: /^/,
		checked: /^$/,
		disabled: /^$/,
		hidden: /^$/,
		tabindex: /^0$/,
		dir: /^(?:ltr|rtl)$/,
		"aria-label": /^(?:Done|Not done)$/,
		"aria-live": /^polite$/,
	};
	const tags =
		/^(a|blockquote|br|button|code|del|details|div|em|h[1-6]|hr|img|input|kbd|li|mark|ol|p|pre|section|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|ul)$/;
	const math = "http://www.w3.org/1998/Math/MathML";
	for (const el of document.querySelectorAll("main *")) {
		if (el.namespaceURI === math) {
			for (const { name, value } of el.attributes) {
				const fine = name === "class" ? /^tml-[a-z -]+$/ : /^[-+#.%\w ]*$/;
				const known = !/^(on|href|xlink|style|id|name|src|data|action)/.test(name);
				if (!known || !fine.test(value)) bad.push(`${el.localName}[${name}="${value}"]`);
			}
			continue;
		}
		if (!tags.test(el.localName)) bad.push(`<${el.localName}>`);
		for (const { name, value } of el.attributes) {
			if (!allowed[name]?.test(value)) bad.push(`${el.localName}[${name}="${value}"]`);
		}
		if (el.hasAttribute("href") && el.getAttribute("rel") === null) bad.push("a without rel");
	}
	const text = document.querySelector("main")?.textContent ?? "";
	if (/[\u202a-\u202e\u2066-\u2069]/.test(text)) bad.push("text is reordered");
	if ("__x" in window) bad.push("script ran");
	return bad;
}

describe.skipIf(noBrowser)(`hostile Markdown${noBrowser}`, () => {
	let browser: Browser;
	let opened: Opened;

	beforeAll(async () => {
		browser = await launch();
		opened = await open(browser);
	});
	afterAll(() => browser?.close());

	it.each(payloads)("$id", async ({ markdown }) => {
		const { page, requests } = opened;
		for (const size of [markdown.length, 1]) {
			const bad = await page.evaluate(
				async ([text, step, check]) => {
					const inspect = new Function(`return (${check})()`) as () => string[];
					const main = document.querySelector("main") as HTMLElement;
					main.replaceChildren();
					const { drawMath, highlight } = window;
					const md = window.render.createMarkdown(main, { drawMath, highlight });
					const found = new Set<string>();
					for (let i = 0; i < text.length; i += step) {
						md.push(text.slice(i, i + step));
						while (md.render());
						for (const one of inspect()) found.add(one);
					}
					for (let more = md.end(); more; ) more = md.render();
					for (const one of inspect()) found.add(one);
					for (const el of main.querySelectorAll<HTMLElement>("*")) {
						el.dispatchEvent(new MouseEvent("mouseover"));
						el.dispatchEvent(new FocusEvent("focus"));
					}
					await new Promise((resolve) => setTimeout(resolve, 5));
					for (const one of inspect()) found.add(one);
					return [...found];
				},
				[markdown, size, audit.toString()] as const,
			);
			expect(bad).toEqual([]);
			expect(requests).toEqual([]);
			expect(page.url()).toBe("http://page.test/");
		}
	});
});
