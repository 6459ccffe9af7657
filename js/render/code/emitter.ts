/**
 * Collects the output of highlight.js as tokens with colour classes, not as an HTML string.
 *
 * It implements highlight.js's emitter interface, the `__emitter` option.
 */

/** A piece of the source, and the class of its colour or null. */
export interface Token {
	readonly text: string;
	readonly color: Color | null;
}

/** The CSS classes for colours. */
export type Color =
	| "nbmd-hl-keyword"
	| "nbmd-hl-string"
	| "nbmd-hl-number"
	| "nbmd-hl-comment"
	| "nbmd-hl-name"
	| "nbmd-hl-type"
	| "nbmd-hl-meta"
	| "nbmd-hl-add"
	| "nbmd-hl-del";

const COLORS = new Map<string, Color | null>(
	Object.entries({
		keyword: "nbmd-hl-keyword",
		literal: "nbmd-hl-keyword",
		operator: null,
		string: "nbmd-hl-string",
		regexp: "nbmd-hl-string",
		char: "nbmd-hl-string",
		number: "nbmd-hl-number",
		comment: "nbmd-hl-comment",
		doctag: "nbmd-hl-comment",
		title: "nbmd-hl-name",
		attr: "nbmd-hl-name",
		attribute: "nbmd-hl-name",
		name: "nbmd-hl-keyword",
		property: "nbmd-hl-name",
		built_in: "nbmd-hl-type",
		type: "nbmd-hl-type",
		class: "nbmd-hl-type",
		meta: "nbmd-hl-meta",
		subst: null,
		addition: "nbmd-hl-add",
		deletion: "nbmd-hl-del",
	}),
);

/** The emitter: highlight.js calls its methods; `tokens` is the result. */
export class TokenEmitter {
	readonly tokens: Token[] = [];
	#scopes: (Color | null)[] = [];

	addText(text: string): void {
		if (text) this.tokens.push({ text, color: this.#scopes[this.#scopes.length - 1] ?? null });
	}

	// highlight.js calls these by both pairs of names.
	openNode(scope: string): void {
		this.startScope(scope);
	}

	closeNode(): void {
		this.endScope();
	}

	/** Begins a piece with a meaning, such as `string`; an unknown one keeps the colour around it. */
	startScope(scope: string): void {
		const outer = this.#scopes[this.#scopes.length - 1] ?? null;
		const known = COLORS.get(scope.split(".")[0] ?? "");
		this.#scopes.push(known === undefined ? outer : known);
	}

	endScope(): void {
		this.#scopes.pop();
	}

	__addSublanguage(emitter: TokenEmitter): void {
		this.tokens.push(...emitter.tokens);
	}

	finalize(): void {}

	toHTML(): string {
		return "";
	}
}
