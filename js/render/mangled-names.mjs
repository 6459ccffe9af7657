/**
 * The property names of the renderer's code that esbuild may shorten in a bundle, since only
 * its own objects have them: pass `mangleProps: internalNames` to esbuild. The bundle gets 1 %
 * smaller; everything works without it. The widget's own code (js/src) is in the same
 * bundle, and the last names are its own.
 *
 * A name may be in the list if it is not the name of any property of the browser, of
 * the host or of stored data, and if the code never computes or quotes it. Short names
 * do not pay. Common ones (`source`, `parts`, `references`) are too risky.
 * tests/mangled-names.test.ts checks each name.
 */

const NAMES = `
	allClosed atSpace closeTo growing pushTag becomeHeading becomeTable childAt childCount closer
	closeUnmatched defineFootnote endLine fence htmlKind incorporate indent indented
	lastLine lineNumber loose nextColumn openFootnote original piped rowCount
	skipAll skipColumns skipMarker skipSpace startLine takeNewNames tentative tip
	undecided

	restart brackets closeDeferred closes delimiter emitText extendable firstHeld followed
	footnoteAt grammar insertAfter lineBreak lookup mustReread openRuns opens prev
	scan tryCommit uncertain committed stableLength noteAround

	above arrange column commit defined depth emit revision expire stable extend trial added
	forget paint place position refresh rest runs section task touch wrapButton
	around begin blank provisional written

	announceSwap askedAt changes chunks completeOutputs elapsedAt endedAt final finishReason firstToken
	fromTrait hostSignal reconnecting
	isLost isRun setMarks silent startedAt statusReports tokensPerSecond toolCallId toolName
	totalUsage unfinished widgetId pressed
	changed moved presses received repaintCells tooltip typed
`;

/** Matches the names that may be shortened. */
export const internalNames = new RegExp(`^(?:${NAMES.trim().split(/\s+/).join("|")})$`);
