"""Chats: conversations by name that go on over cells and outlive the kernel.

A ``Chat`` knows which turns a request sends and which turn an answer becomes; a ``Store`` keeps
the turns in an SQLite file. Neither knows a notebook.
"""

from nbstream.chat.chat import Chat, is_whole
from nbstream.chat.store import ChatInfo, Store
from nbstream.chat.turn import Turn

__all__ = ["Chat", "ChatInfo", "Store", "Turn", "is_whole"]
