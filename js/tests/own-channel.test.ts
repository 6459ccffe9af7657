import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { waitForChannel } from "../src/own-channel";
import { CLOCK, FakeModel } from "./helpers";

beforeEach(() => void vi.useFakeTimers(CLOCK));
afterEach(() => void vi.useRealTimers());

function modelOn(subshellStarted: Promise<void>, commsOverSubshells = "perCommTarget") {
	const model = new FakeModel({ widget_id: "one" });
	model.widget_manager = {
		kernel: { supportsSubshells: true },
		get_model: async () => ({ comm: { jsServicesComm: { subshellStarted, commsOverSubshells } } }),
	};
	waitForChannel(model);
	return model;
}

test("messages wait for the widget's own channel into the kernel, each once", async () => {
	let start!: () => void;
	const started = new Promise<void>((done) => {
		start = done;
	});
	const model = modelOn(started);
	for (const message of ["a", "b", "a"]) model.send(message);
	await vi.advanceTimersByTimeAsync(1000);
	expect(model.sent).toEqual([]);
	start();
	await vi.advanceTimersByTimeAsync(1);
	expect(model.sent).toEqual(["a", "b"]);
	model.send("a");
	expect(model.sent).toEqual(["a", "b", "a"]);
	expect(vi.getTimerCount()).toBe(0);
});

test.each([
	["the channel never comes", "perCommTarget", 3000],
	["the reader has turned it off", "disabled", 1],
])("if %s, they are sent all the same", async (_, setting, after) => {
	const model = modelOn(new Promise(() => {}), setting);
	model.send("a");
	await vi.advanceTimersByTimeAsync(after);
	expect(model.sent).toEqual(["a"]);
});

test("a host that tells nothing of its kernel gets them at once", () => {
	const model = new FakeModel({ widget_id: "one" });
	Object.defineProperty(model, "widget_manager", {
		get() {
			throw new Error("not here");
		},
	});
	waitForChannel(model);
	model.send("a");
	expect(model.sent).toEqual(["a"]);
});
