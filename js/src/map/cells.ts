/**
 * Draws the prompts of a map: a small square each, or a card with its text if they are few. Only
 * those that have changed are drawn again.
 */

import { numbers } from "../format";
import { element, setText } from "../parts/part";
import { kindOf, type MapState } from "./state";

/** Creates the grid; `press` gets the number of the prompt that was chosen. */
export function cellGrid(
	state: MapState,
	press: (at: number) => void,
): { el: HTMLElement; paint(open: number | null): void; focus(): void } {
	const el = element("div", "nbstream-cells");
	el.setAttribute("role", "group");
	el.setAttribute("aria-label", "Prompts");
	const buttons: HTMLButtonElement[] = [];
	const drawn: string[] = [];
	let current = 0;
	let shown: number | null = null;

	el.addEventListener("click", ({ target }) => {
		const at = buttons.indexOf((target as Element).closest("button") as HTMLButtonElement);
		if (at < 0) return;
		makeCurrent(at);
		press(at);
	});
	el.addEventListener("keydown", (event) => {
		const row = perRow();
		const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row }[event.key];
		if (!step || !buttons[current + step]) return;
		event.preventDefault();
		event.stopPropagation(); // JupyterLab moves to another cell
		makeCurrent(current + step);
		focus();
	});

	/** How many cells are in a row, as they are laid out now. */
	function perRow(): number {
		const top = buttons[0]?.offsetTop;
		const below = buttons.findIndex((one) => one.offsetTop !== top);
		return below < 0 ? buttons.length : below;
	}

	/** Only one cell is reached by Tab; the arrows reach the others. */
	function makeCurrent(at: number): void {
		for (const one of [current, at]) if (buttons[one]) buttons[one].tabIndex = one === at ? 0 : -1;
		current = at;
	}

	function focus(): void {
		buttons[current]?.focus();
	}

	function create(at: number, cards: boolean): HTMLButtonElement {
		const button = element("button", "nbstream-cell");
		button.type = "button";
		button.tabIndex = at === current ? 0 : -1;
		if (cards) {
			button.append(
				element("span", "nbstream-cell-prompt", state.prompts[at] ?? ""),
				element("span", "nbstream-cell-text"),
			);
		}
		return button;
	}

	return {
		el,
		focus,
		paint(open) {
			const cards = state.prompts.length > 0;
			el.classList.toggle("nbstream-cards", cards);
			for (let at = 0; at < state.cells.length; at++) {
				const cell = state.cells[at] ?? ".";
				const mark = `${cell} ${state.texts[at] ?? ""}`;
				let button = buttons[at];
				if (!button) {
					button = create(at, cards);
					buttons[at] = button;
					el.append(button);
				}
				if (drawn[at] === mark) continue;
				drawn[at] = mark;
				const kind = kindOf(cell);
				button.dataset.kind = kind;
				button.style.setProperty("--amount", kind === "running" ? cell : "");
				const name = `Prompt ${numbers.format(at + 1)}: ${kind}`;
				if (!cards) button.title = name;
				button.setAttribute("aria-label", name);
				const text = button.children[1] as HTMLElement | undefined;
				if (text) setText(text, state.texts[at] ?? "");
			}
			if (open === shown) return;
			for (const at of [shown, open])
				buttons[at ?? -1]?.setAttribute("aria-expanded", String(at === open));
			shown = open;
		},
	};
}
