"""Files on their way into a message: from a disk, memory, an address or a plot.

user_message("What is this?", file_part("photo.png"))

part        what may be given, and the part that it becomes
disk        bytes out of paths and open files
content     what bytes are, by themselves
pictures    objects that can draw themselves
"""

from nbstream.files.part import file_part

__all__ = ["file_part"]
