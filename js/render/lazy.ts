/**
 * Loads the code highlighter and the formula renderer when a Markdown text first needs them.
 *
 * Calls made meanwhile run once the file is loaded. If it does not load, code keeps
 * its plain text and formulas keep their source.
 */

import type { MarkdownOptions } from "./markdown/markdown";

type Highlight = NonNullable<MarkdownOptions["highlight"]>;
type DrawMath = NonNullable<MarkdownOptions["drawMath"]>;

/** For the option `highlight`: `lazyHighlight(() => import("./code/highlight"))`. */
export function lazyHighlight(load: () => Promise<{ highlight: Highlight }>): Highlight {
	const once = onceOnly(load);
	return (...args) => void once().then((file) => file?.highlight(...args));
}

/** For the option `drawMath`: `lazyMath(() => import("./math/formula"))`. */
export function lazyMath(load: () => Promise<{ drawMath: DrawMath }>): DrawMath {
	const once = onceOnly(load);
	return (...args) => void once().then((file) => file?.drawMath(...args));
}

/** Calls `load` at most once; null if it fails. */
function onceOnly<T>(load: () => Promise<T>): () => Promise<T | null> {
	let loading: Promise<T | null> | null = null;
	return () => {
		loading ??= load().catch(() => null);
		return loading;
	};
}
