/**
 * Draws the card of one request: a call that needs approval, with its arguments as fields that the
 * reader may change, or a form for a value that a tool asks for.
 *
 * Python validates what is sent, and its words stand at the fields. A card never takes the focus
 * by itself. Its element is removed when the request has an answer (parts/asks.ts).
 */

import { visible } from "../../render";
import { element, setText } from "../parts/part";
import type { Ask } from "../requests";
import type { Decision, DecisionReply } from "../wire-requests";
import { argsOf } from "./args";
import { decide as sendDecision } from "./decide";
import { type Fields, formFields, type Highlight } from "./fields";
import { hiddenIn } from "./hidden";
import { scrollBox } from "./scroll-box";

const UNREAD =
	"The kernel does not read this yet: it is busy with a cell, and cannot hear the page meanwhile. " +
	"The answer is sent again until it is read. Or stop the cell, and run it with --bg.";
const LATE = "There was another answer before this one.";

/** What the reader has changed and not sent, for a card that is made again. */
const drafts = new WeakMap<object, Map<string, unknown>>();

interface Options {
	readonly highlight?: Highlight;
	readonly signal: AbortSignal;
}

/** Draws the card in `root`, until the signal aborts. */
export function createCard(root: HTMLElement, ask: Ask, { highlight, signal }: Options): void {
	const { kind, tool, schema = {}, question = "", args = "" } = ask;
	const approves = kind === "approval";
	const yesNo = !approves && schema.type === "boolean";
	const given = approves ? argsOf(args) : undefined;
	const editable = !approves || given !== undefined;
	root.setAttribute("role", "group");
	root.setAttribute("aria-label", visible(`${tool} ${approves ? "needs approval" : "asks"}`));

	// A press in the card is no choice to keep the call's pane open (parts/disclosure.ts).
	root.addEventListener("pointerdown", (event) => event.stopPropagation(), { signal });

	const head = element("div", "nbask-head");
	if (!approves) {
		head.append(element("div", "nbask-question", question || schema.title || `${tool} asks`));
		const about = schema.description?.trim().split("\n\n")[0];
		if (about) head.append(element("div", "nbask-about", about));
	}
	const note = element("div", "nbask-note");
	note.setAttribute("role", "status");
	const fields: Fields | null =
		editable && !yesNo
			? formFields(schema, drafts.get(ask.channel)?.get(ask.id) ?? given, given, {
					highlight,
					signal,
					whole: !approves,
				})
			: null;
	const bar = element("div", "nbask-bar");
	const refusal = element("form", "nbask-refusal");
	root.append(head);
	if (fields) root.append(scrollBox(fields.el, signal));
	else if (approves) {
		const raw = element("pre", "nbask-raw", args);
		root.append(scrollBox(raw, signal), element("div", "nbask-note nbask-bad", hiddenIn(args)));
	}
	root.append(note, bar, refusal);

	const buttons: HTMLButtonElement[] = [];
	const button = (label: string, className: string, act: () => void) => {
		const el = element("button", `nbask-button ${className}`, label);
		el.type = "button";
		el.addEventListener("click", act, { signal });
		buttons.push(el);
		return el;
	};

	const tell = (words: string, isBad = false) => {
		setText(note, words);
		note.classList.toggle("nbask-bad", isBad);
	};

	const answered = (reply: DecisionReply | null, focus: boolean) => {
		if (reply === null) {
			tell(UNREAD);
			return;
		}
		for (const el of buttons) el.disabled = false;
		const problems = reply.problems ?? [];
		const left = fields?.mark(problems, focus) ?? problems.map(([, text]) => text);
		if (left.length) tell(left.join("; "), true);
		else if (reply.late) tell(LATE);
		else if (problems.length) tell("Correct what is marked.", true);
		else tell("");
	};

	/** Sends a decision; with the fields' values, once they can be read. */
	const decide = (decision: Decision) => {
		tell("");
		for (const el of buttons) el.disabled = true;
		sendDecision(ask, decision, (reply) => answered(reply, true), signal);
	};
	const send = (decision: Decision, anyway: boolean) => {
		if (!fields || !(anyway || fields.changed())) {
			decide(decision);
			return;
		}
		const { value, problems } = fields.read();
		if (problems.length) answered({ t: "reply", problems }, true);
		else decide({ ...decision, value });
	};

	const main = approves
		? button("Approve", "nbask-main", () => send({ action: "approve" }, false))
		: button("Send", "nbask-main", () => send({ action: "answer" }, true));
	const refuse = button(approves ? "Deny…" : "Decline…", "nbask-quiet", () => open(true));
	refuse.setAttribute("aria-expanded", "false");
	if (approves) {
		const always = button("Always for this tool", "", () =>
			send({ action: "approve", always: true }, false),
		);
		always.title = `Approve this call, and all later calls of ${visible(tool)} in this run`;
		bar.append(main, always, refuse);
	} else if (yesNo) {
		const yes = button("Yes", "nbask-main", () => decide({ action: "answer", value: true }));
		const no = button("No", "", () => decide({ action: "answer", value: false }));
		bar.append(yes, no, refuse);
	} else bar.append(main, refuse);

	// A reason is asked for in place; nothing is sent before it is confirmed.
	const reason = element("input", "nbask-reason");
	reason.placeholder = "Why? The model reads it; it may be empty";
	reason.setAttribute("aria-label", approves ? "Reason against the call" : "Reason");
	const confirm = element("button", "nbask-button nbask-danger", approves ? "Deny" : "Decline");
	buttons.push(confirm);
	const back = button("Back", "nbask-quiet", () => open(false));
	refusal.append(reason, confirm, back);
	refusal.hidden = true;
	const open = (opened: boolean) => {
		refusal.hidden = !opened;
		bar.hidden = opened;
		refuse.setAttribute("aria-expanded", `${opened}`);
		(opened ? reason : refuse).focus({ preventScroll: true });
	};
	refusal.addEventListener(
		"submit",
		(event) => {
			event.preventDefault();
			decide({ action: approves ? "deny" : "decline", reason: reason.value.trim() });
		},
		{ signal },
	);
	refusal.addEventListener(
		"keydown",
		(event) => {
			if (event.key !== "Escape") return;
			event.preventDefault(); // only the reason is left
			open(false);
		},
		{ signal },
	);
	if (!fields) return;

	const reset = button("Undo changes", "nbask-quiet nbask-reset", () => {
		fields.reset();
		changed();
		main.focus({ preventScroll: true });
	});
	reset.hidden = true;
	if (approves) bar.append(reset);
	const changed = () => {
		const has = fields.changed();
		if (approves) {
			setText(main, has ? "Approve changes" : "Approve");
			reset.hidden = !has;
		}
		const kept = drafts.get(ask.channel) ?? new Map();
		drafts.set(ask.channel, kept.set(ask.id, has ? fields.read().value : undefined));
	};
	fields.el.addEventListener(
		"input",
		() => {
			tell("");
			changed();
		},
		{ signal },
	);
	// What is left is checked, so that a mistake is seen before the card is sent.
	fields.el.addEventListener(
		"change",
		() => {
			const { value, problems } = fields.read();
			if (problems.length || !fields.changed()) fields.mark(problems, false);
			else if (approves)
				sendDecision(
					ask,
					{ action: "check", value },
					(reply) => {
						if (reply && !main.disabled) fields.mark(reply.problems ?? [], false);
					},
					signal,
				);
		},
		{ signal },
	);
	// Enter in a line goes to the main button, so that a second Enter sends.
	fields.el.addEventListener(
		"keydown",
		(event) => {
			const { target, key, shiftKey, isComposing } = event;
			const isLine = target instanceof HTMLElement && "line" in target.dataset;
			if (key !== "Enter" || shiftKey || isComposing || !isLine) return;
			event.preventDefault();
			main.focus({ preventScroll: true });
		},
		{ signal },
	);
	if (fields.changed()) changed();
}
