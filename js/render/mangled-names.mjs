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
	closeUnmatched defineFootnote endLine fence htmlKind incorporate indent indented
	lastLine lineNumber loose nextColumn openFootnote original piped rowCount
	skipAll skipColumns skipMarker skipSpace startLine takeNewNames tentative tip
	undecided

	restart brackets closeDeferred closes delimiter emitText extendable firstHeld followed
	footnoteAt grammar insertAfter lineBreak lookup mustReread openRuns opens prev
	scan stopped tryCommit uncertain committed stableLength

	above arrange column commit defined depth emit revision expire stable extend trial added
	forget paint partial place position refresh rest runs section task touch wrapButton
`;

export const internalNames = new RegExp(`^(?:${NAMES.trim().split(/\s+/).join("|")})$`);
