// Reads served streams with the front ends' own clients, and prints what each makes of them as JSON.
// Usage: node read.mjs KIND URL [KIND URL ...]; KIND is ui (Vercel's AI SDK) or ag-ui.

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
		return { message, errors, seen };
	},
	async "ag-ui"(url) {
		const { HttpAgent } = await import("@ag-ui/client");
		const agent = new HttpAgent({ url, threadId: "t", initialMessages: [{ id: "q", role: "user", content: "hi" }] });
		const seen = [];
		const errors = [];
		await agent
			.runAgent({ runId: "r" }, { onEvent: ({ event }) => void seen.push(structuredClone(event)) })
			.catch((error) => errors.push(error.message));
		return { messages: agent.messages, state: agent.state, errors, seen };
	},
};

const [, , ...asked] = process.argv;
const found = [];
for (let at = 0; at < asked.length; at += 2) found.push(await readers[asked[at]](asked[at + 1]));
console.log(JSON.stringify(found));
