"""The JSON schema of the configuration files, for editors, and the content of a new file."""

from collections.abc import Mapping
from typing import Any

from pillion.config.schema import USER_ONLY, Config, Preferences, Protocol
from pillion.files.toml_lines import toml_lines

# It is beside the configuration file, so that the file's first line can name it wherever the folder is.
SCHEMA_FILE = "pillion-config.schema.json"
DIRECTIVE = f"#:schema ./{SCHEMA_FILE}"
_DIALECT = "http://json-schema.org/draft-07/schema#"

EXAMPLE = f"""{DIRECTIVE}
# Pillion's configuration. Without endpoints, two small models run on the CPU.
# It holds as soon as it is saved. `pillion config check` finds mistakes (in VS Code the status bar says them), `pillion
# config show` prints what holds. The first line is for editors that complete and check TOML by a schema.

# Two GPUs, an Ollama on each. The first endpoint is taken for the large model, the last for the small one.
#
# [endpoints.large]
# protocol = "ollama"
# url = "http://127.0.0.1:11434"
# model = "qwen2.5-coder:14b"
#
# [endpoints.small]
# protocol = "ollama"
# url = "http://127.0.0.1:11435"
# model = "qwen2.5-coder:1.5b"

# A server with OpenAI's API (llama.cpp, vLLM and others): the url ends in /v1. If it wants a key, name a variable
# for it here, and set that (in VS Code, give the key to “Pillion: Set API Key…”).
#
# [endpoints.server]
# protocol = "openai"
# url = "http://127.0.0.1:8000/v1"
# model = "qwen2.5-coder-14b"
# api_key_env = "SERVER_API_KEY"
"""


def first_file(found_in_words: str, found: Mapping[str, object]) -> str:
    """A new configuration file: with the endpoints and lanes that were `found` on this machine, if there are any."""
    if not found:
        return EXAMPLE
    head, _, examples = EXAMPLE.partition("\n\n")
    return "\n".join((head, "", f"# {found_in_words}", *toml_lines(found), "", "# Other examples.", examples))


def config_schema() -> dict[str, Any]:
    """The schema of the user's own file."""
    schema = _tidied(Config.model_json_schema())
    endpoint = schema["$defs"]["EndpointConfig"]
    # Rules that the loader checks in addition to the types.
    endpoint["required"] = ["protocol"]
    endpoint["if"] = {"properties": {"protocol": {"const": Protocol.EMBEDDED.value}}, "required": ["protocol"]}
    endpoint["then"] = {"not": {"required": ["url"]}}
    endpoint["else"] = {"required": ["url", "model"]}
    return {"$schema": _DIALECT, **schema, "title": "Pillion's configuration"}


def workspace_schema() -> dict[str, Any]:
    """The schema of a workspace's `.pillion.toml`: preferences, without those that only the user may change."""
    schema = _tidied(Preferences.model_json_schema())
    for *tables, name in USER_ONLY:
        place = schema
        for table in tables:
            place = schema["$defs"][_target(place["properties"][table])]
        del place["properties"][name]
    return {"$schema": _DIALECT, **schema, "title": "A workspace's preferences for Pillion"}


def _target(node: dict[str, Any]) -> str:
    return str(node["$ref"]).rpartition("/")[2]


def _tidied(node: Any) -> Any:
    """The schema without null, which TOML doesn't have, and without titles that only repeat a key."""
    if isinstance(node, list):
        return [_tidied(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {
        key: {name: _tidied(each) for name, each in value.items()} if key in ("properties", "$defs") else _tidied(value)
        for key, value in node.items()
        if key != "title" and not (key == "default" and value is None)
    }
    kinds = [each for each in found.get("anyOf", []) if each != {"type": "null"}]
    if len(kinds) == 1:
        del found["anyOf"]
        return {**kinds[0], **found}
    return {**found, "anyOf": kinds} if kinds else found
