/**
 * Names of properties that only this module's own objects have, for whoever
 * bundles it: `mangleProps: internalNames` makes them short (esbuild), which
 * takes 2 % off. Nothing depends on it.
 *
 * A name may stand here if nothing of the browser's, of a host's or in stored
 * data is called so, and if it is never computed or quoted. Long ones pay, words
 * that anybody's data may have (`source`, `parts`, `references`) do not belong
 * here. tests/mangled-names.test.ts looks at each.
 */

const NAMES = `
	allClosed atSpace becomeHeading becomeTable childAt childCount closer
	closeUnmatched defineNote endLine fence htmlKind incorporate indent indented
	lastLine lineNumber loose nextColumn openFootnote piped rowCount
	skipAll skipColumns skipMarker skipSpace startLine takeFresh tentative tip
	undecided

	again brackets closes delimiter emitText extendable far followed grammar held insertAfter
	lineBreak lookup noteAt opens prev scan settle soft stale

	above arrange column commit defined depth emit epoch expire extend extra firm forget painter
	paint partial place position refresh rest runs section task touch under
`;

export const internalNames = new RegExp(`^(?:${NAMES.trim().split(/\s+/).join("|")})$`);
