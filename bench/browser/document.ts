/**
 * Generates the Markdown and JSON that the browser benchmark streams: typical documents, and
 * structures that are slow to render.
 *
 * A text of a given length is the same in every run.
 */

/** A random number generator with a seed; its numbers are from 0 to 1. */
function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

const WORDS =
	"stream model token cell kernel notebook value table frame browser layout parser delta window array column index batch query answer error retry budget thread event buffer window schema object string number result total value gradient tensor shape axis mean".split(
		" ",
	);

/** Markdown with paragraphs, lists, code and tables, as models write it. */
export function mixed(length: number, seed = 1): string {
	const next = random(seed);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
	const words = (n: number) => Array.from({ length: n }, () => pick(WORDS)).join(" ");
	const sentence = () => {
		const parts = Array.from({ length: 3 }, () => words(5));
		const extra = pick([
			`**${words(2)}**`,
			`*${words(1)}*`,
			`\`${pick(WORDS)}_${pick(WORDS)}()\``,
			`[${words(2)}](https://example.com/${pick(WORDS)})`,
			words(3),
			words(4),
		]);
		return `${parts[0]} ${extra} ${parts[1]}, ${parts[2]}.`;
	};
	const paragraph = () => Array.from({ length: 2 + Math.floor(next() * 4) }, sentence).join(" ");
	const blocks = [
		paragraph,
		paragraph,
		paragraph,
		() => `## ${words(4)}`,
		() => Array.from({ length: 4 }, () => `- ${sentence()}`).join("\n"),
		() => `- ${words(5)}\n  - ${sentence()}\n  - ${words(4)}\n- ${sentence()}`,
		() => Array.from({ length: 3 }, (_, i) => `${i + 1}. ${sentence()}`).join("\n"),
		() =>
			`\`\`\`python\n${Array.from({ length: 8 }, () => `    ${pick(WORDS)} = ${pick(WORDS)}(${pick(WORDS)}, ${Math.floor(next() * 99)})`).join("\n")}\n\`\`\``,
		() =>
			`| ${words(1)} | ${words(1)} | n |\n|---|---|--:|\n${Array.from({ length: 5 }, () => `| ${words(2)} | \`${words(1)}\` | ${Math.floor(next() * 999)} |`).join("\n")}`,
		() => `> ${sentence()}\n> ${words(6)}`,
	];
	const text: string[] = [];
	for (let size = 0; size < length; ) {
		const one = `${pick(blocks)()}\n\n`;
		text.push(one);
		size += one.length;
	}
	return text.join("").slice(0, length);
}

/** One paragraph without a line feed. */
export function paragraph(length: number): string {
	const next = random(7);
	let text = "";
	while (text.length < length) {
		const word = WORDS[Math.floor(next() * WORDS.length)] as string;
		const r = next();
		text +=
			r < 0.05
				? `**${word} ${word}** `
				: r < 0.1
					? `\`${word}\` `
					: r < 0.13
						? `[${word}](https://example.com/${word}) `
						: r < 0.15
							? `*${word}* `
							: `${word} `;
	}
	return text.slice(0, length);
}

/** A Markdown table. */
export function table(rows: number): string {
	const next = random(5);
	let text = "| name | value | note |\n|:--|--:|---|\n";
	for (let i = 0; i < rows; i++) {
		text += `| ${WORDS[i % WORDS.length]} | ${Math.floor(next() * 1e6)} | \`${i}\` |\n`;
	}
	return text;
}

/** A fenced code block. */
export function fence(length: number): string {
	const next = random(3);
	let text = "```python\n";
	while (text.length < length) {
		text += `    ${WORDS[Math.floor(next() * WORDS.length)]} = call(${Math.floor(next() * 1e4)})\n`;
	}
	return text.slice(0, length);
}

/** A list of the given depth, and then items in the innermost list. */
export function nested(depth: number, items: number): string {
	let text = "";
	for (let i = 0; i < depth; i++) text += `${"  ".repeat(i)}- level ${i}\n`;
	for (let i = 0; i < items; i++) text += `${"  ".repeat(depth - 1)}- item **${i}** and \`more\`\n`;
	return text;
}

/** A JSON array of similar objects. */
export function json(length: number): string {
	const next = random(11);
	const rows: string[] = [];
	for (let size = 2; size < length; ) {
		const one = JSON.stringify({
			id: rows.length,
			name: `${WORDS[rows.length % WORDS.length]} \u00e9\n"quoted"`,
			score: next() * 100,
			tags: [WORDS[rows.length % 7], WORDS[rows.length % 5]],
			nested: { ok: next() < 0.5, none: null },
		});
		rows.push(one);
		size += one.length + 1;
	}
	return `[${rows.join(",")}]`;
}

/** A JSON array of small objects, for a table. */
export function objects(count: number): string {
	const next = random(13);
	const row = (_: unknown, id: number) => {
		const name = `${WORDS[id % WORDS.length]} ${WORDS[id % 7]}`;
		return JSON.stringify({ id, name, score: Math.round(next() * 1000) / 10 });
	};
	return `[${Array.from({ length: count }, row).join(",")}]`;
}
