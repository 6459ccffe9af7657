/**
 * The limits: what one value, row or table may ask of the page.
 */

/** Rows that are folded together. */
export const GROUP_ROWS = 100;

/** Columns of a table; what has none stands at the end of its row. */
export const MAX_COLUMNS = 50;

/** An object with more than this is no row. */
export const MAX_ROW_KEYS = 16;

/** Deeper than this a container is closed until somebody opens it. */
export const OPEN_DEPTH = 24;

/** Characters of a string that are shown before the reader asks for more. */
export const STRING_PREVIEW = 2_000;

/** And how many each time the reader does. */
export const STRING_STEP = 20_000;

/** Containers within containers; deeper ones are refused. */
export const MAX_DEPTH = 10_000;
