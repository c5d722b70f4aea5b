"""Who makes the calls to try, by language."""

from collections.abc import Callable, Mapping

from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.inputs.javascript_calls import javascript_calls
from pillion.sandbox.inputs.smaller_javascript import smaller_calls
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice

# The most telling calls come first; no call comes twice.
CallMaker = Callable[[Slice, Hints], list[Call]]

# Calls like this one with less in their arguments, the smallest first.
Shrinker = Callable[[Slice, Call], list[Call]]

CALL_MAKERS: Mapping[str, CallMaker] = {
    "javascript": javascript_calls,
    "typescript": javascript_calls,
    "typescriptreact": javascript_calls,
}
SHRINKERS: Mapping[str, Shrinker] = {
    "javascript": smaller_calls,
    "typescript": smaller_calls,
    "typescriptreact": smaller_calls,
}
