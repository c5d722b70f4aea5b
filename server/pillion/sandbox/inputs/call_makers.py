"""Who makes the calls to try, and smaller ones, by language."""

from collections.abc import Callable, Mapping

from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.inputs.javascript_calls import javascript_calls
from pillion.sandbox.inputs.python_calls import python_calls
from pillion.sandbox.inputs.smaller_javascript import smaller_calls as smaller_javascript
from pillion.sandbox.inputs.smaller_python import smaller_calls as smaller_python
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice

# The most telling calls come first; no call comes twice.
CallMaker = Callable[[Slice, Hints], list[Call]]
# Calls like this one with less in their arguments, the smallest first.
Shrinker = Callable[[Slice, Call], list[Call]]

CALL_MAKERS: Mapping[str, CallMaker] = {
    "python": python_calls,
    "javascript": javascript_calls,
    "typescript": javascript_calls,
    "typescriptreact": javascript_calls,
}
SHRINKERS: Mapping[str, Shrinker] = {
    "python": smaller_python,
    "javascript": smaller_javascript,
    "typescript": smaller_javascript,
    "typescriptreact": smaller_javascript,
}
