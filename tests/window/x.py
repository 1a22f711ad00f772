#!/usr/bin/env python3
"""What `run` and `pictures` need of X beyond xdotool.

    x.py shot FRAMEBUFFER FILE.png      # a picture of what Xvfb -fbdir shows
    x.py close WINDOW                   # asks a window to close, as its close button does; prints when, in ns
"""

import ctypes
import struct
import sys
import time
import zlib


def shot(framebuffer, path):
    """Turns the file that Xvfb draws into (the format of xwd) into a PNG."""
    with open(framebuffer, "rb") as file:
        data = file.read()
    head = struct.unpack(">25I", data[:100])
    header_size, width, height, bits, line, colors = head[0], head[4], head[5], head[11], head[12], head[19]
    assert bits == 32, f"The screen has 32 bits a pixel, not {bits}"
    start = header_size + colors * 12
    rows = bytearray()
    for y in range(height):
        pixels = data[start + y * line : start + y * line + width * 4]
        row = bytearray(width * 3)
        row[0::3], row[1::3], row[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
        rows += b"\0" + row

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(bytes(rows), 9)))
        file.write(chunk(b"IEND", b""))


class ClientMessage(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong), ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
        ("room", ctypes.c_long * 24),
    ]


def close(window):
    """Sends WM_DELETE_WINDOW, as a window manager does. There is none here, and this xdotool cannot."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    assert display, "The display does not answer"
    atom = lambda name: x11.XInternAtom(display, name, 0)
    client_message = 33
    event = ClientMessage(type=client_message, window=window, message_type=atom(b"WM_PROTOCOLS"), format=32)
    event.data[0] = atom(b"WM_DELETE_WINDOW")
    print(time.time_ns())
    x11.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
    x11.XCloseDisplay(display)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["shot", framebuffer, path]:
            shot(framebuffer, path)
        case ["close", window]:
            close(int(window))
        case _:
            sys.exit(__doc__)
