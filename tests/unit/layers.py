"""The rooms of the package: what each is for, and which may import which. docs/architecture.md shows the same."""

# From the lowest layer to the highest. A room imports itself and rooms of lower layers, but no other room of its layer.
LAYERS: list[dict[str, str]] = [
    {
        "errors": "the one tree of errors",
        "tiers": "tiers and lanes",
        "plurals": "figures with their nouns, singular and plural",
        "text": "str in, str out, no tree: lines, replacements, rebase, fences, Markdown, text that is safe to show",
    },
    {"files": "how files are read and written: bounds, replacement in one step, private folders, locks"},
    {"state": "what outlives a process: kept drafts, the log of unfinished drafts, dismissals"},
    {"config": "the configuration: schema, loading, stamp"},
    {
        "syntax": "tree-sitter: languages, nodes, symbols, units of a stream; knows no action",
        "models": "known model files, their folder, their measurements",
    },
    {"findings": "what is found in a draft, and the only place that moves findings"},
    {"context": "the tag index: what the workspace's files define, for prompts and checks; bounded"},
    {"sandbox": "runs code that can reach nothing, within limits; slices of a document that run, and inputs to try"},
    {"telemetry": "the figures of a job, as metrics and as a snapshot"},
    {"events": "what happens in a job"},
    {"edits": "a draft → changes of files: indentation, docstrings, companions, invariants"},
    {"auditors": "checks of code without a model; the only place that starts a linter"},
    {
        "actions": "one file an action: its row, words, prompt, what its answer becomes, what must hold; the registry",
        "backends": "one file a wire dialect, which knows no prompt; the only place with HTTP; starts the embedded engine",
    },
    {
        "pool": "lane → live endpoint: order, slots, breaker, failover; the one reader of streams, and its bounds; discovery"
    },
    {"prompts": "action and symbol → messages and a schema, within the endpoint's context"},
    {"audit": "the audit of a draft while it streams, by auditors and by a model"},
    {"pipeline": "one draft with its audit, its attempts, and its outcome"},
    {"jobs": "a job's state and its service: run, cancel, offer, accept, reject, preview; findings; the engines' life"},
    {"rpc": "a robust JSON-RPC server of pygls: connection, framing, answers; knows nothing of Pillion's features"},
    {"lsp": "the language server, a front of jobs: an editor's messages, in lsprotocol's types"},
    {
        "editors": "the set-ups that `pillion editor` prints and installs",
        "fake_engine": "a real HTTP server that plays an engine, for tests and benches",
    },
    {"bench": "what `pillion bench` measures"},
    {"cli": "one file a command; `compose.py` puts the objects together, and nothing else does"},
    {"__main__": "`python -m pillion`"},
]
