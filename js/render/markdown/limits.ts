/**
 * The limits of the Markdown renderer for hostile or very long text, so that the cost per
 * delta does not grow with the text before it.
 *
 * Most constructs beyond their limit are shown as plain text; some limits say how long
 * unfinished text is held back. Limits depend on positions in
 * the text and not on timing, so the same text always gives the same document.
 */

/** Nested containers; deeper markers are text. */
export const MAX_DEPTH = 100;

/** Columns of a table; a wider table is a paragraph. */
export const MAX_COLUMNS = 200;

/** Rows of a table; further rows are a paragraph. */
export const MAX_ROWS = 100_000;

/** Nested emphasis and links; deeper ones are shown as text. */
export const MAX_INLINE_DEPTH = 100;

/** Characters from an open bracket on within which it, and those that open after it, become links. */
export const MAX_LINK_TEXT = 8_000;

/** Characters of a code span, a raw tag or a formula. */
export const MAX_SPAN = 8_000;

/** Characters of a link's destination. Large, because images can be data URLs. */
export const MAX_DESTINATION = 4_000_000;

/** Characters of a link reference definition. */
export const MAX_DEFINITION = 4_000;

/** Characters of a literal URL in the text. */
export const MAX_URL = 2_000;

/** Characters of the domain of a literal URL: DNS allows 253. */
export const MAX_DOMAIN = 253;

/** Characters of a literal mail address: RFC 5321 allows 64 + 1 + 255. */
export const MAX_EMAIL = 320;

/** An unclosed `**` this near to the end of the text is shown as if it were closed. */
export const PENDING_EMPHASIS = 1_000;

/** An unclosed `[` or `<` is not shown until this many characters follow it. */
export const HOLD_INLINE = 80;

/** A line of nothing but markers is not shown until it is this long. */
export const HOLD_LINE = 400;

/** Characters of a link label without its brackets, spec 4.7. */
export const MAX_LABEL = 999;

/** Nested parentheses in a destination: cmark's limit, which keeps `(((((…` linear. */
export const MAX_PARENTHESES = 32;

/** A possible table head, up to this long, is not shown before the line after it. */
export const HOLD_TABLE_HEAD = 4_000;

/** A row that lacks more cells than this gets no empty cells. */
export const MAX_EMPTY_CELLS = 16;

/** Lines of code in one element, which the browser lays out as a whole. */
export const CODE_GROUP_LINES = 100;

/** Characters beside a link that can make a reader take its text for something else. */
export const MAX_BESIDE = 64;
