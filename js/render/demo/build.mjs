/** Builds the demo page of the renderer into js/build/render, which is not shipped. */

import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { internalNames } from "../mangled-names.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../../build/render");

await mkdir(out, { recursive: true });
await build({
	entryPoints: [join(here, "demo.ts")],
	bundle: true,
	splitting: true,
	format: "esm",
	target: "es2022",
	minify: true,
	mangleProps: internalNames,
	loader: { ".css": "text", ".md": "text" },
	outdir: out,
});
await cp(join(here, "../../index.html"), join(out, "index.html"));
