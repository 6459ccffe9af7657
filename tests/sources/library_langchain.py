"""The cases of LangChain and LangGraph; see ``common``."""

from typing import Annotated, Any, TypedDict

from langchain_core.messages import HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode, tools_condition

import nbstream
from tests.sources.common import COUNT, HELLO, KEY, TOOL, WEATHER, ended, own, run, weather

MODEL = "gpt-5.2"
STEPS = "agent: one tool"
FUNCTION = {"name": "get_weather", "description": "The weather in a city.", "parameters": TOOL}


def model(url: str, **settings: Any) -> Any:
    return ChatOpenAI(model=MODEL, base_url=f"{url}/v1", api_key=KEY, stream_usage=True, **settings)


def expected(url: str, prompt: str, provider: str = "openai-chat") -> nbstream.Message:
    tools = {"tools": [weather()]} if prompt == WEATHER else {}
    return own(f"{provider}/{MODEL}", f"{url}/v1", prompt, **tools)


def blocking(url: str) -> Any:
    return nbstream.from_stream(model(url).stream(HELLO)), expected(url, HELLO)


def calls(url: str) -> Any:
    stream = nbstream.from_stream(model(url).bind_tools([FUNCTION]).stream(WEATHER))
    return stream, expected(url, WEATHER)


async def astream(url: str) -> Any:
    stream = await ended(nbstream.from_stream(model(url).astream(COUNT)))
    assert stream.usage.input_tokens == 11
    return stream, expected(url, COUNT)


async def blocking_the_loop(url: str) -> Any:
    asked = model(url)
    await asked.ainvoke(HELLO)  # the connection belongs to this loop now
    stream = await ended(nbstream.from_stream(asked.astream(HELLO)), blocking=True)
    return stream, expected(url, HELLO)


async def events(url: str) -> Any:
    asked = model(url).bind_tools([FUNCTION])
    stream = await ended(nbstream.from_stream(asked.astream_events(WEATHER)))
    return stream, expected(url, WEATHER)


async def events_of_a_chain(url: str) -> Any:
    chain = model(url) | StrOutputParser()
    stream = await ended(nbstream.from_stream(chain.astream_events(HELLO)))
    return stream, expected(url, HELLO)


async def responses(url: str) -> Any:
    asked = model(url, use_responses_api=True)
    stream = await ended(nbstream.from_stream(asked.astream(HELLO)))
    return stream, expected(url, HELLO, "openai")


async def texts_of_a_chain(url: str) -> Any:
    chain = model(url) | StrOutputParser()
    stream = await ended(nbstream.from_stream(chain.astream(HELLO), model="my/chain"))
    assert stream.text == expected(url, HELLO).text
    return stream, stream.message


class State(TypedDict):
    """What a graph hands on."""

    messages: Annotated[list[Any], add_messages]


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def agent_graph(url: str) -> Any:
    """A model that calls a tool, until it has its answer."""

    async def ask(state: State) -> Any:
        return {"messages": [await model(url).bind_tools([add]).ainvoke(state["messages"])]}

    graph = StateGraph(State)
    graph.add_node("ask", ask)
    graph.add_node("tools", ToolNode([add]))
    graph.add_edge(START, "ask")
    graph.add_conditional_edges("ask", tools_condition)
    graph.add_edge("tools", "ask")
    return graph.compile()


def graph_case(method: str, **settings: Any) -> Any:
    async def case(url: str) -> Any:
        asked = {"messages": [HumanMessage(STEPS)]}
        source = getattr(agent_graph(url), method)(asked, **settings)
        stream = await ended(nbstream.from_stream(source))
        own_model = nbstream.get_model(f"openai-chat/{MODEL}", base_url=f"{url}/v1", api_key=KEY)
        ours = nbstream.Agent(own_model, tools=[add]).run_stream_sync(STEPS)
        ours.until_done()
        assert [one.role for one in stream.messages] == ["assistant", "tool", "assistant"]
        assert stream.messages[0].tool_calls == ours.messages[0].tool_calls
        return stream, ours.message

    return case


async def two_at_once(url: str) -> Any:
    """Two models whose pieces come in turns."""

    def node(prompt: str) -> Any:
        async def ask(_state: State) -> Any:
            return {"messages": [await model(url).ainvoke(prompt)]}

        return ask

    graph = StateGraph(State)
    for name, prompt in (("one", HELLO), ("other", COUNT)):
        graph.add_node(name, node(prompt))
        graph.add_edge(START, name)
        graph.add_edge(name, END)
    source = graph.compile().astream({"messages": []}, stream_mode=["updates", "messages"])
    stream = await ended(nbstream.from_stream(source))
    whole = {one.text: one for one in (expected(url, HELLO), expected(url, COUNT))}
    assert {one.text for one in stream.messages} == set(whole)
    return stream, whole[stream.text]


if __name__ == "__main__":
    run(
        {
            "stream": blocking,
            "stream: tool": calls,
            "astream": astream,
            "astream: blocking the loop": blocking_the_loop,
            "astream_events: tool": events,
            "astream_events of a chain": events_of_a_chain,
            "astream: Responses": responses,
            "astream of a chain": texts_of_a_chain,
            "graph: messages": graph_case("astream", stream_mode="messages"),
            "graph: several modes": graph_case(
                "astream", stream_mode=["values", "messages"], subgraphs=True
            ),
            "graph: v2": graph_case("astream", stream_mode="messages", version="v2"),
            "graph: astream_events": graph_case("astream_events"),
            "graph: two models at once": two_at_once,
        },
        raw={"stream": "AIMessageChunk", "astream_events: tool": "AIMessageChunk"},
        without={"provider_metadata", "provider", "custom_address", "id"},
    )
