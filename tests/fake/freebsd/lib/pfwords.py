"""The parts of pf's statements: words, hosts, ports, protocols, lists."""

import inet
from pflex import NotImplemented99, PfError

PROTOS = {"1": "icmp", "4": "ipencap", "6": "tcp", "17": "udp", "41": "ipv6",
          "47": "gre", "50": "esp", "51": "ah", "58": "ipv6-icmp",
          "89": "ospf", "97": "etherip", "112": "carp"}
ALIASES = {"icmp6": "ipv6-icmp", "ipip": "ipencap", "IPIP": "ipencap"}
PORTS = {"ssh": 22, "smtp": 25, "domain": 53, "http": 80, "ntp": 123,
         "bgp": 179, "https": 443}
TYPES6 = ("echoreq", "echorep", "neighbrsol", "neighbradv", "routersol",
          "routeradv", "unreach", "toobig", "timex", "paramprob")
# What pf.conf(5) has and this fake does not.
BEYOND = {"binat", "ether", "altq", "queue", "antispoof", "scrub",
          "tag", "tagged", "modulate", "synproxy", "user", "group", "tos",
          "rtable", "fragment", "allow-opts", "probability", "dup-to",
          "return", "return-rst", "return-icmp", "return-icmp6", "self",
          "urpf-failed", "no-route", "received-on", "prio", "max-pkt-rate",
          "pass-limit", "static-port", "round-robin", "bitmask", "random"}


class Words:
    """The tokens of one statement."""

    def __init__(self, tokens, lexer):
        self.tokens = tokens
        self.at = 0
        self.lexer = lexer
        self.line = tokens[0][2]

    def where(self, words):
        """FILE:LINE: words."""
        return "%s:%d: %s" % (self.lexer.name, self.line, words)

    def syntax(self):
        """The usual complaint."""
        return PfError(self.where("syntax error"))

    def peek(self):
        """The next token's value; kinds other than words as themselves."""
        kind, value, _ = self.tokens[self.at]
        return value if kind == "word" else kind

    def next(self):
        """The next token."""
        token = self.tokens[self.at]
        if token[0] not in ("nl", "end"):
            self.at += 1
        return token

    def take(self, *values):
        """Takes the next word when it is one of these."""
        if self.tokens[self.at][0] == "word" and self.peek() in values or \
                self.tokens[self.at][0] in values:
            return self.next()[1]
        return None

    def need(self, *kinds):
        """The value of the next token, which must be of these kinds."""
        if self.tokens[self.at][0] not in kinds:
            raise self.syntax()
        return self.next()[1]

    def end(self):
        """The statement must be over, with its newline."""
        if self.tokens[self.at][0] != "nl":
            if self.peek() in BEYOND:
                raise NotImplemented99(self.peek())
            raise self.syntax()


def listed(words, one):
    """{ a, b } or a."""
    if not words.take("{"):
        return [one(words)]
    found = []
    while not words.take("}"):
        if words.peek() in ("nl", "end"):
            raise words.syntax()
        found.append(one(words))
        words.take(",")
    return found


def interface_name(words):
    """The name of an interface or group."""
    name = words.need("word", "string")
    if len(name) > 15:
        raise PfError(words.where("interface name too long"))
    return name


def host(words):
    """any, an address, a table or (interface), perhaps negated."""
    found = {"not": bool(words.take("!")), "af": 0, "any": False,
             "table": None, "addr": None, "plen": None}
    if words.take("any"):
        found["any"] = True
        return found
    if words.take("<"):
        found["table"] = words.need("word")
        words.need(">")
        return found
    if words.take("("):
        found["dynamic"] = interface_name(words)
        words.need(")")
        return found
    if words.peek() in BEYOND:
        raise NotImplemented99(words.peek())
    word = words.need("word", "string")
    width = words.need("word") if words.take("/") else None
    parsed = inet.parse(word)
    if not parsed or parsed[2]:
        raise PfError("no IP address found for " + word,
                      words.where("could not parse host specification"))
    af = parsed[0]
    if width is not None and not (width.isdigit() and
                                  int(width) <= inet.bits(af)):
        raise PfError("invalid netmask '/%s'" % width,
                      words.where("could not parse host specification"))
    plen = inet.bits(af) if width is None else int(width)
    found.update(af=af, plen=plen, addr=inet.network(parsed[1], plen, af))
    return found


def address(h, count=None):
    """A host as pfctl prints it."""
    if h["any"]:
        return "any"
    if h["table"]:
        return "<%s%s>" % (h["table"], "" if count is None else
                           ":%d" % count(h["table"]))
    if h.get("dynamic"):
        return "(%s)" % h["dynamic"]
    if h["plen"] == inet.bits(h["af"]):
        return h["addr"]
    return "%s/%d" % (h["addr"], h["plen"])


def protocol(words):
    """A protocol's name, by name or number."""
    word = words.need("word")
    word = PROTOS.get(word, ALIASES.get(word, word))
    if word not in PROTOS.values():
        if word.isdigit():
            raise NotImplemented99("proto " + word)
        raise PfError(words.where("unknown protocol " + word))
    return word


def port(words):
    """(operator, number...)."""
    operator = "="
    if words.take("="):
        pass
    elif words.peek() in ("!", "<", ">"):
        raise NotImplemented99("port operator")
    word = words.need("word")
    if ":" in word:
        raise NotImplemented99("port range")
    if word.isdigit():
        if int(word) > 65535:
            raise PfError(words.where("illegal port value " + word))
        return operator, int(word)
    if word not in PORTS:
        raise PfError(words.where("unknown port " + word))
    return operator, PORTS[word]


def flags(words):
    """A/B or any."""
    if words.take("any"):
        return "any"
    first = words.need("word") if words.peek() != "/" else ""
    words.need("/")
    return "%s/%s" % (first, words.need("word"))


def icmp6_type(words):
    """A type's name."""
    word = words.need("word")
    if word not in TYPES6:
        raise NotImplemented99("icmp6-type " + word)
    return word
