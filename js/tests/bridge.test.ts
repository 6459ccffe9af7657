import { beforeEach, describe, expect, test } from "vitest";
import { Bridge } from "../src/bridge";
import type { ToPython } from "../src/wire-messages";
import type { Op } from "../src/wire-ops";
import type { Snapshot, WireState } from "../src/wire-state";
import { delta, state, status, text } from "./helpers";

/** The `snapshot` trait of a new widget. */
const NEWBORN: Snapshot = { seq: 0, state: state("waiting") };

/** A target that records its calls. */
let seen: string;
let over: boolean;
let sent: ToPython[];
let ticks: (() => void)[];
let bridge: Bridge;

const fold = {
	apply(op: Op) {
		if (op.kind === "text_delta") seen += op.chunk;
		if (op.kind === "status" && op.status === "done") over = true;
	},
	replace(whole: WireState) {
		const part = whole.messages[0]?.parts[0];
		seen = part?.kind === "text" ? part.text : "";
		over = whole.status === "done";
	},
	finished: () => over,
};

const d = (seq: number, ...ops: Op[]) => bridge.receive({ t: "d", seq, ops });
const snap = (seq: number, words: string, name: "streaming" | "done" = "streaming") =>
	bridge.receive({ t: "snap", seq, state: state(name, text(words)) });
const halfSecond = () => {
	for (const tick of [...ticks]) tick();
};

function open(restored: Snapshot = NEWBORN): void {
	bridge = new Bridge(
		fold,
		(message) => sent.push(message),
		(_ms, tick) => {
			ticks.push(tick);
			return () => {
				ticks = ticks.filter((other) => other !== tick);
			};
		},
	);
	bridge.start(restored);
}

beforeEach(() => {
	seen = "";
	over = false;
	sent = [];
	ticks = [];
});

describe("from the beginning", () => {
	test("asks at once, and applies deltas in order", () => {
		open();
		expect(sent).toEqual([{ t: "sync", have: 0 }]);
		d(1, delta("a"));
		d(2, delta("b"), delta("c"));
		expect(seen).toBe("abc");
	});

	test("asks again every half second until there is an answer", () => {
		open();
		halfSecond();
		halfSecond();
		expect(sent).toHaveLength(3);
		snap(5, "abc");
		halfSecond();
		expect(sent).toHaveLength(3);
		expect(seen).toBe("abc");
	});

	test("stops asking when no delta is missing", () => {
		open();
		d(1, delta("a"));
		halfSecond();
		expect(sent).toHaveLength(1);
	});

	test("a snapshot with nothing new counts as an answer", () => {
		open({ seq: 3, state: state("streaming", text("abc")) });
		snap(3, "not taken");
		halfSecond();
		expect(seen).toBe("abc");
		expect(sent).toHaveLength(1);
	});
});

test("without a synced state the first delta already leaves a gap", () => {
	open({});
	expect(sent).toEqual([{ t: "sync", have: -1 }]);
	d(1, delta("a"));
	expect(seen).toBe("");
	halfSecond();
	snap(1, "a");
	d(2, delta("b"));
	expect(seen).toBe("ab");
	expect(sent).toHaveLength(2);
});

describe("gaps", () => {
	test("a snapshot replaces lost messages, and later deltas are applied after it", () => {
		open();
		d(3, delta("c"));
		d(4, delta("d"));
		expect(seen).toBe("");
		snap(3, "abc");
		expect(seen).toBe("abcd");
		expect(bridge.have).toBe(4);
	});

	test("a gap in the middle is asked for from the last applied message", () => {
		open();
		d(1, delta("a"));
		d(3, delta("c"));
		expect(sent.at(-1)).toEqual({ t: "sync", have: 1 });
		snap(3, "abc");
		d(4, delta("d"));
		expect(seen).toBe("abcd");
	});

	test("messages out of order need no snapshot", () => {
		open();
		d(1, delta("a"));
		d(3, delta("c"));
		d(2, delta("b"));
		expect(seen).toBe("abc");
		halfSecond();
		expect(sent).toHaveLength(2);
	});

	test("a snapshot that does not reach the gap is applied, and the rest is asked for", () => {
		open();
		d(6, delta("f"));
		snap(3, "abc");
		expect(seen).toBe("abc");
		halfSecond();
		expect(sent.at(-1)).toEqual({ t: "sync", have: 3 });
		snap(6, "abcdef");
		halfSecond();
		expect(seen).toBe("abcdef");
		expect(sent).toHaveLength(2);
	});

	test("duplicates are applied once, before and after a snapshot", () => {
		open();
		d(1, delta("a"));
		d(1, delta("a"));
		snap(4, "abcd");
		d(3, delta("c"));
		d(4, delta("d"));
		d(5, delta("e"));
		expect(seen).toBe("abcde");
	});

	test("an older snapshot changes nothing", () => {
		open();
		d(1, delta("a"));
		d(2, delta("b"));
		snap(1, "a");
		expect(seen).toBe("ab");
	});

	test("a final message after a gap ends nothing while the gap is open", () => {
		open();
		d(1, delta("a"));
		d(3, status("done"));
		halfSecond();
		expect(sent.at(-1)).toEqual({ t: "sync", have: 1 });
		snap(3, "ab", "done");
		halfSecond();
		expect(seen).toBe("ab");
		expect(sent).toHaveLength(3);
	});
});

test("nothing is asked for after the end", () => {
	open();
	d(1, status("done"));
	d(5, delta("e"));
	halfSecond();
	expect(sent).toHaveLength(1);
	expect(ticks).toEqual([]);
});

describe("restored from the synced trait", () => {
	test("a finished answer asks for nothing", () => {
		open({ seq: 9, state: state("done", text("whole")) });
		expect(seen).toBe("whole");
		expect(sent).toEqual([]);
	});

	test("an unfinished answer asks from its number on, and continues", () => {
		open({ seq: 9, state: state("streaming", text("ab")) });
		expect(sent).toEqual([{ t: "sync", have: 9 }]);
		d(10, delta("c"));
		expect(seen).toBe("abc");
	});

	test("a newer trait closes a gap", () => {
		open();
		d(4, delta("d"));
		bridge.fromTrait({ seq: 3, state: state("streaming", text("abc")) });
		halfSecond();
		expect(seen).toBe("abcd");
		expect(sent).toHaveLength(1);
	});

	test("an older trait changes nothing", () => {
		open();
		d(1, delta("a"));
		d(2, delta("b"));
		bridge.fromTrait({ seq: 1, state: state("streaming", text("a")) });
		bridge.fromTrait({});
		expect(seen).toBe("ab");
	});
});

test("messages of another kind are ignored", () => {
	open();
	bridge.receive({ t: "code", hash: "x", source: "y" } as never);
	bridge.receive(null as never);
	expect(bridge.have).toBe(0);
});

test("a heartbeat tells of a message that was lost, though nothing follows it", () => {
	open();
	d(1, delta("a"));
	sent = [];
	bridge.receive({ t: "beat", seq: 1 });
	expect(sent).toEqual([]);
	bridge.receive({ t: "beat", seq: 2 });
	expect(sent).toEqual([{ t: "sync", have: 1 }]);
	snap(2, "ab");
	expect([seen, ticks]).toEqual(["ab", []]);
});
