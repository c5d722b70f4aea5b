"""Whether a refactoring changed what a function does: hand-written calls on the old and on the new document, in a real
interpreter. It shares nothing with the inputs and the sandboxes by which Pillion itself decides.

The same as in Pillion: of an error only its kind counts, not its words; the order of a set doesn't count, and that of a
dictionary does. What a line prints counts, too.
"""

import json
from collections.abc import Mapping, Sequence

from pillion.bench.check_process import Checked, run_checks, why_not

_PYTHON = """\
import ast, contextlib, io, json, sys
from collections.abc import Iterator

old, new, calls = json.loads({data!r})


def shown(value):
    if isinstance(value, (set, frozenset)):
        return f"{{type(value).__name__}}({{sorted(map(shown, value))}})"
    if isinstance(value, dict):
        return f"{{type(value).__name__}}({{[(shown(a), shown(b)) for a, b in value.items()]}})"
    if isinstance(value, (list, tuple)):
        return f"{{type(value).__name__}}({{list(map(shown, value))}})"
    if isinstance(value, Iterator):
        return f"iterator({{list(map(shown, value))}})"
    if type(value).__module__ == "draft" and type(value).__repr__ is object.__repr__:
        return f"{{type(value).__name__}}({{shown(vars(value))}})"
    return repr(value)


def outcome(document, call):
    module = sys.modules["draft"] = type(sys)("draft")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(document, "draft", "exec"), module.__dict__)
            *before, last = ast.parse(call).body
            exec(compile(ast.Module(before, []), "call", "exec"), module.__dict__)
            ended = shown(eval(compile(ast.Expression(last.value), "call", "eval"), module.__dict__))
        except BaseException as exc:
            ended = f"raised {{type(exc).__name__}}"
    return ended, printed.getvalue()


for call in calls:
    before, after = outcome(old, call), outcome(new, call)
    if before != after:
        sys.exit(f"{{call}}: {{before}} became {{after}}")
"""
_JAVASCRIPT = """\
const vm = require("node:vm"), util = require("node:util");
const [before, after, calls] = JSON.parse({data});
const options = {{ depth: 8, maxArrayLength: 1000, maxStringLength: 10000 }};
const plain = (text) => text.replace(/^export (default )?/gm, "");
function outcome(document, call) {{
  const said = [];
  const context = vm.createContext({{ console: {{ log: (...words) => said.push(util.format(...words)) }} }});
  let ended;
  try {{
    vm.runInContext(plain(document), context);
    ended = util.inspect(vm.runInContext(call, context), options);
  }} catch (error) {{
    ended = `threw ${{error?.name ?? error}}`;
  }}
  return JSON.stringify([ended, said]);
}}
for (const call of calls) {{
  const [one, other] = [outcome(before, call), outcome(after, call)];
  if (one !== other) {{
    console.error(`${{call}}: ${{one}} became ${{other}}`);
    process.exit(1);
  }}
}}
"""
_PROGRAMS: Mapping[str, tuple[str, str]] = {"python": ("draft.py", _PYTHON), "javascript": ("draft.cjs", _JAVASCRIPT)}


def why_unjudged(language_id: str) -> str:
    """Why rewrites in this language can't be judged here; empty if they can."""
    return why_not(language_id) if language_id in _PROGRAMS else f"the bench can't judge {language_id}"


def judged(language_id: str, before: str, after: str, calls: Sequence[str]) -> Checked:
    """Runs the calls on both documents, in a child process with limits. `passed`: no call tells them apart.
    Otherwise `said` has the first that does, with both outcomes. Blocks for ten seconds at most."""
    file_name, program = _PROGRAMS[language_id]
    data = json.dumps([before, after, list(calls)])
    text = program.format(data=data if language_id == "python" else json.dumps(data))
    return run_checks(language_id, file_name, text)
