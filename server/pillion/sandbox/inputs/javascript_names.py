"""What people call values of a kind in JavaScript."""

import re

from pillion.sandbox.inputs import javascript_shape as shapes
from pillion.sandbox.inputs.javascript_shape import Shape, list_of
from pillion.sandbox.word_lists import words

_NUMBERS = words(
    """
    n m i j k x y z a b count num number index idx size width height min max limit amount total price age year
    month day hour minute second seconds minutes ms length offset start end from to lo hi low high step page
    depth rate percent ratio value precision digits base exp radius id level score factor target sum left right
    top bottom
    """
)
_STRINGS = words(
    """
    s str text string name key word line path title sentence label input char ch c url email slug prefix suffix
    separator sep delimiter pattern query code message msg html csv json token raw source template lang locale
    first last phrase content letter needle haystack hex color
    """
)
_LISTS = words(
    """
    arr array list xs ys items values nums numbers elements entries rows cells data words lines users people
    prices points keys names tokens parts args points scores ids matrix grid stack queue nodes edges tags
    records tasks products chars digits ints orders intervals pairs chunks sorted
    """
)
_RECORDS = words("obj object map dict record options opts config settings params props counts table lookup")
_FUNCTIONS = words(
    """
    fn f cb callback predicate func iteratee mapper comparator compare compareFn reducer handler pred by
    """
)
_DATES = words("date when moment timestamp day deadline")
_FLAG = re.compile(r"(?:is|has|should|can|with|use|allow)[A-Z_]|(?:flag|enabled|strict|ascending|verbose|inclusive)$")
_STRING_LISTS = words("words lines names keys tokens tags chars parts strings")


def shape_by_name(name: str) -> Shape:
    """The shape that the name suggests."""
    last = re.split(r"_|(?<=[a-z0-9])(?=[A-Z])", name)[-1].lower().rstrip("0123456789")
    for word in (name, last):
        if _FLAG.match(word):
            return Shape(shapes.BOOLEAN)
        if word in _FUNCTIONS:
            return Shape(shapes.FUNCTION)
        if word in _LISTS:
            element = Shape(shapes.STRING if word in _STRING_LISTS else shapes.NUMBER)
            return list_of(list_of(element) if word in {"matrix", "grid"} else element)
        if word in _NUMBERS:
            return Shape(shapes.NUMBER)
        if word in _STRINGS:
            return Shape(shapes.STRING)
        if word in _RECORDS:
            return Shape(shapes.RECORD)
        if word in _DATES:
            return Shape(shapes.DATE)
    if last.endswith("s") and len(last) > 3 and not last.endswith("ss"):
        return list_of(shape_by_name(last[:-1]))
    return Shape()
