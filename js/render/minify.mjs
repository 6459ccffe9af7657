/** Shortens a bundle that esbuild has made: its minifier works file by file, this one on the whole. */

import { minifySync } from "rolldown/utils";

export function minify(code) {
	const options = { module: true, compress: { target: "es2022" }, mangle: { toplevel: true } };
	const result = minifySync("bundle.mjs", code, options);
	if (result.errors.length > 0) throw new Error(JSON.stringify(result.errors));
	return result.code;
}
