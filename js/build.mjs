/**
 * Builds the widget's JavaScript and CSS with esbuild into the Python package, and fails if a
 * bundle is larger than its limit.
 *
 * `--demo` builds the demo page instead, into build/, which is not shipped.
 */

import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { internalNames } from "./render/mangled-names.mjs";
import { minify } from "./render/minify.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const common = {
	absWorkingDir: here,
	bundle: true,
	format: "esm",
	target: "es2022",
	charset: "utf8",
	loader: { ".css": "text" },
	legalComments: "none",
	logLevel: "warning",
};

if (process.argv.includes("--demo")) {
	await mkdir(join(here, "build"), { recursive: true });
	// A page opened from the disk may not load modules.
	await build({ ...common, entryPoints: ["demo.ts"], outfile: "build/demo.js", format: "iife" });
	await cp(join(here, "states.html"), join(here, "build/states.html"));
} else {
	// Budgets in bytes after gzip. The stub is sent with every answer, the widget once a page:
	// together they are what a first cell loads, under 50 kB. The other files come once to a page
	// that needs them.
	const outputs = [
		{ entry: "src/main.ts", out: "widget.js", budget: 49_300 },
		{ entry: "src/stub.ts", out: "stub.js", budget: 700 },
		{ entry: "render/code/styled.ts", out: "highlight.js", budget: 16_000 },
		{ entry: "src/map/main.ts", out: "map.js", budget: 9_200 },
		{ entry: "src/approval/main.ts", out: "approval.js", budget: 8_900 },
		{ entry: "src/form.ts", out: "form.js", budget: 11_800 },
		{ entry: "src/run.ts", out: "run.js", budget: 2_600 },
		{ entry: "render/math/formula.ts", out: "math.js", budget: 62_000 },
	];
	const folder = join(here, "../nbstream/static");
	await mkdir(folder, { recursive: true });
	// The files of the widget give each other objects, so all shorten a name in the same way.
	let mangleCache = {};
	for (const { entry, out, budget } of outputs) {
		const outfile = join(folder, out);
		const bundle = await build({
			...common,
			entryPoints: [entry],
			outfile,
			minify: true,
			// The libraries in the other files may compute names of properties.
			...(entry.startsWith("src/") ? { mangleProps: internalNames, mangleCache } : {}),
			plugins: [smallCss()],
			write: false,
		});
		mangleCache = bundle.mangleCache ?? mangleCache;
		const bytes = Buffer.from(minify(bundle.outputFiles[0].text));
		await writeFile(outfile, bytes);
		const gz = gzipSync(bytes, { level: 9 }).length;
		console.log(`${out}: ${bytes.length} bytes, ${gz} gz (budget ${budget})`);
		if (gz > budget) {
			console.error(`${out} is over its budget`);
			process.exitCode = 1;
		}
	}
}

/** An esbuild plugin that imports style sheets as minified text. */
function smallCss() {
	return {
		name: "small-css",
		setup(on) {
			on.onLoad({ filter: /\.css$/ }, async ({ path }) => {
				const small = await build({
					entryPoints: [path],
					minify: true,
					write: false,
					// Keep light-dark() and nesting as they are.
					target: "esnext",
				});
				const text = small.outputFiles[0].text.trim();
				return { contents: withoutSpaces(withoutFallbacks(text)), loader: "text" };
			});
		},
	};
}

/** The view sets these colours and fonts (src/style.css), so what the renderer's style has in case
 *  that they are missing is left out. */
function withoutFallbacks(css) {
	const value = /(?:[^()]|\([^()]*\))*/.source;
	const set = "accent|bad|faint|ink|line|mono|muted|page|warn|wash";
	return css.replace(new RegExp(`var\\((--(?:${set})),${value}\\)`, "g"), "var($1)");
}

/** What esbuild leaves as it is: spaces after commas within values, and around "/" in fonts. */
function withoutSpaces(css) {
	return css.replace(/,\s+/g, ",").replace(/ \/ /g, "/");
}
