/**
 * The browser benchmark: measures Markdown and JSON renderers in Chromium and prints the figures
 * of js/render's README. Run it with `npm ci && npm run bench`.
 *
 * `--only=a,b` selects renderers, `--shape=form` the shapes with that word, and `--quick` skips
 * the long texts. The results are also written to build/results.json.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { internalNames } from "../../js/render/mangled-names.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name) => process.argv.find((arg) => arg.startsWith(`--${name}`));
const only = option("only")?.split("=")[1]?.split(",");
const renderers = ["nothing", "nbstream", "smd", "streamdown", "marked"].filter(
	(name) => !only || only.includes(name),
);

const RATE = 5_000;
const streams = [
	{ name: "100 kB", length: 100_000, limit: 15 },
	{ name: "1 MB", length: 1_000_000, limit: 60 },
].filter(({ length }) => length < 1e6 || !option("quick"));

/** Name, generator and delta size, in characters, of texts for the cost per delta. */
const shapes = [
	["one paragraph of 200 kB", "texts.paragraph(200_000)", 5],
	["a table of 20,000 rows", "texts.table(20_000)", 20],
	["a fence of 1 MB", "texts.fence(1_000_000)", 20],
	["a list 50 deep, 2,000 items", "texts.nested(50, 2_000)", 20],
	["1 MB of mixed Markdown", "texts.mixed(1_000_000)", 20],
	["1 MB of JSON", "texts.json(1_000_000)", 20, "json"],
	["a form of 10,000 objects", "texts.objects(10_000)", 20, "form"],
];

const shape = option("shape")?.split("=")[1];
const isChosen = ([name]) => !shape || name.includes(shape);

const css = await readFile(join(here, "../../js/render/style.css"), "utf8");
const html = `<!doctype html><meta charset="utf-8"><style>${css}
main { height: 600px; overflow-y: auto; font: 14px/1.6 sans-serif }</style><main></main>
<script type="module" src="/entry.js"></script>`;

/** Bundles entry.ts with one renderer. Returns the script. */
async function bundle(renderer) {
	// Only nbstream's names are mangled; those of other renderers are unknown.
	const ours = ["nbstream", "json", "form"].includes(renderer);
	const result = await build({
		entryPoints: [join(here, "entry.ts")],
		...(ours ? { mangleProps: internalNames } : {}),
		alias: { renderer: join(here, "renderers", `${renderer}.ts`) },
		bundle: true,
		minify: true,
		format: "esm",
		target: "es2022",
		define: { "process.env.NODE_ENV": '"production"' },
		loader: { ".css": "text" },
		write: false,
	});
	return result.outputFiles[0].text;
}

/** Opens a page with a script in Chromium. */
async function open(browser, script) {
	const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
	await page.route("**/*", (route) => {
		const { pathname } = new URL(route.request().url());
		if (pathname === "/") return route.fulfill({ contentType: "text/html", body: html });
		if (pathname === "/entry.js")
			return route.fulfill({ contentType: "text/javascript", body: script });
		return route.abort();
	});
	await page.goto("http://bench.test/");
	await page.waitForFunction("window.ready", null, { timeout: 60_000 });
	const session = await page.context().newCDPSession(page);
	await session.send("Performance.enable");
	const metrics = async () => {
		const { metrics: list } = await session.send("Performance.getMetrics");
		return Object.fromEntries(list.map(({ name, value }) => [name, value]));
	};
	return { page, metrics };
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu"],
});
const results = { streams: [], shapes: [] };
try {
	for (const { name, length, limit } of streams) {
		console.log(`\n${name} of mixed Markdown at ${RATE} deltas a second`);
		console.log("renderer     main ms  script  layout    fps  longest  read kB  nodes");
		for (const renderer of renderers) {
			const { page, metrics } = await open(browser, await bundle(renderer));
			// The text is made in a separate task, which is not measured.
			await page.evaluate(`window.text = texts.mixed(${length}); 0`);
			await page.waitForTimeout(500);
			const before = await metrics();
			const got = await page.evaluate(`window.stream(window.text, ${RATE}, ${limit})`);
			const after = await metrics();
			const ms = (key) => (after[key] - before[key]) * 1000;
			const row = {
				renderer,
				stream: name,
				main: ms("TaskDuration"),
				script: ms("ScriptDuration"),
				layout: ms("LayoutDuration") + ms("RecalcStyleDuration"),
				fps: got.frames / got.seconds,
				...got,
			};
			results.streams.push(row);
			const cells = [row.main, row.script, row.layout].map((n) => n.toFixed(0).padStart(8));
			const longest = got.longest ? got.longest.toFixed(0) : "<50";
			console.log(
				`${renderer.padEnd(11)}${cells.join("")}${row.fps.toFixed(1).padStart(7)}${longest.padStart(9)}${(got.consumed / 1000).toFixed(0).padStart(9)}${String(got.nodes).padStart(7)}`,
			);
			await page.close();
		}
	}
	if (renderers.includes("nbstream")) {
		console.log("\nnbstream, script time per delta, painted after each (no layout)");
		console.log("shape                            first 5%   last 5%   ratio");
		for (const [name, text, size, kind] of shapes.filter(isChosen)) {
			const { page } = await open(browser, await bundle(kind ?? "nbstream"));
			// Warm up the JIT with another text.
			const warms = { json: "texts.json(200_000)", form: "texts.objects(2_000)" };
			const warm = warms[kind] ?? "texts.mixed(200_000)";
			await page.evaluate(`perDelta(${warm}, 20, 1)`);
			const parts = await page.evaluate(`perDelta(${text}, ${size}, 1)`);
			const first = parts[0];
			const last = parts[parts.length - 1];
			results.shapes.push({ shape: name, first, last, ratio: last / first, parts });
			console.log(
				`${name.padEnd(32)}${(first * 1000).toFixed(1).padStart(7)} us${(last * 1000).toFixed(1).padStart(7)} us${(last / first).toFixed(2).padStart(8)}`,
			);
			await page.close();
		}
	}
} finally {
	await browser.close();
}
await mkdir(join(here, "build"), { recursive: true });
await writeFile(join(here, "build/results.json"), JSON.stringify(results, null, "\t"));
