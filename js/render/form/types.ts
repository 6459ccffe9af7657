/**
 * What the views of the form share: the interface of a view, and the state of the whole form.
 */

import type { JsonNode } from "../json/model";
import type { resolver, Schema } from "./schema";

/** The element of one value, which may not have come, and the method that updates it. */
export interface ValueView {
	readonly el: HTMLElement;
	/** Paints what is new. `node` is undefined until the value begins. */
	update(node: JsonNode | undefined): void;
}

/** Creates a view for a value of a schema. */
export type MakeView = (schema: Schema, form: FormContext, place: Place) => ValueView;

/** Where a value stands: alone, inside another, or in a cell of a table. */
export type Place = "root" | "field" | "cell";

/** What all views of one form know. */
export interface FormContext {
	readonly resolve: ReturnType<typeof resolver>;
	/** What is wrong with a value, in the validator's words. */
	readonly problems: WeakMap<JsonNode, string[]>;
	/** What is wrong with fields that an object lacks, by their key. */
	readonly missing: WeakMap<JsonNode, Map<string, string[]>>;
	/** Which values the user has opened or closed. */
	readonly opened: WeakMap<JsonNode, boolean>;
	/** Creates a view; in place of an import, as the views contain each other. */
	readonly view: MakeView;
	/** The address of the page, to which links are compared. */
	readonly page: string;
	/** Makes an element scroll with its end; returns what to call when it has grown. */
	readonly follow: (el: HTMLElement) => () => void;
}
