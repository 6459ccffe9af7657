// Reads served streams with the front ends' own clients, and prints what each makes of them as JSON.
// Usage: node read.mjs KIND URL [KIND URL ...]; KIND is ui (Vercel's AI SDK) or ag-ui.

/** The events of each call's own run, of those that are in what was told. */
function nestedIn(told) {
	const found = {};
	for (const one of told) if (one) (found[one.toolCallId] ??= []).push(one.event);
	return found;
}

const readers = {
	async ui(url) {
		const { DefaultChatTransport, readUIMessageStream } = await import("ai");
		const transport = new DefaultChatTransport({ api: url });
		const stream = await transport.sendMessages({ chatId: "c", messages: [], trigger: "submit-message" });
		const seen = [];
		const noted = stream.pipeThrough(
			new TransformStream({
				transform(chunk, controller) {
					seen.push(structuredClone(chunk));
					controller.enqueue(chunk);
				},
			}),
		);
		const errors = [];
		let message = null;
		const onError = (error) => errors.push(error.message);
		for await (const state of readUIMessageStream({ stream: noted, onError })) message = state;
		// What happens in an agent that is a tool is a stream of its own.
		const nested = {};
		for (const [call, chunks] of Object.entries(nestedIn(seen.map((one) => one.type === "data-nested" && one.data)))) {
			const inner = ReadableStream.from(chunks);
			for await (const state of readUIMessageStream({ stream: inner, onError })) nested[call] = state;
		}
		return { message, errors, seen, nested };
	},
	async "ag-ui"(url) {
		const { AbstractAgent, HttpAgent } = await import("@ag-ui/client");
		const { from } = await import("rxjs");
		const agent = new HttpAgent({ url, threadId: "t", initialMessages: [{ id: "q", role: "user", content: "hi" }] });
		const seen = [];
		const errors = [];
		await agent
			.runAgent({ runId: "r" }, { onEvent: ({ event }) => void seen.push(structuredClone(event)) })
			.catch((error) => errors.push(error.message));
		const nested = {};
		const told = seen.map((one) => one.name === "nbstream.nested" && one.value);
		for (const [call, events] of Object.entries(nestedIn(told))) {
			const inner = new (class extends AbstractAgent {
				run = () => from(events);
			})({ threadId: "t" });
			await inner.runAgent({ runId: `r-${call}` }).catch((error) => errors.push(error.message));
			nested[call] = inner.messages;
		}
		return { messages: agent.messages, state: agent.state, errors, seen, nested };
	},
};

const [, , ...asked] = process.argv;
const found = [];
for (let at = 0; at < asked.length; at += 2) found.push(await readers[asked[at]](asked[at + 1]));
console.log(JSON.stringify(found));
