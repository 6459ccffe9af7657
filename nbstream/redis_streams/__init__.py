"""Streams over Redis: one machine makes them, any number of others watch them.

publish     ``to_redis()``: writes the events of a stream to Redis
watch       ``from_redis()``: a stream that reads them
connection  the client of Redis, the keys, and what its errors become
"""

from nbstream.redis_streams.publish import Publication, to_redis
from nbstream.redis_streams.watch import from_redis

__all__ = ["Publication", "from_redis", "to_redis"]
