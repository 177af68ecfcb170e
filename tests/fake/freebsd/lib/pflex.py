"""The words of a pf.conf, with macros replaced."""

PLAIN_NOT = set('(){}<>!=/#,"$')


class PfError(Exception):
    """What pfctl says about one line; lines of words."""

    def __init__(self, *lines):
        Exception.__init__(self, lines)
        self.lines = lines


class NotImplemented99(Exception):
    """Something that pf knows and this fake does not."""


def plain(char):
    """Whether a bare word can hold it."""
    return char.isalnum() or (33 <= ord(char) < 127 and
                              char not in PLAIN_NOT) or ord(char) > 126


class Lexer:
    """Tokens (kind, value, line): kind is "word", "string", "nl", "end" or
    the character itself."""

    def __init__(self, text, name, macros):
        self.text = text
        self.name = name
        self.macros = macros
        self.line = 1
        self.at = 0

    def error(self, words):
        """FILE:LINE: words."""
        return "%s:%d: %s" % (self.name, self.line, words)

    def statements(self):
        """One list of tokens for each statement; PfError in place of one that
        the lexer could not read. The last may lack its newline: "end"."""
        while True:
            try:
                tokens = self.statement()
            except PfError as why:
                yield why
                self.skip()
                continue
            if tokens is None:
                return
            if len(tokens) > 1 or tokens[0][0] != "nl":
                yield tokens

    def skip(self):
        """To the next line."""
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end + 1
        self.line += 1

    def statement(self):
        """Tokens up to the newline outside of braces."""
        tokens, depth = [], 0
        while True:
            token = self.token()
            if token[0] == "{":
                depth += 1
            elif token[0] == "}":
                depth = max(0, depth - 1)
            if token[0] == "end":
                return tokens + [token] if tokens else None
            if token[0] == "nl":
                if depth and tokens[-1][0] in ("{", ",", "word"):
                    continue
                return tokens + [token]
            tokens.append(token)

    def token(self):
        """The next one."""
        text = self.text
        while self.at < len(text):
            char = text[self.at]
            if char == "\\" and text[self.at + 1:self.at + 2] == "\n":
                self.at += 2
                self.line += 1
            elif char in " \t\r":
                self.at += 1
            elif char == "#":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            elif char == "\n":
                self.at += 1
                self.line += 1
                return ("nl", "\n", self.line - 1)
            elif char == '"':
                return self.quoted()
            elif char == "$":
                self.macro()
                text = self.text
            elif plain(char):
                start = self.at
                while self.at < len(text) and plain(text[self.at]):
                    self.at += 1
                return ("word", text[start:self.at], self.line)
            else:
                self.at += 1
                return (char, char, self.line)
        return ("end", "", self.line)

    def quoted(self):
        """A string in double quotes."""
        end = self.text.find('"', self.at + 1)
        if end < 0:
            why = (self.error("reached end of file while parsing quoted "
                              "string"), self.error("syntax error"))
            self.at = len(self.text)
            raise PfError(*why)
        value = self.text[self.at + 1:end]
        self.at = end + 1
        return ("string", value, self.line)

    def macro(self):
        """$name: its value takes its place."""
        end = self.at + 1
        while end < len(self.text) and (self.text[end].isalnum() or
                                        self.text[end] == "_"):
            end += 1
        name = self.text[self.at + 1:end]
        if name not in self.macros:
            raise PfError(self.error("macro '%s' not defined" % name),
                          self.error("syntax error"))
        self.text = self.text[:self.at] + self.macros[name] + self.text[end:]
