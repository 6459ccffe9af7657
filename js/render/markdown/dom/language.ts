/**
 * Maps the word after a Markdown code fence, such as `py`, to the language's name that is
 * shown and to the id that the highlighter uses. An unknown word is not shown, since it is text
 * from the model.
 */

/** A programming language: the highlighter's id, and the shown name. */
export interface Language {
	readonly id: string;
	readonly name: string;
}

// A line: the shown name, "=" and the highlighter's id if it differs, and other words.
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

/** The language that an info string names, or null if it is not in the table. */
export function languageOf(info: string): Language | null {
	const [word = ""] = info.split(/[\s{,:]/, 1);
	return known.get(word.toLowerCase()) ?? null;
}
