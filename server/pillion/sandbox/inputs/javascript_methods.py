"""Which values have which methods, and which functions take which values."""

from pillion.sandbox.inputs import javascript_shape as shapes
from pillion.sandbox.word_lists import words

WITH_ELEMENT = words("map filter some every find findIndex findLast findLastIndex forEach flatMap")
OF_LISTS = WITH_ELEMENT | words(
    """
    reduce reduceRight push pop shift unshift sort reverse splice join flat fill toSorted toReversed
    """
)
OF_STRINGS = words(
    """
    charAt charCodeAt codePointAt split toUpperCase toLowerCase trim trimStart trimEnd replace replaceAll
    startsWith endsWith padStart padEnd match matchAll substring substr repeat localeCompare normalize search
    """
)
OF_BOTH = words("slice indexOf lastIndexOf includes concat at length")
OF_NUMBERS = words("toFixed toPrecision toExponential")
OF_DATES = words(
    """
    getTime getFullYear getMonth getDate getDay getHours getMinutes getSeconds toISOString getUTCFullYear
    getUTCMonth getUTCDate getUTCDay getUTCHours getUTCMinutes getUTCSeconds setDate
    """
)
OF_MAPS = words("get set size entries values")
OF_SETS = words("add has")
OF_REGEXPS = words("test exec")
BY_METHOD = (
    (OF_LISTS, shapes.LIST),
    (OF_STRINGS, shapes.STRING),
    (OF_BOTH, "list or string"),
    (OF_NUMBERS, shapes.NUMBER),
    (OF_DATES, shapes.DATE),
    (OF_SETS, shapes.SET),
    (OF_MAPS, shapes.MAP),
    (OF_REGEXPS, shapes.REGEXP),
)
BY_CALL = {
    **dict.fromkeys(("Number.isInteger", "Number.isFinite", "isNaN", "Number.isNaN", "isFinite"), shapes.NUMBER),
    **dict.fromkeys(
        ("parseInt", "parseFloat", "JSON.parse", "encodeURIComponent", "decodeURIComponent"), shapes.STRING
    ),
    **dict.fromkeys(("Object.keys", "Object.values", "Object.entries", "Object.assign"), shapes.RECORD),
    **dict.fromkeys(("Array.from", "Set", "Math.max.apply"), shapes.LIST),
    "Map": shapes.LIST,
    "Date": shapes.DATE,
}
