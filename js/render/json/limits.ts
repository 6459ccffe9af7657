/**
 * Limits of the JSON renderer: how much of a value it shows at first, what becomes a table, and
 * how deeply values may be nested.
 */

/** Rows in a group that can be collapsed. */
export const GROUP_ROWS = 100;

/** Columns of a table. Values of further keys are put at the end of their row. */
export const MAX_COLUMNS = 50;

/** An object with more keys than this is not shown as a table row. */
export const MAX_ROW_KEYS = 16;

/** Containers nested deeper than this start closed. */
export const OPEN_DEPTH = 24;

/** Characters of a string that are shown at first. */
export const STRING_PREVIEW = 2_000;

/** Characters that each click on "more" adds. */
export const STRING_STEP = 20_000;

/** Nested containers; the parser stops at deeper ones. */
export const MAX_DEPTH = 10_000;
