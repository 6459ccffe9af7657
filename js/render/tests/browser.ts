/// <reference types="node" />
/**
 * A real Chromium with this module on a page of its own.
 *
 * Knows how to bundle (as for a reader: minified), open, intercept and time:
 * every request the page makes is noted, and none but the page itself is answered.
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

/** Less than a test's own, so that what is waited for is named when it does not come. */
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
		// /dev/shm is small in a container, and a page that finds it full is gone.
		args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
		timeout: PATIENCE_MS,
	});
}

export interface Opened {
	readonly page: Page;
	/** Addresses that were asked for, without the page's own. */
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
 * Milliseconds for which the page's own thread has worked, whatever else the
 * machine does: what a frame takes by the clock is up to others, too.
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
