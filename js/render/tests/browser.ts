/// <reference types="node" />
/**
 * Runs this module in a real Chromium, on a page of its own.
 *
 * It bundles the module minified, opens the page, and measures time. Every request of the
 * page is recorded, and only the page itself is answered.
 */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { internalNames } from "../mangled-names.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const executable = process.env.CHROMIUM || "/usr/bin/chromium";
export const noBrowser = existsSync(executable) ? "" : " (skipped: set CHROMIUM)";
export const ORIGIN = "http://page.test";

/** Shorter than a test's own time-out, so that the error names what was waited for. */
const PATIENCE_MS = 60_000;

export async function bundle(entry: string): Promise<string> {
	const result = await build({
		entryPoints: [join(here, entry)],
		bundle: true,
		format: "esm",
		target: "es2022",
		minify: true,
		mangleProps: internalNames,
		write: false,
	});
	return result.outputFiles[0]?.text ?? "";
}

export function launch(): Promise<Browser> {
	return chromium.launch({
		executablePath: executable,
		// /dev/shm is small in a container, and a page crashes when it is full.
		args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
		timeout: PATIENCE_MS,
	});
}

export interface Opened {
	readonly page: Page;
	/** The requested addresses, without the page's own. */
	readonly requests: string[];
}

/** A page whose only script is what `page-entry.ts` puts on `window`. */
export async function open(browser: Browser, policy = ""): Promise<Opened> {
	const script = await bundle("page-entry.ts");
	const css = await readFile(join(here, "../style.css"), "utf8");
	const page = await browser.newPage();
	page.setDefaultTimeout(PATIENCE_MS);
	const requests: string[] = [];
	await page.route("**/*", (route) => {
		const url = route.request().url();
		if (url === `${ORIGIN}/`) {
			const body = `<!doctype html><meta charset="utf-8">${policy}<link rel="icon" href="data:,"><style>${css}</style><body><main></main><script type="module" src="/entry.js"></script>`;
			return route.fulfill({ contentType: "text/html", body });
		}
		if (url === `${ORIGIN}/entry.js`) {
			return route.fulfill({ contentType: "text/javascript", body: script });
		}
		requests.push(url);
		return route.abort();
	});
	await page.goto(`${ORIGIN}/`);
	await page.waitForFunction("window.ready");
	return { page, requests };
}

/**
 * Milliseconds of CPU time of the page's main thread. Unlike time by the clock, it
 * does not depend on other work on the machine.
 */
export async function workClock(page: Page): Promise<() => Promise<number>> {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
	return async () => {
		const { metrics } = await devtools.send("Performance.getMetrics");
		const seconds = metrics.find(({ name }) => name === "ThreadTime")?.value;
		if (seconds === undefined) throw new Error("this Chromium does not tell a thread's time");
		return seconds * 1_000;
	};
}
