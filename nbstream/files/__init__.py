"""Makes file parts for a message from paths, bytes, addresses, open files and image objects.

    nbstream.user_message("What is this?", nbstream.file_part("photo.png"))

part        what can be given, and the part that it becomes
disk        reads bytes from paths and open files
content     the media type of bytes, and the encoding of texts
pictures    PNG bytes of objects that can draw themselves
"""

from nbstream.files.part import file_part

__all__ = ["file_part"]
