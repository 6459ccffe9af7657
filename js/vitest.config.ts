/** Unit tests run against a DOM without layout; the browser's own are elsewhere. */

import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		environment: "happy-dom",
		include: ["tests/**/*.test.ts", "render/tests/**/*.test.ts"],
		// A test is right or wrong, not fast: others may be busy on the same machine.
		testTimeout: 120_000,
		hookTimeout: 120_000,
	},
});
