"""Agents: a model that calls tools, Python functions, in a loop until it has an answer.

agent, settings, start  ``Agent``, its arguments, and how a run begins
source, nodes, calls, unique_ids  the loop: its nodes, and the calls of one reply
caller, approvals       the user's functions, and whether they may be called
questions, answer_type  what a tool asks the user
requests, prompt, page_requests  what waits for a person: at a prompt, or in a page
tools, signature, results  what functions take and return
toolset, tool_server, server_tool  the tools of a run, also those of MCP servers
stream, run, node_stream   a run as its users hold it: as a stream, or node by node
state, runtime, limits  where a run stands, and what its steps share
"""

from nbstream.agent.agent import Agent
from nbstream.agent.context import RunContext
from nbstream.agent.limits import UsageLimits
from nbstream.agent.nodes import CallToolsNode, End, ModelRequestNode, UserPromptNode
from nbstream.agent.run import AgentRun
from nbstream.agent.stream import AgentStream, AsyncAgentStream
from nbstream.agent.tools import FunctionTool, tool

__all__ = [
    "Agent",
    "AgentRun",
    "AgentStream",
    "AsyncAgentStream",
    "CallToolsNode",
    "End",
    "FunctionTool",
    "ModelRequestNode",
    "RunContext",
    "UsageLimits",
    "UserPromptNode",
    "tool",
]
