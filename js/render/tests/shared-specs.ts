/// <reference types="node" />
/**
 * Reads the examples of the GFM extensions from cmark-gfm's specifications.
 *
 * The files are licensed CC-BY-SA and not copied here. Where they are absent, the tests
 * that need them are skipped and say so.
 */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../../shared");

export interface Example {
	readonly markdown: string;
	readonly html: string;
	readonly extension: string;
	readonly line: number;
}

export const absent = existsSync(join(folder, "specs/gfm-spec.txt"))
	? ""
	: " (skipped: ../shared/specs is absent)";

export function shared(path: string): string | null {
	const file = join(folder, path);
	return existsSync(file) ? readFileSync(file, "utf8") : null;
}

export function examplesOf(file: string): Example[] {
	const text = shared(file)?.replaceAll("→", "\t") ?? "";
	const pattern = /^`{20,} example([^\n]*)\n([\s\S]*?)^\.\n([\s\S]*?)^`{20,}$/gm;
	return [...text.matchAll(pattern)].map((found) => ({
		markdown: found[2] ?? "",
		html: found[3] ?? "",
		extension: found[1]?.trim() || "text",
		line: text.slice(0, found.index).split("\n").length,
	}));
}
