/**
 * Copies the block parser with its open blocks, so that an unfinished line can be parsed on
 * the copy.
 *
 * Only open blocks can change with a line, so the copy is as deep as the blocks are nested
 * and never as long as the document. The copy records no definitions: those wait until the
 * line is complete.
 */

import { Source } from "../source";
import { Block } from "./node";
import { Parser } from "./parser";

/** Copies a parser with its open blocks. */
export function fork(parser: Parser): Parser {
	const root = copyOf(parser.root);
	let tip = root;
	for (let block = parser.root.last; block?.open; block = block.last) {
		const copy = copyOf(block);
		copy.parent = tip;
		tip.children.push(copy);
		tip = copy;
	}
	const copy = new Parser(parser.grammar, root, tip, null);
	copy.lineNumber = parser.lineNumber;
	return copy;
}

/** Copies an open block without its finished children. */
function copyOf(block: Block): Block {
	return Object.assign(new Block(block.kind, block.startLine), block, {
		origin: block,
		tentative: true,
		base: block.children.length - (block.last?.open ? 1 : 0),
		children: [],
		rows: [],
		source: new Source(block.source),
	});
}
