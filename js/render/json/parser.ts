/**
 * An incremental JSON parser (RFC 8259): builds the values of model.ts, which the views draw,
 * from text that arrives in pieces. Only an unfinished token is read again with the next piece.
 *
 * It holds back incomplete tokens that would be shown wrongly: half an escape, half a
 * surrogate pair, a lone sign, half a literal. It repairs nothing: at the first error it
 * stops, and the remaining text goes to `rest`.
 */

import { TRAILING_HIGH_SURROGATE } from "../markdown/chars";
import { endOf, matchAt } from "../match";
import { MAX_DEPTH } from "./limits";
import type { ContainerNode, JsonNode, ScalarNode, StringNode } from "./model";

// The possible next tokens, as the set of their first characters.
const VALUE = '"{[-0123456789tfn';
const FIRST_VALUE = `${VALUE}]`;
const KEY = '"';
const FIRST_KEY = '"}';
const COLON = ":";

const SPACE = /[^ \t\n\r]/g;
const STRING_TOKEN =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these
	/[^"\\\u0000-\u001f]+|\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])|"/y;
const PARTIAL_ESCAPE = /^(?:\\(?:u[0-9a-fA-F]{0,3})?)?$/;
const SCALAR = /[-+.\da-zA-Z]*/y;
const SCALAR_VALUE = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/;
// The beginning of a scalar that is not valid yet.
const PARTIAL_SCALAR = /^(?:t(?:ru?)?|f(?:a(?:ls?)?)?|nu?l?|-|.*\d(?:\.|(?:\.\d+)?[eE][+-]?))$/;

/** Builds the nodes of model.ts from text that arrives in pieces. */
export class JsonParser {
	/** The top-level values: usually one, several in newline-delimited JSON. */
	readonly values: JsonNode[] = [];
	/** The text after the first error. */
	readonly rest: string[] = [];
	readonly #stack: ContainerNode[] = [];
	#expected = VALUE;
	#stopped = false;
	#string: StringNode | null = null;
	#isKey = false;
	/** The incomplete number or literal, as far as it can be shown. */
	#scalar: ScalarNode | null = null;
	/** The text of an incomplete escape, number or literal. */
	#incomplete = "";
	/** The first half of a surrogate pair. */
	#highSurrogate = "";

	/** Parses more text. */
	write(more: string): void {
		this.#read(more, false);
	}

	/** Ends the text. Open values keep what they have. */
	end(): void {
		this.#read("", true);
		this.#appendToString("", true);
		this.#closeAll();
	}

	#read(more: string, final: boolean): void {
		const text = this.#incomplete + more;
		this.#incomplete = "";
		let at = 0;
		while (at < text.length && !this.#stopped) {
			at = this.#string ? this.#inString(text, at) : this.#token(text, at, final);
		}
		if (at < text.length) this.rest.push(text.slice(at));
	}

	#token(text: string, from: number, final: boolean): number {
		const at = matchAt(SPACE, text, from)?.index ?? text.length;
		const char = text.charAt(at);
		if (!char) return at;
		if (!this.#expected.includes(char)) return this.#stop(at);
		const top = this.#top;
		if (char === "{" || char === "[") {
			if (this.#stack.length >= MAX_DEPTH) return this.#stop(at);
			const node: ContainerNode =
				char === "{"
					? { kind: "object", keys: [], values: [], open: true }
					: { kind: "array", values: [], open: true };
			this.#add(node);
			this.#stack.push(node);
			this.#expected = node.keys ? FIRST_KEY : FIRST_VALUE;
		} else if (char === '"') {
			this.#string = { kind: "string", parts: [], length: 0, open: true };
			this.#isKey = !this.#expected.includes("t");
			if (!this.#isKey) this.#add(this.#string);
		} else if (char === ":") this.#expected = VALUE;
		else if (char === ",") this.#expected = top?.keys ? KEY : VALUE;
		else if (top && /[}\]]/.test(char)) {
			top.open = false;
			this.#stack.pop();
			this.#endValue();
		} else return this.#inScalar(text, at, final);
		return at + 1;
	}

	/** The innermost open object or array. */
	get #top(): ContainerNode | undefined {
		return this.#stack.at(-1);
	}

	#add(node: JsonNode): void {
		(this.#top ?? this).values.push(node);
	}

	/** A value is complete: what may follow depends on its container. */
	#endValue(): void {
		const top = this.#top;
		this.#expected = top ? (top.keys ? ",}" : ",]") : VALUE;
	}

	#inString(text: string, from: number): number {
		let at = from;
		let out = "";
		for (;;) {
			const token = matchAt(STRING_TOKEN, text, at)?.[0];
			if (!token) break;
			at += token.length;
			if (token === '"') {
				this.#appendToString(out, true);
				this.#endString();
				return at;
			}
			out += token[0] === "\\" ? JSON.parse(`"${token}"`) : token;
		}
		const rest = text.slice(at);
		const open = PARTIAL_ESCAPE.test(rest);
		this.#appendToString(out, !open);
		if (!open) return this.#stop(at);
		this.#incomplete = rest;
		return text.length;
	}

	/** Appends to the open string, but never the first half of a surrogate pair alone. */
	#appendToString(more: string, all: boolean): void {
		const text = this.#highSurrogate + more;
		this.#highSurrogate = all ? "" : (TRAILING_HIGH_SURROGATE.exec(text)?.[0] ?? "");
		const end = text.length - this.#highSurrogate.length;
		if (end === 0 || !this.#string) return;
		this.#string.parts.push(text.slice(0, end));
		this.#string.length += end;
	}

	#endString(): void {
		const string = this.#string as StringNode;
		string.open = false;
		this.#string = null;
		if (!this.#isKey) {
			this.#endValue();
			return;
		}
		this.#top?.keys?.push(string.parts.join(""));
		this.#expected = COLON;
	}

	/** Shows the digits of a number as they arrive, but a literal only when it is complete. */
	#inScalar(text: string, at: number, final: boolean): number {
		const end = endOf(SCALAR, text, at);
		const raw = text.slice(at, end);
		const value = SCALAR_VALUE.exec(raw)?.[0] ?? "";
		const open = end === text.length && !final;
		if (value) {
			const kind = /[a-z]/.test(value.charAt(0)) ? "literal" : "number";
			const scalar: ScalarNode = this.#scalar ?? { kind, text: value, open: true };
			if (scalar !== this.#scalar) this.#add(scalar);
			scalar.text = value;
			this.#scalar = scalar;
		}
		if (open && (value === raw || PARTIAL_SCALAR.test(raw))) {
			this.#incomplete = raw;
			return end;
		}
		if (this.#scalar) this.#scalar.open = false;
		this.#scalar = null;
		if (value !== raw) return this.#stop(at + value.length);
		this.#endValue();
		return end;
	}

	/** Stops at the first error, and puts the remaining text into `rest`. */
	#stop(at: number): number {
		this.#closeAll();
		return at;
	}

	#closeAll(): void {
		this.#stopped = true;
		for (const node of [...this.#stack, this.#string, this.#scalar]) if (node) node.open = false;
	}
}
