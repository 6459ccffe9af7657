/**
 * The limits, all in one place.
 *
 * Knows the numbers a hostile or a very long text runs into. Each one trades a
 * construct nobody writes (a link text of 9 kB) for a cost per delta that does
 * not grow with what came before. They depend on positions in the text and
 * never on when a frame was drawn, so the same text always means the same.
 */

/** Containers within containers; deeper markers are text. */
export const MAX_DEPTH = 100;

/** Columns of a table; a wider delimiter row is a paragraph. */
export const MAX_COLUMNS = 200;

/** Rows of a table; further rows are a paragraph. */
export const MAX_ROWS = 100_000;

/** Emphasis and links within each other; deeper ones are not drawn. */
export const MAX_INLINE_DEPTH = 100;

/** Between a bracket and its partner: a link's text. */
export const MAX_LINK_TEXT = 8_000;

/** A code span, a raw tag, a formula, from its first character to its last. */
export const MAX_SPAN = 8_000;

/** The destination and title of a link. Long, because images come as data URLs. */
export const MAX_DESTINATION = 4_000_000;

/** One link reference definition; spec 4.7 limits the label to 999 itself. */
export const MAX_DEFINITION = 4_000;

/** A literal MAX_URL in the text. */
export const MAX_URL = 2_000;

/** A literal mail address: RFC 5321 allows 64 + 1 + 255. */
export const MAX_EMAIL = 320;

/** How far from the right edge an unclosed `**` is still believed to close. */
export const PENDING_EMPHASIS = 1_000;

/** How much of an unclosed `[` or `<` is held back before it is shown as it is. */
export const HOLD_INLINE = 80;

/** A line of markers only is held back up to here. */
export const HOLD_LINE = 400;

/** A label without its brackets, spec 4.7. */
export const MAX_LABEL = 999;

/** cmark's limit, so that `(((((…` is not read again from each parenthesis. */
export const MAX_PARENTHESES = 32;

/** A row of a table may be held back until the line after it, up to this long. */
export const HOLD_TABLE_HEAD = 4_000;

/** More empty cells than this are left out: short rows cost what they say. */
export const MAX_EMPTY_CELLS = 16;

/** Lines of code that are laid out together. */
export const CODE_GROUP_LINES = 100;
