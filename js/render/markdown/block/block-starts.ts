/**
 * The rules by which a line begins a Markdown block, such as a heading, a list item or a fence
 * (CommonMark spec 4 and 5). The block parser calls `startBlock`.
 *
 * `STARTS` has them in order of precedence. Each looks at the rest of a line and either opens its
 * block or does nothing. How blocks continue is in block-continues.ts.
 */

import { trimSpaces } from "../chars";
import { environmentCloser, isEscaped, isProse } from "../inline/math";
import { END_DETAILS } from "../inline/tags";
import { HOLD_LINE, MAX_DEPTH, MAX_SPAN } from "../limits";
import { lastOfFormula, quote } from "./block-continues";
import { detailsAround, END_SUMMARY, openingTag } from "./details";
import { htmlBegins } from "./html";
import { CODE_INDENT, type Line } from "./line";
import type { Block, ListMark } from "./node";
import type { Parser } from "./parser";
import { delimiterRow, splitRow } from "./table";

/** What a rule opened: a container, a leaf that takes the rest of the line, or nothing. */
export type Started = "container" | "leaf" | null;
type Start = (parser: Parser, line: Line, container: Block) => Started;

const ATX = /^#{1,6}(?:[ \t]+|$)/;
const FENCE = /^(?:`{3,}(?!.*`)|~{3,})/;
const SETEXT = /^(?:=+|-+)[ \t]*$/;
const BREAK = /^([*_-])[ \t]*(?:\1[ \t]*){2,}$/;
const BULLET = /^[*+-]/;
const NUMBER = /^(\d{1,9})([.)])/;
const FOOTNOTE = /^\[\^([^\]\s[]{1,100})\]:/;

const quoteStart: Start = (parser, line, container) => {
	if (tooDeep(container) || !quote(line)) return null;
	parser.begin("quote");
	return "container";
};

const atx: Start = (parser, line) => {
	const marker = ATX.exec(line.body)?.[0];
	if (marker === undefined) return null;
	line.skipMarker(marker.length);
	const heading = parser.begin("heading");
	heading.level = marker.trim().length;
	const text = line.body;
	// A long line that is not complete yet grows in its block, so it is kept as it is.
	heading.growing = !parser.ended && text.length > HOLD_LINE;
	heading.source.append(heading.growing ? text : withoutClosing(text));
	line.skipAll();
	return "leaf";
};

const fence: Start = (parser, line) => {
	const marker = FENCE.exec(line.body)?.[0];
	if (marker === undefined) return null;
	const code = parser.begin("code");
	code.fence = {
		char: marker.charAt(0),
		length: marker.length,
		offset: line.indent,
		info: line.body.slice(marker.length).trim(),
	};
	line.skipAll();
	return "leaf";
};

const html: Start = (parser, line, container) => {
	if (line.head !== "<" || parser.grammar.tags) return null;
	const inParagraph =
		container.kind === "paragraph" ||
		(!parser.allClosed && !line.blank && parser.tip.kind === "paragraph");
	const kind = htmlBegins(line.body, inParagraph);
	if (kind === 0) return null;
	parser.begin("html").htmlKind = kind;
	// The line, with its indentation, is part of the block.
	return "leaf";
};

const math: Start = (parser, line) => {
	if (!parser.grammar.math) return null;
	const body = line.body.trim();
	const environment = environmentCloser(body, 0);
	const opener = environment ? "" : /^(?:\$\$(?!\$)|\\\[)/.exec(body)?.[0];
	if (opener === undefined || body.length > MAX_SPAN) return null;
	const closer = environment || (opener === "$$" ? "$$" : "\\]");
	const inner = body.slice(opener.length);
	const whole = inner.length > closer.length ? lastOfFormula(inner, closer) : null;
	const found = inner.indexOf(closer);
	if (found >= 0 && (whole === null || found < inner.length - closer.length - 1)) return null;
	// `$$ to $$$` are price ranges.
	if (opener === "$$" && (body.endsWith("$$$") || isProse(whole ?? inner, 3))) return null;
	// `\[` within a line is an escaped bracket; as an opener it stands alone on its line.
	if (opener === "\\[" && (whole === null ? inner : isEscaped(whole, true))) return null;
	const block = parser.begin("math");
	block.closer = closer;
	if (whole !== null) {
		block.complete = true;
		block.source.append(whole.trim());
		parser.close(block, parser.lineNumber);
	} else if (inner) {
		block.source.append(`${inner}\n`);
	}
	line.skipAll();
	return "leaf";
};

const setext: Start = (parser, line, container) => {
	if (container.kind !== "paragraph" || !SETEXT.test(line.body)) return null;
	if (!parser.becomeHeading(container, line.head === "=" ? 1 : 2)) return null;
	line.skipAll();
	return "leaf";
};

const table: Start = (parser, line, container) => {
	if (!parser.grammar.gfm || container.kind !== "paragraph") return null;
	if (!/^[|:-]/.test(line.head)) return null;
	const align = delimiterRow(line.body);
	if (!align) return null;
	const head = splitRow(container.source.tail(container.length - container.lastLine));
	if (head.length !== align.length) return null;
	parser.becomeTable(container, { align, head });
	line.skipAll();
	return "leaf";
};

const detailsStart: Start = (parser, line, container) => {
	const length = tooDeep(container) ? 0 : openingTag("details", line.body);
	if (!length) return null;
	line.skipMarker(length);
	// No code block begins after the tag.
	line.skipSpace();
	parser.begin("details");
	return "container";
};

const detailsEnd: Start = (parser, line) => {
	const tag = END_DETAILS.exec(line.body);
	// The innermost one, also in an item that the line is not indented enough to continue.
	const details = tag && detailsAround(parser.tip);
	if (!details) return null;
	line.skipMarker(tag[0].length);
	line.skipSpace();
	parser.closeUnmatched();
	if (details.open) parser.closeTo(details);
	return "container";
};

const summary: Start = (parser, line, container) => {
	const first = container.kind === "details" && container.childCount === 0;
	const length = first ? openingTag("summary", line.body) : 0;
	if (!length) return null;
	line.skipMarker(length);
	const block = parser.begin("summary");
	const end = END_SUMMARY.exec(line.body);
	if (!end) return "leaf";
	block.source.append(trimSpaces(line.body.slice(0, end.index)));
	parser.close(block, parser.lineNumber);
	line.skipMarker(end.index + end[0].length);
	line.skipSpace();
	return "container";
};

const TAGS: readonly Start[] = [detailsStart, detailsEnd, summary];

const thematicBreak: Start = (parser, line) => {
	if (!BREAK.test(line.body)) return null;
	parser.begin("break");
	line.skipAll();
	return "leaf";
};

const footnote: Start = (parser, line, container) => {
	if (!parser.grammar.footnotes || tooDeep(container)) return null;
	const found = FOOTNOTE.exec(line.body);
	if (!found?.[1]) return null;
	line.skipMarker(found[0].length);
	// Strip the space after the colon, so that no code block begins there.
	line.skipSpace();
	parser.openFootnote(found[1]);
	return "container";
};

const item: Start = (parser, line, container) => {
	if (!/[-*+0-9]/.test(line.head) || tooDeep(container)) return null;
	const mark = listMark(line, container);
	if (!mark) return null;
	parser.closeUnmatched();
	const list = parser.tip;
	const same =
		list.kind === "list" &&
		list.mark?.ordered === mark.ordered &&
		list.mark.delimiter === mark.delimiter;
	if (!same) parser.open("list").mark = mark;
	parser.open("item").mark = mark;
	return "container";
};

const indentedCode: Start = (parser, line) => {
	if (line.blank || parser.tip.kind === "paragraph") return null;
	line.skipColumns(CODE_INDENT);
	parser.begin("code");
	return "leaf";
};

const STARTS: readonly Start[] = [
	quoteStart,
	atx,
	fence,
	html,
	math,
	setext,
	thematicBreak,
	footnote,
	item,
	table,
];

/** First characters with which a line that is not indented can begin a block. */
const MAY_START = /^[#`~*+_=<>0-9|:$\\[-]/;

/** Applies the rules to the rest of a line, until one of them opens a block. */
export function startBlock(parser: Parser, line: Line, container: Block): Started {
	if (line.head === "<" && parser.grammar.tags) {
		// Authors of HTML indent what is between two tags.
		const rules = !line.indented || detailsAround(parser.tip) ? TAGS : [];
		for (const rule of rules) {
			const started = rule(parser, line, container);
			if (started) return started;
		}
	}
	if (line.indented) return indentedCode(parser, line, container);
	if (!MAY_START.test(line.head)) return null;
	for (const rule of STARTS) {
		const started = rule(parser, line, container);
		if (started) return started;
	}
	return null;
}

/** The list marker at the start of the line, or null. */
function listMark(line: Line, container: Block): ListMark | null {
	const body = line.body;
	const bullet = BULLET.exec(body);
	const number = bullet ? null : NUMBER.exec(body);
	const marker = bullet?.[0] ?? number?.[0];
	if (!marker) return null;
	// Only a list that starts with 1 can interrupt a paragraph, and an empty item cannot.
	const interrupts = container.kind === "paragraph";
	if (interrupts && number && Number(number[1]) !== 1) return null;
	const after = body.charAt(marker.length);
	if (after !== "" && after !== " " && after !== "\t") return null;
	if (interrupts && !trimSpaces(body.slice(marker.length))) return null;

	const offset = line.indent;
	line.skipMarker(marker.length);
	// With more than four spaces, one belongs to the item and the rest to indented code.
	const spaces = line.indent > CODE_INDENT || line.blank ? 1 : line.indent;
	line.skipColumns(spaces);
	return {
		ordered: !bullet,
		delimiter: bullet?.[0] ?? number?.[2] ?? "",
		start: Number(number?.[1] ?? 0),
		offset,
		padding: marker.length + spaces,
	};
}

/** The text of a heading, which may end with any number of `#` after a space. */
export function withoutClosing(line: string): string {
	const text = trimSpaces(line);
	let end = text.length;
	while (text[end - 1] === "#") end--;
	if (end > 0 && text[end - 1] !== " " && text[end - 1] !== "\t") return text;
	return trimSpaces(text.slice(0, end));
}

/** Whether blocks are nested to the limit. */
function tooDeep(container: Block): boolean {
	return container.depth >= MAX_DEPTH;
}
