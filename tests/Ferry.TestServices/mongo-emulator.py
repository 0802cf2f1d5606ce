#!/usr/bin/python3
"""A stand-in for mongod in tests: the wire protocol (OP_MSG, and OP_QUERY for the first handshake) over Debian's mongomock.

Usage: mongo-emulator.py JOURNAL [PORT]     prints "listening on PORT" when ready; port 0 or none: any free port

One command at a time: a single thread reads and runs all of them, because mongomock alone lets two clients claim one document.
Each change is appended to the journal before it is answered, and the journal is replayed at start, so a kill -9 loses nothing that
was confirmed. It says nothing about MongoDB's concurrency or speed. What it does not know it refuses, with MongoDB's error code.
"""
import asyncio
import socket
import struct
import sys

import bson
from bson.codec_options import CodecOptions
from bson.son import SON
from mongo_commands import Journal, Server

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
CODEC = CodecOptions(document_class=SON)


def command_of(body):
    """The command in an OP_MSG: its document, with the sequences put into it."""
    flags, at, end, command = struct.unpack_from('<I', body)[0], 4, len(body), None
    end -= 4 if flags & 1 else 0
    sequences = {}
    while at < end:
        kind, size = body[at], struct.unpack_from('<i', body, at + 1)[0]
        section = body[at + 1:at + 1 + size]
        if kind == 0:
            command = bson.decode(section, CODEC)
        else:
            name_end = section.index(b'\0', 4)
            sequences[section[4:name_end].decode()] = bson.decode_all(section[name_end + 1:], CODEC)
        at += 1 + size
    command.update(sequences)
    return command, bool(flags & 2)


def query_of(body):
    """The command in an OP_QUERY."""
    name_end = body.index(b'\0', 4)
    command = bson.decode_all(body[name_end + 9:], CODEC)[0]
    command.setdefault('$db', body[4:name_end].decode().split('.')[0])
    return command


async def serve(server, reader, writer):
    """One connection."""
    server.connections += 1
    writer.get_extra_info('socket').setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while True:
            size, request, _, code = struct.unpack('<iiii', await reader.readexactly(16))
            body = await reader.readexactly(size - 16)
            if code == OP_MSG:
                command, silent = command_of(body)
                reply = struct.pack('<IB', 0, 0) + bson.encode(server.run(command))
            elif code == OP_QUERY:
                silent, reply = False, struct.pack('<iqii', 8, 0, 0, 1) + bson.encode(server.run(query_of(body)))
            else:
                raise ValueError('opcode %d is not spoken here' % code)
            if not silent:
                writer.write(struct.pack('<iiii', 16 + len(reply), 0, request, OP_MSG if code == OP_MSG else OP_REPLY) + reply)
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client has gone
    finally:
        writer.close()


async def main():
    server = Server(Journal(sys.argv[1]))
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    listener = await asyncio.start_server(lambda reader, writer: serve(server, reader, writer), '127.0.0.1', port, limit=1 << 20)
    print('listening on %d' % listener.sockets[0].getsockname()[1], flush=True)
    await listener.serve_forever()


if __name__ == '__main__':
    asyncio.run(main())
