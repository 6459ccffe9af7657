/**
 * The public interface of the streaming renderer: Markdown or JSON text goes in, DOM elements
 * come out. It depends on no notebook and no provider.
 *
 * Formulas (math/formula.ts) and highlighting (code/highlight.ts) are separate
 * files, so that a page loads them only if it needs them.
 */

export type { Form, Problem } from "./form/form";
export { jsonFinder, textBefore } from "./form/json-start";
export type { Schema } from "./form/schema";
export type { StreamRenderer } from "./frame-queue";
export { createJson, type Json, type JsonOptions } from "./json/json";
export { lazyHighlight, lazyMath } from "./lazy";
export { copyText } from "./markdown/dom/copy";
export { setText } from "./markdown/dom/element";
export { createMarkdown, type Markdown, type MarkdownOptions } from "./markdown/markdown";
export { type Tree, treeOf } from "./markdown/tree";
export { visible } from "./policy/characters";
export { mustShowHost, type SafeLink, webAddress } from "./policy/links";
