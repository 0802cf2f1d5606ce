#!/usr/bin/python3
"""Computes the expected digests of DiskDigestTests independently of Ferry: prints one line per vector."""
import hashlib
import struct

CHUNK = 65536


def digest(disk):
    h = hashlib.sha256(struct.pack("<QI", len(disk), CHUNK))
    for i in range(0, len(disk), CHUNK):
        h.update(hashlib.sha256(disk[i:i + CHUNK]).digest())
    return h.hexdigest()


pattern = bytes(i % 251 for i in range(CHUNK))
print("empty", digest(b""))
print("zeros", digest(bytes(3 * CHUNK - 1000)))
print("mixed", digest(bytes(CHUNK) + pattern + bytes(CHUNK) + pattern[:CHUNK - 1000]))
print("large", digest(bytes(1500 * CHUNK - 1) + b"\x07"))
