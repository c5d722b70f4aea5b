"""What a body without work looks like, as data: one row a language. All patterns are of one whole statement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Anything that needs no work to be made: a literal, nothing, something empty.
_ATOM = (
    r"(?:None|null|nil|undefined|NULL|nullptr|[Tt]rue|[Ff]alse|void 0|-?\d[\w.]*|\"[^\"\n]*\"|'[^'\n]*'|`[^`$\n]*`"
    r"|\[\]|\{\}|\(\)|\(,\)|(?:set|list|dict|tuple|str|int|float|frozenset)\(\)|new \w+(?:<[\w<>, ]*>)?\(\)"
    r"|(?:String|Vec|HashMap|HashSet|BTreeMap)::new\(\)|vec!\[\]|(?:\w+::)?[Dd]efault(?:::default)?\(\)|\w+\{\}"
    r"|\[\]\w+\{\}|map\[\w+\]\w+\{\}|(?:Optional|Stream|List|Set|Map)\.(?:empty|of)\(\)"
    r"|Collections\.empty\w+\(\)|(?:std::)?\w+(?:<[\w:<>, ]*>)?(?:\{\}|\(\))?::?npos|std::\w+(?:<[\w:<>, ]*>)?\{\})"
)
_WRAPPED = rf"(?:(?:Ok|Some|Err|Promise\.resolve)\((?:{_ATOM})?\)|{_ATOM}(?:\.(?:to_string|to_owned|into)\(\))?)"
CONSTANT = rf"(?:{_WRAPPED}(?:\s*,\s*{_WRAPPED})*|\({_WRAPPED}(?:\s*,\s*{_WRAPPED})+\))"

_NOT_WRITTEN = r"[^)]{0,20}(?:not (?:yet )?implemented|unimplemented|todo\b|implement me)[^)]{0,40}"


@dataclass(frozen=True, slots=True)
class Disguise:
    """The statements of one language. `gives` matches a return, its value is the group `value`; `sets` matches a
    variable that gets a constant, its name is the group `name`; `says` matches the beginning of a print or a log;
    `skips` is a statement that does nothing; `fails` says that the code isn't written."""

    gives: re.Pattern[str]
    sets: re.Pattern[str]
    says: re.Pattern[str]
    skips: re.Pattern[str]
    fails: re.Pattern[str]


def _row(gives: str, sets: str, says: str, skips: str, fails: str) -> Disguise:
    """`sets` is what may stand between a variable's beginning and its constant."""
    return Disguise(
        re.compile(gives, re.DOTALL),
        re.compile(sets.replace("CONSTANT", CONSTANT)),
        re.compile(says),
        re.compile(skips),
        re.compile(fails, re.DOTALL | re.IGNORECASE),
    )


_LOGS = r"(?:this\.|self\.|_)?(?:log|logger|LOG|LOGGER|logging)\.\w+\("
_C_SETS = r"(?:const )?(?:[\w:<>]+[ *&]+)(?P<name>\w+)(?: = |\{)CONSTANT\}?;"
_JAVASCRIPT = _row(
    r"(?:return\b)?\s*(?P<value>.*?);?",
    r"(?:const|let|var) (?P<name>\w+)(?:: [\w<>\[\]| ]+)? = CONSTANT;?",
    rf"console\.\w+\(|{_LOGS}",
    r";",
    rf"throw new \w*Error\({_NOT_WRITTEN}\);?",
)
_C = _row(
    r"return\b\s*(?P<value>.*?);",
    _C_SETS,
    r"(?:f?printf|puts|fputs|perror)\(",
    r";|\(void\)\s*\w+;",
    r"(?:std::)?abort\(\);|assert\((?:0|false|!\").*\);",
)
DISGUISES: Mapping[str, Disguise] = {
    "python": _row(
        r"return\b\s*(?P<value>.*)",
        r"(?P<name>\w+)(?:: [\w\[\], |.]+)? = CONSTANT",
        rf"print\(|{_LOGS}",
        r"pass|\.\.\.|del \w+",
        r"raise NotImplementedError\b.*",
    ),
    **dict.fromkeys(("javascript", "typescript", "typescriptreact"), _JAVASCRIPT),
    "go": _row(
        r"return\b\s*(?P<value>.*)",
        r"(?P<name>\w+) := CONSTANT|var (?P<other>\w+) [\w.\[\]*]+",
        rf"fmt\.(?:Print|Fprint)\w*\(|{_LOGS}",
        r"_ = \w+",
        rf"panic\({_NOT_WRITTEN}\)",
    ),
    "rust": _row(
        r"(?:return\b)?\s*(?P<value>.*?);?",
        r"let (?:mut )?(?P<name>\w+)(?:: [\w<>&', ]+)? = CONSTANT;",
        rf"(?:e?print(?:ln)?|dbg|(?:log::|tracing::)?(?:info|debug|warn|error|trace))!|{_LOGS}",
        r"let _ = \w+;",
        r"(?:todo|unimplemented)!\(.*\);?",
    ),
    "java": _row(
        r"return\b\s*(?P<value>.*?);",
        r"(?:final )?(?:[\w<>\[\], .]+ )(?P<name>\w+) = CONSTANT;",
        rf"System\.(?:out|err)\.print|{_LOGS}",
        r";",
        r"throw new UnsupportedOperationException\(.*\);|throw new \w*Exception\(" + _NOT_WRITTEN + r"\);",
    ),
    "c": _C,
    "cpp": _row(
        _C.gives.pattern,
        _C_SETS,
        rf"(?:std::)?(?:cout|cerr|clog|printf|fprintf|puts)\b|{_LOGS}",
        _C.skips.pattern,
        _C.fails.pattern + rf"|throw (?:std::)?(?:logic|runtime)_error[({{]{_NOT_WRITTEN}[)}}];",
    ),
}

# What the comments of code that isn't written say.
PLACEHOLDER = re.compile(
    r"\bplaceholders?\b|\bfor now\b|\bin (?:a |the )?(?:real|actual|production)[- ](?:world )?"
    r"(?:implementation|application|app|system|code|scenario|version|project)|\bsimplif(?:ied|ication)\b"
    r"|\bin production,? (?:this|you|we|it)\b"
    r"|\bsimulat(?:e|es|ed|ing) (?:the |a |an |some )?\w+|\b(?:dummy|mock(?:ed)?|fake|stub(?:bed)?|hard-?coded|sample)"
    r" (?:data|value|values|implementation|response|result|return|logic|version)|\b(?:TODO|FIXME)\b"
    r"|\bnot (?:yet )?implemented\b|\b(?:to be|should be|must be) (?:implemented|replaced|filled in)"
    r"|\bimplement (?:this|me|it|the (?:actual|real|rest)|your|later|here|actual)"
    r"|\b(?:actual|real) (?:implementation|logic|code)\b|\breplace (?:this|it|with)\b",
    re.IGNORECASE,
)

# Functions that may well give a constant or leave their parameters alone: they answer a question for all cases, are
# called by something that fixes their parameters, or do nothing on purpose.
CONSTANT_BY_NAME = re.compile(
    r"_*(?:is|has|can|should|supports?|allows?|needs?|must|will|accepts?|wants?|uses?|requires?)(?:_|[A-Z]|$).*"
    r"|.*(?:default|no_?op|nothing|dummy|ignore|null|mock|fake|stub|unsupported|constant|identity|always|never|empty|unused"
    r"|callback|handler|hook|listener|factory|fallback|disabled).*|(?:on|handle|visit|do|test|get|bench|setup)(?:_\w+|[A-Z]\w*)"
    r"|__\w+__|~\w+|constructor|main|init|setUp|tearDown|operator.*",
    re.IGNORECASE,
)
SAYS_BY_NAME = re.compile(
    r".*(?:print|log|show|display|report|dump|say|warn|usage|help|debug|trace|write|echo|error|main).*", re.IGNORECASE
)
