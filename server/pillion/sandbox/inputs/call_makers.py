"""Who makes the calls to try, by language."""

from collections.abc import Callable, Mapping

from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.inputs.javascript_calls import javascript_calls
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice

# The most telling calls come first; no call comes twice.
CallMaker = Callable[[Slice, Hints], list[Call]]

CALL_MAKERS: Mapping[str, CallMaker] = {
    "javascript": javascript_calls,
    "typescript": javascript_calls,
    "typescriptreact": javascript_calls,
}
