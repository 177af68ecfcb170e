"""The conformance test: every real answer against openapi/openapi.yaml.

An operation, status, header or member that the contract does not declare is a
failure, and so is a request that the contract forbids and the daemon took.
"""

import collections
import json
import os
import re
import urllib.parse

import jsonschema
import yaml

from sandbox import ROOT

# HTTP's own, which OpenAPI leaves out.
PLAIN_HEADERS = {"content-type", "content-length", "date", "connection", "keep-alive",
                 "transfer-encoding"}


class ContractError(AssertionError):
    """The daemon answered what the contract does not allow."""


def no_twins(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ContractError(f"a member twice in one object: {names}")
    return dict(pairs)


def no_constant(word):
    raise ContractError(f"{word} is not JSON")


class Contract:
    """Loaded once; check() is called with everything that was said."""

    def __init__(self, path=os.path.join(ROOT, "openapi", "openapi.yaml")):
        with open(path, encoding="utf-8") as file:
            self.document = yaml.safe_load(file)
        self.resolver = jsonschema.RefResolver("", self.document)
        self.templates = [(self.pattern(path), path) for path in self.document["paths"]]
        # "/v1/audit/verify" before "/v1/audit/{seq}"
        self.templates.sort(key=lambda item: item[1].count("{"))
        self.seen = collections.Counter()

    @staticmethod
    def pattern(path):
        parts = re.split(r"(\{[a-z_]+\})", path)
        text = "".join("[^/]+" if part.startswith("{") else re.escape(part)
                       for part in parts)
        if path == "/v1/routes/{prefix}":  # its slash may be plain
            text = "/v1/routes/[^/]+(/[0-9]+)?"
        return re.compile(text + r"\Z")

    def resolve(self, node):
        while "$ref" in node:
            target = node["$ref"]
            assert target.startswith("#/")
            node = self.document
            for step in target[2:].split("/"):
                node = node[step.replace("~1", "/").replace("~0", "~")]
        return node

    def operation(self, method, target):
        """(template, operation or None), (None, None) for an unknown path."""
        path = target.split("?", maxsplit=1)[0]
        for pattern, template in self.templates:
            if pattern.match(path):
                return template, self.document["paths"][template].get(method.lower())
        return None, None

    def validate(self, schema, value, what):
        validator = jsonschema.Draft202012Validator(schema, resolver=self.resolver)
        error = jsonschema.exceptions.best_match(validator.iter_errors(value))
        if error is not None:
            where = "/".join(str(step) for step in error.absolute_path)
            raise ContractError(f"{what}: /{where}: {error.message[:300]}")

    def check(self, method, target, request_body, answer):
        """answer has status, headers (lower case names) and body (bytes)."""
        template, operation = self.operation(method, target)
        what = f"{method} {target} -> {answer.status}"
        if template is None:
            response = self.unknown_path(answer, what)
        elif operation is None:
            response = self.unknown_method(template, answer, what)
        else:
            self.seen[f"{method} {template} {answer.status}"] += 1
            response = operation["responses"].get(str(answer.status))
            if response is None:
                raise ContractError(f"{what}: undeclared status {self.excerpt(answer)}")
            if 200 <= answer.status < 300:
                self.check_request(operation, request_body, what)
                self.check_query(template, operation, target, what)
        response = self.resolve(response)
        self.check_headers(response, answer, what)
        self.check_body(response, answer, what)

    def unknown_path(self, answer, what):
        names = {401: "Unauthorized", 404: "NotFound", 400: "BadRequest",
                 429: "TooManyRequests", 413: "TooLarge", 431: "HeadersTooLarge"}
        if answer.status not in names:
            raise ContractError(f"{what}: no such path, so 404 was due")
        return self.document["components"]["responses"][names[answer.status]]

    def unknown_method(self, template, answer, what):
        names = {401: "Unauthorized", 405: "MethodNotAllowed", 400: "BadRequest",
                 429: "TooManyRequests", 413: "TooLarge"}
        if answer.status not in names:
            raise ContractError(f"{what}: no such method, so 405 was due")
        if answer.status == 405:
            allowed = {word.strip() for word in answer.headers.get("allow", "").split(",")}
            declared = {name.upper() for name in self.document["paths"][template]
                        if name in ("get", "put", "post", "patch", "delete")}
            if allowed - {"HEAD", "OPTIONS"} != declared:
                raise ContractError(f"{what}: Allow {allowed}, declared {declared}")
        return self.document["components"]["responses"][names[answer.status]]

    def check_headers(self, response, answer, what):
        declared = {name.lower(): self.resolve(header)
                    for name, header in response.get("headers", {}).items()}
        for name, header in declared.items():
            value = answer.headers.get(name)
            if value is None:
                if header.get("required"):
                    raise ContractError(f"{what}: no {name} header")
                continue
            self.validate(header["schema"], value, f"{what}: header {name}")
        extra = set(answer.headers) - set(declared) - PLAIN_HEADERS
        if extra:
            raise ContractError(f"{what}: undeclared header {', '.join(sorted(extra))}")

    def check_body(self, response, answer, what):
        content = response.get("content")
        if content is None or answer.method == "HEAD":
            if answer.body:
                raise ContractError(f"{what}: a body where none is declared")
            return
        kind = answer.headers.get("content-type", "").split(";")[0].strip()
        if kind not in content:
            raise ContractError(f"{what}: undeclared content type '{kind}'")
        if kind == "application/x-ndjson":
            row = {"$ref": "#/components/schemas/AuditRow"}
            for line in answer.body.decode("utf-8").splitlines():
                self.validate(row, self.parse(line, what), what)
            return
        document = self.parse(answer.body.decode("utf-8"), what)
        self.validate(content[kind]["schema"], document, what)
        if kind == "application/problem+json":
            self.check_problem(document, answer, what)

    def check_problem(self, document, answer, what):
        if document["status"] != answer.status:
            raise ContractError(f"{what}: body says {document['status']}")
        if not document["type"].endswith("/" + document["code"]):
            raise ContractError(f"{what}: type {document['type']}, code {document['code']}")
        if document["request_id"] != answer.headers.get("x-request-id"):
            raise ContractError(f"{what}: request_id {document['request_id']} is not the "
                                "header's")

    @staticmethod
    def parse(text, what):
        try:
            return json.loads(text, object_pairs_hook=no_twins, parse_constant=no_constant)
        except json.JSONDecodeError as error:
            raise ContractError(f"{what}: not JSON: {error}: {text[:200]}") from error

    def check_request(self, operation, body, what):
        """The daemon took it: then the contract must allow it too."""
        declared = operation.get("requestBody")
        if declared is None:
            return
        schema = next(iter(declared["content"].values()))["schema"]
        self.validate(schema, json.loads(body), f"{what}: taken, but the request")

    def check_query(self, template, operation, target, what):
        both = operation.get("parameters", []) + \
            self.document["paths"][template].get("parameters", [])
        known = {item["name"] for item in map(self.resolve, both) if item["in"] == "query"}
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query,
                                      keep_blank_values=True)
        if set(query) - known:
            raise ContractError(f"{what}: took the undeclared {set(query) - known}")

    @staticmethod
    def excerpt(answer):
        return answer.body[:400].decode("utf-8", "replace")

    def declared(self):
        """Every declared 'METHOD path status'."""
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                if isinstance(operation, dict) and "responses" in operation:
                    for status in operation["responses"]:
                        yield f"{method.upper()} {path} {status}"
