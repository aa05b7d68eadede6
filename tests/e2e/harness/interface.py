"""openapi.json as the relay serves it, and whether an answer is one that it describes."""

import json

from jsonschema import Draft202012Validator

from harness.http import get

_ANY_REQUEST = {"$ref": "#/components/responses/AnyRequest"}


def closed(schema):
    """The same schema, where an object has the members that are described and no others: a member that the relay sends
    and the document does not know is to be noticed."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: value if name in ("example", "examples", "enum") else closed(value) for name, value in schema.items()}
    if made.get("type") == "object" and "properties" in made and "additionalProperties" not in made:
        made["unevaluatedProperties"] = False
    return made


class Interface:
    def __init__(self, document):
        self.document = document
        self._closed = closed(document)

    @classmethod
    def of(cls, endpoint):
        return cls(get(endpoint, "/openapi.json").json())

    def resolve(self, place):
        """What is there, or what it refers to."""
        if "$ref" not in place:
            return place
        found = self.document
        for step in place["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    def operations(self):
        """(path, method, operation) of all."""
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                if method != "parameters":
                    yield path, method.upper(), operation

    def answers(self):
        """(path, method, status) of all that are described for one request, and not for every one."""
        return {(path, method, int(status)) for path, method, operation in self.operations()
                for status in operation["responses"] if status != "default"}

    def check_value(self, value, schema):
        """The schema may refer to others of the document."""
        Draft202012Validator({**self._closed, **closed(schema)}).validate(value)

    def check(self, path, method, response):
        """Asserts that the document describes this answer: its status, headers, media type and body."""
        self._check_header("X-Request-Id", self.document["components"]["headers"]["RequestId"], response)
        operation = self.document["paths"][path].get(method.lower(), {})
        described = self.resolve(operation.get("responses", {}).get(str(response.status), _ANY_REQUEST))
        for name, header in described.get("headers", {}).items():
            self._check_header(name, self.resolve(header), response)
        content = described.get("content")
        if not content:
            assert response.body == b""
            return
        media_type = response.headers.get("Content-Type").partition(";")[0]
        assert media_type in content, f"{media_type} is not in {list(content)}"
        schema = content[media_type].get("schema", {})
        is_json = media_type == "application/json" or media_type.endswith("+json")
        self.check_value(response.json() if is_json else response.body.decode(), schema)

    def _check_header(self, name, header, response):
        value = response.headers.get(name)
        assert value is not None or not header.get("required"), f"{name} is missing"
        if header["schema"].get("type") == "integer":
            value = int(value)
        self.check_value(value, header["schema"])

    def examples(self):
        """(where, value, schema) of all examples that have a schema beside them."""
        yield from self._examples_in(self.document, "#")

    def _examples_in(self, place, where):
        if isinstance(place, list):
            for number, each in enumerate(place):
                yield from self._examples_in(each, f"{where}/{number}")
        if not isinstance(place, dict):
            return
        if "example" in place:
            yield where, place["example"], place.get("schema", place)
        for name, each in place.get("examples", {}).items():
            yield f"{where}/{name}", each["value"], place["schema"]
        for name, each in place.items():
            if name not in ("example", "examples"):
                yield from self._examples_in(each, f"{where}/{name}")


def load_lines(response):
    """The events of application/x-ndjson; empty lines are heartbeats."""
    return [json.loads(line) for line in response.body.decode().splitlines() if line]
