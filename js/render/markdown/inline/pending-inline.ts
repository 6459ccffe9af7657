/**
 * Decides how unclosed emphasis and brackets at the end of a Markdown text are shown while it
 * streams.
 *
 * An unclosed `**` near the end is shown as if it were closed there, since it nearly always
 * will be. Markers with nothing after them, and short unclosed brackets, are not shown. None
 * of this is kept: the next pass starts again from the commit point.
 */

import { PENDING_EMPHASIS } from "../limits";
import { kindOf, type Run } from "./emphasis";
import { Inline, type InlineKind } from "./node";
import type { Scan } from "./scan";

/** Changes the nodes after the commit point of a scan: hides markers and closes emphasis. */
export function showPending(scan: Scan): void {
	const held = scan.brackets.firstHeld();
	if (held) cutFrom(held);
	const from = scan.start.base + (scan.commit?.length ?? 0);
	const runs = () =>
		scan.runs.above(from).filter((run) => run.live && run.node.parent === scan.root);
	const bottoms = new Map<string, number>();
	for (const run of runs()) if (run.live && run.closes) scan.runs.close(run, from, bottoms);
	for (const run of runs().reverse()) assumeClosed(run, scan);
}

/** Removes a node and all nodes after it. */
function cutFrom(node: Inline): void {
	for (let at: Inline | null = node; at; ) {
		const next: Inline | null = at.next;
		at.remove();
		at = next;
	}
}

/** Shows an unclosed marker as emphasis up to the end, or removes it if nothing follows it. */
function assumeClosed(run: Run, scan: Scan): void {
	const { node } = run;
	const end = scan.start.base + scan.text.length;
	if (!run.opens || run.at < end - PENDING_EMPHASIS) return;
	if (run.char === "~" ? run.count !== 2 : run.count > 3) return;
	// A single * or _ is less often emphasis than two, so it is assumed within its line only.
	if (
		/^[*_]$/.test(run.char) &&
		run.count === 1 &&
		scan.text.includes("\n", run.at - scan.start.base)
	)
		return;
	if (node.next) {
		for (const kind of kinds(run)) node.wrap(null, new Inline(kind));
	}
	node.remove();
}

/** The kinds of emphasis that a run of markers opens, the inner one first. */
function kinds(run: Run): InlineKind[] {
	return run.count === 3 ? ["strong", "emph"] : [kindOf(run.char, run.count)];
}
