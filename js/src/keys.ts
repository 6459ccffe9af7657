/**
 * Keeps the host's shortcuts away from keys that belong to an answer, and lets Escape lead out.
 *
 * While a control or a pane has the focus, plain keys are its own: JupyterLab would take Enter as
 * "edit this cell" and the arrows as "next cell". Keys with Ctrl, Alt or Meta stay the host's.
 * A pane that was only clicked on does not count.
 */

const CONTROLS = "a, button, summary, input, select, audio, video, :focus-visible";

/** Handles the keys of one view until the signal aborts. */
export function keepKeys(root: HTMLElement, signal: AbortSignal): void {
	const early = (event: KeyboardEvent) => {
		const { target, ctrlKey, altKey, metaKey } = event;
		if (!(target instanceof HTMLElement) || !root.contains(target)) return;
		const own = !(ctrlKey || altKey || metaKey) && target.matches(CONTROLS);
		// Read by Lumino, JupyterLab's toolkit, for each key.
		if (own) root.dataset.lmSuppressShortcuts = "true";
		else delete root.dataset.lmSuppressShortcuts;
	};
	window.addEventListener("keydown", early, { capture: true, signal });
	root.addEventListener("keydown", leave, { signal });
}

/** Escape closes the pane around the focus, or gives the focus back to the notebook. */
function leave(event: KeyboardEvent): void {
	const { key, target, currentTarget } = event;
	const root = currentTarget as HTMLElement;
	// JupyterLab's notebook gives the focus to the active cell at each key that reaches it.
	if ("lmSuppressShortcuts" in root.dataset) event.stopPropagation();
	if (key !== "Escape" || event.defaultPrevented || !(target instanceof HTMLElement)) return;
	const around = target.closest("details");
	if (around?.open && root.contains(around)) {
		const summary = around.querySelector("summary");
		summary?.click(); // as the reader does, so that it stays closed
		summary?.focus({ preventScroll: true });
	} else {
		const outside = root.parentElement?.closest<HTMLElement>(".jp-Cell, [tabindex]");
		target.blur();
		outside?.focus({ preventScroll: true });
	}
	event.preventDefault();
}
