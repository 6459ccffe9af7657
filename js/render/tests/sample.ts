/**
 * Documents for tests and benchmarks: Markdown as models write it, from a seeded generator,
 * so that every run uses the same text.
 */

export function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

const WORDS =
	"the stream a model writes token by token and each cell shows what has come so far while kernel_name stays busy values grow tables fill rows of numbers 42 or 3.14 text (in brackets) with snake_case_names, e.g. *stars* and naïve café 東京 🚀 “quotes” — dashes; done.".split(
		" ",
	);

export function sample(length: number, seed = 1): string {
	const next = random(seed);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
	const words = (n: number) => Array.from({ length: n }, () => pick(WORDS)).join(" ");
	const inline = () =>
		pick([
			() => `**${words(2)}**`,
			() => `*${words(2)}*`,
			() => `\`${pick(["x = 1", "df.head()", "a_b", "n > 0"])}\``,
			() => `[${words(2)}](https://example.com/${Math.floor(next() * 99)} "${words(1)}")`,
			() => `~~${words(1)}~~`,
			() => "https://example.org/path_to/page",
			() => "me@example.org",
			() => "[ref], [other][ref] and [^1]",
			() => "$x^2 + y$ costs $5 or $10",
			() => "![chart](https://img.example/c.png)",
			() => "a &amp; b &copy; c\\*d <b>raw</b>",
			() => "_under_ and __strong__ and ***both***",
			() => "arr[i] = f(x)[0]",
		])();
	const line = (n: number) =>
		Array.from({ length: n }, () => (next() < 0.3 ? inline() : words(4))).join(" ");
	const block = () =>
		pick([
			() => line(5),
			() => line(9),
			() => `${line(3)}\n${line(3)}\\\n${line(2)}  \n${line(2)}`,
			() => `${"#".repeat(1 + Math.floor(next() * 4))} ${line(1)}`,
			() => `${words(3)}\n${pick(["---", "==="])}`,
			() => `- ${line(2)}\n- ${line(1)}\n  - ${line(1)}\n    ${line(1)}\n- ${line(1)}`,
			() => `1. ${line(1)}\n\n   ${line(2)}\n2. ${line(1)}`,
			() => `- [ ] ${words(3)}\n- [x] ${line(1)}`,
			() => `> ${line(2)}\n> ${line(1)}\n>\n> - ${words(2)}`,
			() =>
				`\`\`\`${pick(["python", "js", "", "json"])}\nfor i in x:\n    print(i)  # **no**\n\n\`\`\``,
			() => `    indented ${words(2)}\n\n    more`,
			() =>
				`| a | b_${Math.floor(next() * 9)} |\n|:--|---:|\n| ${words(1)} | ${inline()} |\n| 1 | 2 |`,
			() => pick(["---", "***", "* * *"]),
			() => `$$\nx = \\frac{1}{2}\n$$`,
			() => `\\[ a^2 + b^2 \\]`,
			() => `<div>\n${words(3)}\n</div>`,
			() => `[^${Math.floor(next() * 3)}]: ${line(2)}`,
			() => `[${pick(["ref", "late", "other"])}]: https://example.net/x 'title'`,
		])();
	let text = "";
	while (text.length < length) text += `${block()}\n\n`;
	return text.slice(0, length);
}
