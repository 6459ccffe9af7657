/**
 * Settings of Vitest: unit tests run in happy-dom, without layout. Tests with Jupyter are in
 * Python.
 */

import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		environment: "happy-dom",
		include: ["tests/**/*.test.ts", "render/tests/**/*.test.ts"],
		// Long time-outs, since other work may slow the machine down.
		testTimeout: 120_000,
		hookTimeout: 120_000,
	},
});
