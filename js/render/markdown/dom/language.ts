/**
 * Names of languages.
 *
 * Knows a table from what may stand after a fence to what is shown and what a
 * highlighter calls it. What is not in it has no name: the word itself, which
 * is a model's, goes nowhere.
 */

export interface Language {
	readonly id: string;
	readonly name: string;
}

// What is shown, if a highlighter calls it otherwise that, and other words for it.
const TABLE = `Shell=bash sh zsh console
C h
C++=cpp
C#=csharp cs
CSS
Diff patch
Go
HTML
Java
JavaScript js jsx mjs
JSON jsonl
Julia
LaTeX tex
Markdown md
Python py ipython
R
Ruby rb
Rust rs
SQL
TOML
TypeScript ts tsx
XML svg
YAML yml`;

const known = new Map<string, Language>();
for (const line of TABLE.split("\n")) {
	const [head = "", ...words] = line.split(" ");
	const [name = "", id = name.toLowerCase()] = head.split("=");
	for (const word of [name.toLowerCase(), id, ...words]) known.set(word, { id, name });
}

/** The language an info string names, if it is one of ours. */
export function languageOf(info: string): Language | null {
	const [word = ""] = info.split(/[\s{,:]/, 1);
	return known.get(word.toLowerCase()) ?? null;
}
