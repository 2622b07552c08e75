"""/docs: the OpenAPI description as one plain page that needs nothing from the network."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_JSON = "application/json"
_FILE = "@FILE"

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem;
       color: #1b1b1b; background: #fff }
h2 { margin-top: 2.5rem; border-top: 1px solid #ccc; padding-top: 1rem; font-size: 1.1rem }
pre, code { font-family: ui-monospace, monospace; font-size: .875rem }
pre { background: #f4f4f4; padding: .75rem; overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0 }
td { border-top: 1px solid #ddd }
@media (prefers-color-scheme: dark) {
  body { color: #eee; background: #161616 } pre { background: #262626 } a { color: #8ab4f8 }
}
"""


def docs_page(openapi: dict[str, Any], base_url: str) -> str:
    """Write the page for a description; `base_url` is where the reader reached it."""
    info = openapi["info"]
    schemas = openapi.get("components", {}).get("schemas", {})
    sections = [
        _operation(method, path, operation, schemas, base_url.rstrip("/"))
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style>"
        f"<h1>{escape(info['title'])}</h1><p>{escape(info.get('summary', ''))}</p>"
        '<p>For tools: <a href="/openapi.json">openapi.json</a>. Errors are '
        "<code>application/problem+json</code> (RFC 9457).</p>" + "".join(sections) + "</html>"
    )


def _operation(
    method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any], base: str
) -> str:
    parameters = operation.get("parameters", [])
    body = _body_example(operation, schemas)
    answer = _answer_example(operation, schemas)
    refusals = [
        f"{status} {text['description']}"
        for status, text in operation["responses"].items()
        if status != "200"
    ]
    return "".join(
        (
            f"<h2><code>{method.upper()} {escape(path)}</code></h2>",
            f"<p><b>{escape(operation['summary'])}.</b> {escape(operation['description'])}</p>",
            _parameters(parameters),
            f"<pre>{escape(_curl(method, base + path, parameters, body))}</pre>",
            f"<pre>{escape(answer)}</pre>" if answer else "",
            f"<p>Refusals: {escape(', '.join(refusals))}</p>",
        )
    )


def _parameters(parameters: list[dict[str, Any]]) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code><td>{escape(one.get('description', ''))}"
        f"<td>{escape(_default(one))}"
        for one in parameters
    )
    return f"<table><tr><th>Name<th>What<th>Default{rows}</table>"


def _default(parameter: dict[str, Any]) -> str:
    if parameter.get("required"):
        return "required"
    return str(parameter["schema"].get("default", ""))


def _curl(method: str, url: str, parameters: list[dict[str, Any]], body: str) -> str:
    for one in parameters:
        examples = one["schema"].get("examples", [])
        if one["in"] == "path" and examples:
            url = url.replace(f"{{{one['name']}}}", str(examples[0]))
    command = "curl" if method == "get" else f"curl -X {method.upper()}"
    data = ""
    if body:
        data = (
            " --data-binary @FILE" if body == _FILE else f" -H 'content-type: {_JSON}' -d '{body}'"
        )
    return f"{command} {url}{data}"


def _body_example(operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    body = operation.get("requestBody")
    if not body:
        return ""
    if _JSON not in body["content"]:
        return _FILE
    examples = _resolved(body["content"][_JSON]["schema"], schemas)["examples"]
    return json.dumps(examples[0])


def _answer_example(operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    content = operation["responses"]["200"]["content"]
    if _JSON not in content:
        return f"{' or '.join(content)}: one line each"
    schema = content[_JSON]["schema"]
    return json.dumps(_example(schema, schemas), indent=2, ensure_ascii=False)


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Give a schema's own example, or put one together from those of its parts."""
    schema = _resolved(schema, schemas)
    if "examples" in schema:
        return schema["examples"][0]
    if schema.get("type") == "array":
        return [_example(schema["items"], schemas)]
    if schema.get("type") == "object":
        return {
            name: _example(part, schemas) for name, part in schema.get("properties", {}).items()
        }
    return "2"


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    reference: str | None = schema.get("$ref")
    if reference is None:
        return schema
    found: dict[str, Any] = schemas[reference.rsplit("/", 1)[1]]
    return found
