/// <reference types="node" />
/**
 * The size of the bundles that a page loads, in bytes after gzip.
 */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { internalNames } from "../mangled-names.mjs";
import { minify } from "../minify.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..");

async function size(contents: string): Promise<number> {
	const result = await build({
		stdin: { contents, resolveDir: folder, loader: "ts" },
		bundle: true,
		minify: true,
		format: "esm",
		target: "es2022",
		charset: "utf8",
		legalComments: "none",
		mangleProps: internalNames,
		write: false,
	});
	return gzipSync(minify(result.outputFiles[0]?.text ?? ""), { level: 9 }).length;
}

const CORE = 'export { createJson, createMarkdown } from "./index";';

it("Markdown and JSON together", async () => {
	expect(await size(CORE)).toBeLessThan(25_400);
});

it("highlighting, on top of them", async () => {
	const both = await size(`${CORE} export { highlight } from "./code/highlight";`);
	expect(both - (await size(CORE))).toBeLessThan(15_000);
});

it("formulas are in a file of their own", async () => {
	expect(await size('export { drawMath } from "./math/formula";')).toBeLessThan(62_000);
});
