"""The rooms of the package: what each is for, and which may import which. docs/architecture.md shows the same."""

# From the bottom up. A room imports itself and what stands below its own row, and never one beside it.
LAYERS: list[dict[str, str]] = [
    {
        "errors": "the one tree of errors",
        "tiers": "tiers and lanes",
        "counted": "figures with their nouns, singular and plural",
        "text": "str in, str out, no tree: lines, replacements, rebase, fences, Markdown, what may be shown",
    },
    {"files": "how files are read and written: bounds, replacing in one step, private folders, locks"},
    {"state": "what outlives a process: kept drafts, the log of unfinished ones, dismissals"},
    {"config": "the configuration: schema, loading, stamp"},
    {
        "syntax": "tree-sitter: languages, nodes, symbols, units of a stream; knows no action",
        "models": "known model files, their folder, what was measured of them",
    },
    {"findings": "what is found in a draft, and the only place that moves it"},
    {"telemetry": "the figures of a job, as metrics and as a snapshot"},
    {"events": "what happens in a job"},
    {
        "edits": "a draft → changes of files: indentation, docstrings, companions, invariants",
        "auditors": "what can be said of code without a model; the only place that starts a linter",
    },
    {
        "actions": "one file an action: its row, words, prompt, what its answer becomes, what must hold; the registry",
    },
    {"prompts": "action and symbol → messages and a schema, within the endpoint's context"},
    {"backends": "one file a wire dialect; the only place with HTTP; starts the embedded engine"},
    {"pool": "lane → live endpoint: order, slots, breaker, failover; answers within bounds"},
    {"audit": "the audit of a draft while it streams, by auditors and by a model"},
    {"pipeline": "one draft with its audit, its attempts, and what becomes of it"},
    {"jobs": "a job's state and its service: run, cancel, offer, accept, reject, preview; the engines' life"},
    {"lsp": "the language server, a front of jobs; the only place that imports pygls and lsprotocol"},
    {
        "editors": "the set-ups that `pillion editor` prints and installs",
        "fake_engine": "a real HTTP server that plays an engine, for tests and benches",
    },
    {"bench": "what `pillion bench` measures"},
    {"cli": "one file a command; `compose.py` puts the objects together, and nothing else does"},
    {"__main__": "`python -m pillion`"},
]
