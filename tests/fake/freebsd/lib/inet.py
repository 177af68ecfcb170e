"""Addresses as the tools read and print them."""

import socket


def parse(text, af=None):
    """(af, text as the tools print it, scope) or None. af: 4 or 6."""
    plain, _, scope = text.partition("%")
    for number, family in ((4, socket.AF_INET), (6, socket.AF_INET6)):
        if af in (None, number):
            try:
                packed = socket.inet_pton(family, plain)
            except (OSError, ValueError):
                continue
            if scope and number == 4:
                continue
            return number, socket.inet_ntop(family, packed), scope
    return None


def number(text, af):
    """The address as a number."""
    family = socket.AF_INET if af == 4 else socket.AF_INET6
    return int.from_bytes(socket.inet_pton(family, text), "big")


def text(value, af):
    """The number as an address."""
    family = socket.AF_INET if af == 4 else socket.AF_INET6
    return socket.inet_ntop(family, value.to_bytes(bits(af) // 8, "big"))


def bits(af):
    """Of an address of this family."""
    return 32 if af == 4 else 128


def mask(plen, af):
    """The netmask as a number."""
    size = bits(af)
    return ((1 << plen) - 1) << (size - plen)


def network(address, plen, af):
    """The address without its host part, as text."""
    return text(number(address, af) & mask(plen, af), af)


def covers(net, plen, address, af):
    """Whether address is within net/plen."""
    wanted = mask(plen, af)
    return number(net, af) & wanted == number(address, af) & wanted


def mask_length(value):
    """32-bit netmask -> prefix length."""
    return bin(value).count("1")


def leading_int(word):
    """As strtol does: 1500x is 1500; None where there is no number."""
    sign, digits = 1, word
    if digits[:1] == "-":
        sign, digits = -1, digits[1:]
    end = 0
    while end < len(digits) and digits[end] in "0123456789":
        end += 1
    return sign * int(digits[:end]) if end else None
