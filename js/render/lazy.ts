/**
 * Loads the highlighter and the formula drawer when they are first needed.
 *
 * Calls made meanwhile run once the file is loaded. If it does not load, code keeps
 * its plain text and formulas keep their source.
 */

import type { MarkdownOptions } from "./markdown/markdown";

type Highlight = NonNullable<MarkdownOptions["highlight"]>;
type DrawMath = NonNullable<MarkdownOptions["drawMath"]>;

/** For `highlight`: `lazyHighlight(() => import("./code/highlight"))`. */
export function lazyHighlight(load: () => Promise<{ highlight: Highlight }>): Highlight {
	const once = onceOnly(load);
	return (...args) => void once().then((file) => file?.highlight(...args));
}

/** For `drawMath`: `lazyMath(() => import("./math/formula"))`. */
export function lazyMath(load: () => Promise<{ drawMath: DrawMath }>): DrawMath {
	const once = onceOnly(load);
	return (...args) => void once().then((file) => file?.drawMath(...args));
}

function onceOnly<T>(load: () => Promise<T>): () => Promise<T | null> {
	let loading: Promise<T | null> | null = null;
	return () => {
		loading ??= load().catch(() => null);
		return loading;
	};
}
