/**
 * Files that are loaded when they are first needed.
 *
 * Knows how to wait for one: what came meanwhile is done when it is there, and
 * if it does not come, code stays plain and formulas stay source.
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
