/**
 * What this module offers. It knows no notebook and no provider: text goes in,
 * elements come out. Formulas and highlighting are files of their own, so that
 * nobody loads them who does not need them: math/formula.ts, code/highlight.ts.
 */

export type { Snapshot, StreamRenderer } from "./frame-queue";
export { createJson, type Json, type JsonOptions } from "./json/json";
export { lazyHighlight, lazyMath } from "./lazy";
export { createMarkdown, type Markdown, type MarkdownOptions } from "./markdown/markdown";
export { type Tree, treeOf } from "./markdown/tree";
