/**
 * Converts a parsed Markdown document to a tree of plain objects, to be compared, stored or
 * drawn elsewhere.
 */

import type { Align, Block } from "./block/node";
import { footnoteKey } from "./block/references";
import { splitRow } from "./block/table";
import { trimSpaces } from "./chars";
import type { MarkdownDocument } from "./document";
import { unescapeText } from "./entities";
import type { Lookup } from "./inline/brackets";
import { type Inline, plainText } from "./inline/node";
import { SCAN_START, Scan } from "./inline/scan";
import { MAX_INLINE_DEPTH } from "./limits";

/** A block or an inline as a plain object. */
export interface Tree {
	type: string;
	children?: Tree[];
	text?: string;
	href?: string;
	title?: string;
	level?: number;
	ordered?: boolean;
	start?: number;
	tight?: boolean;
	checked?: boolean;
	language?: string;
	display?: boolean;
	label?: string;
	align?: readonly Align[];
}

/** Converts a document to plain objects. */
export function treeOf(document: MarkdownDocument): Tree {
	const { references, grammar } = document;
	const lookup: Lookup = {
		link: (label) => references.link(label),
		footnote: (name) => references.footnote(name),
	};
	const inlines = (text: string) => {
		const trimmed = trimSpaces(text);
		return children(
			new Scan(trimmed, grammar, lookup, SCAN_START, trimmed.length, true).run().root,
		);
	};

	const visit = (block: Block): Tree => {
		const text = block.source.toString();
		switch (block.kind) {
			case "paragraph":
			case "summary":
				return { type: block.kind, children: inlines(text) };
			case "heading":
				return { type: "heading", level: block.level, children: inlines(text) };
			case "code":
				return { type: "code", text, ...language(block) };
			case "html":
				return { type: "html", text: text.replace(/\n+$/, "") };
			case "math":
				return { type: "math", text: text.trim(), display: true };
			case "table":
				return table(block);
			case "list":
				return { type: "list", ...list(block), children: inside(block) };
			case "item":
				return block.task === null
					? { type: "item", children: inside(block) }
					: { type: "item", checked: block.task, children: inside(block) };
			case "footnote":
				return { type: "footnote", label: footnoteKey(block.label), children: inside(block) };
			case "break":
				return { type: "break" };
			default:
				return { type: block.kind, children: inside(block) };
		}
	};

	const inside = (block: Block): Tree[] => {
		const found: Tree[] = [];
		for (let i = 0; i < block.childCount; i++) {
			const child = block.childAt(i) as Block;
			if (child.kind !== "definition") found.push(visit(child));
		}
		return found;
	};

	const table = (block: Block): Tree => {
		const width = block.columns?.head.length ?? 0;
		const row = (cells: readonly string[]): Tree => ({
			type: "row",
			children: Array.from({ length: width }, (_, i) => ({
				type: "cell",
				children: inlines(cells[i] ?? ""),
			})),
		});
		const rows = block.rows.map((line) => row(splitRow(line, width)));
		return {
			type: "table",
			align: block.columns?.align ?? [],
			children: [row(block.columns?.head ?? []), ...rows],
		};
	};

	const language = (block: Block): { language?: string } => {
		const word = unescapeText(block.fence?.info ?? "", grammar.named).split(/\s+/)[0];
		return word ? { language: word } : {};
	};

	return visit(document.shown());
}

function list(block: Block) {
	const ordered = block.mark?.ordered ?? false;
	return { ordered, start: block.mark?.start ?? 1, tight: !block.loose };
}

function children(node: Inline, depth = 0): Tree[] {
	const found: Tree[] = [];
	for (let child = node.first; child; child = child.next) {
		const before = found[found.length - 1];
		const one = inline(child, depth + 1);
		if (one.type === "text" && before?.type === "text") before.text += one.text ?? "";
		else if (one.type !== "text" || one.text) found.push(one);
	}
	return found;
}

function inline(node: Inline, depth: number): Tree {
	// Nested too deeply: show the text only, as on the page.
	if (depth > MAX_INLINE_DEPTH) return { type: "text", text: plainText(node) };
	switch (node.kind) {
		case "text":
		case "code":
		case "html":
			return { type: node.kind, text: node.text };
		case "math":
			return { type: "math", text: node.text, display: node.display };
		case "footnoteReference":
			return { type: "footnoteReference", label: footnoteKey(node.text) };
		case "link":
		case "image":
			return {
				type: node.kind,
				href: node.href,
				title: node.title,
				children: children(node, depth),
			};
		case "softBreak":
		case "hardBreak":
			return { type: node.kind };
		default:
			return { type: node.kind, children: children(node, depth) };
	}
}
