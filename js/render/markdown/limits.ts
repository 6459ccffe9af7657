/**
 * The limits, all in one place.
 *
 * Knows the numbers a hostile or a very long text runs into. Each one trades a
 * construct nobody writes (a link text of 9 kB) for a cost per delta that does
 * not grow with what came before. They depend on positions in the text and
 * never on when a frame was drawn, so the same text always means the same.
 */

/** Containers within containers; deeper markers are text. */
export const DEPTH = 100;

/** Columns of a table; a wider delimiter row is a paragraph. */
export const COLUMNS = 200;

/** Rows of a table; further rows are a paragraph. */
export const ROWS = 100_000;

/** Emphasis and links within each other; deeper ones are not drawn. */
export const INLINE_DEPTH = 100;

/** Between a bracket and its partner: a link's text. */
export const LINK_TEXT = 8_000;

/** A code span, a raw tag, a formula, from its first character to its last. */
export const SPAN = 8_000;

/** The destination and title of a link. Long, because images come as data URLs. */
export const DESTINATION = 4_000_000;

/** One link reference definition; spec 4.7 limits the label to 999 itself. */
export const DEFINITION = 4_000;

/** A literal URL in the text. */
export const URL = 2_000;

/** A literal mail address: RFC 5321 allows 64 + 1 + 255. */
export const MAIL = 320;

/** How far from the right edge an unclosed `**` is still believed to close. */
export const NEAR = 1_000;

/** How much of an unclosed `[` or `<` is held back before it is shown as it is. */
export const HOLD = 80;

/** A line of markers only is held back up to here. */
export const HELD_LINE = 400;

/** A label without its brackets, spec 4.7. */
export const LABEL_LENGTH = 999;

/** cmark's limit, so that `(((((…` is not read again from each parenthesis. */
export const PARENTHESES = 32;

/** A row of a table may be held back until the line after it, up to this long. */
export const TABLE_HEAD = 4_000;

/** More empty cells than this are left out: short rows cost what they say. */
export const PADDING = 16;

/** Lines of code that are laid out together. */
export const LINES = 100;
