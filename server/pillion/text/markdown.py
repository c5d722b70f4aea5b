"""Makes harmless Markdown from a model's words: it is parsed, and rebuilt from a list of allowed elements.

The list: paragraphs, headings, lists, quotes, tables, rules, code, emphasis. Everything else becomes text. Viewers turn
some text into links by themselves; such text is written as inline code, where no viewer does that.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from pillion.text.hidden import LINE_END, visible

if TYPE_CHECKING:  # takes 60 ms, and nothing at the start needs it
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

_MOST_CHARACTERS = 30_000
_DEEPEST = 60
_LEADING_NOWHERE = ("link", "image", "autolink", "reference", "html_inline", "html_block")

# Viewers turn these into links by themselves, in a run without spaces: addresses, and names of hosts.
_LEADS = re.compile(
    r"//|www\.|\S@|(?:mailto|xmpp|tel|command|javascript|vbscript|data|file|vscode[\w-]*):\S", re.IGNORECASE
)
_NAME = re.compile(r"([\w-]+(?:\.[\w-]+)+)")
_HOST = re.compile(r"\.(?:[^\W\d_]{2}|xn--)", re.IGNORECASE)
_BETWEEN_RUNS = re.compile(r"([\s`|]+)")
_MARKUP = re.compile(r"[\\*\[\]<~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|\$(?=\()|(?<!\w)#")
_LINE_START = re.compile(r"^(?:([-+=>:])|(\d{1,9})([.)]))")
_INFO = re.compile(r"[\w+#.-]{1,30}")
_RUNS = re.compile("`+")
# Every backtick in the output belongs to inline code: a text's own backticks are written as references.
_INLINE_CODE = re.compile(r"(`+)(?!`)(.*?)(?<!`)\1(?!`)", re.DOTALL)
_PAIRS = {"(": ")", "[": "]"}
_DELIMITERS = {"em": "*", "strong": "**"}
_ALIGNMENT = {"text-align:left": ":--", "text-align:right": "--:", "text-align:center": ":-:"}


class Markdown(str):
    """Harmless Markdown. Only this file makes it."""

    __slots__ = ()


def harmless(text: str) -> Markdown:
    """Untrusted `text` as Markdown without links, images, HTML and control characters."""
    if len(text) > _MOST_CHARACTERS:
        text = f"{text[:_MOST_CHARACTERS]}…"
    parser, root = _parser()
    return Markdown(_blocks(root(parser.parse(_normal(text))).children))


def joined(blocks: Iterable[Markdown]) -> Markdown:
    """Blocks, one below the other."""
    return Markdown("\n\n".join(blocks))


def inline_text(text: str) -> Markdown:
    """`text` as one line of text in Markdown, whatever it looks like."""
    return Markdown(_first_in_line(_text(_normal(text))))


def emphasised(text: str) -> Markdown:
    """`text` as one line, emphasised if no viewer can mistake the end of the emphasis."""
    line = inline_text(text.strip())
    return line if _ends_are_unsure(line) else Markdown(f"*{line}*")


def code_block(code: str, language_id: str) -> Markdown:
    """`code` in a fence that nothing inside it can close."""
    code = _normal(code).rstrip()
    ticks = "`" * max(3, 1 + max((len(run) for run in _RUNS.findall(code)), default=0))
    info = _INFO.match(language_id)
    return Markdown(f"{ticks}{info[0] if info is not None else ''}\n{code}\n{ticks}")


@cache
def _parser() -> "tuple[MarkdownIt, Callable[[list[Token]], SyntaxTreeNode]]":
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    return parser.disable(list(_LEADING_NOWHERE)), SyntaxTreeNode


def _normal(text: str) -> str:
    """`text` with line feeds and tabs as its only control characters: viewers disagree about other line ends."""
    return visible(LINE_END.sub("\n", text))


def _blocks(nodes: "list[SyntaxTreeNode]", between: str = "\n\n") -> str:
    written = (_block(node) for node in nodes)
    return between.join(each for each in written if each)


def _block(node: "SyntaxTreeNode") -> str:
    match node.type:
        case "paragraph":
            return "\n".join(map(_first_in_line, _inline(node.children).split("\n")))
        case "heading":
            return f"{'#' * int(node.tag[1:])} {_inline(node.children).replace(chr(10), ' ')}"
        case "fence" | "code_block":
            return code_block(node.content, node.info.split()[0] if node.info.split() else "")
        case "hr":
            return "***"
        case "blockquote":
            return _prefixed(_blocks(node.children), "> ", "> ")
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "table":
            return "\n".join(_table(node))
        case _:
            return _first_in_line(_text(node.content)) if not node.children and not node.is_root else ""


def _list(node: "SyntaxTreeNode") -> str:
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    items: list[str] = []
    for count, item in enumerate(node.children):
        marker = "- " if number is None else f"{min(number + count, 999_999_999)}. "
        items.append(_prefixed(_blocks(item.children, "\n" if tight else "\n\n"), marker, " " * len(marker)))
    return ("\n" if tight else "\n\n").join(items)


def _table(node: "SyntaxTreeNode") -> Iterator[str]:
    for part in node.children:
        for row in part.children:
            yield f"| {' | '.join(map(_cell, row.children))} |"
            if part.type == "thead":
                aligned = (_ALIGNMENT.get(str(cell.attrs.get("style")), "---") for cell in row.children)
                yield f"| {' | '.join(aligned)} |"


def _cell(node: "SyntaxTreeNode") -> str:
    """A cell; its content becomes text if inline code in it contains a border."""
    written = _inline(node.children).replace("\n", " ")
    if "|" in written.replace("\\|", ""):
        written = _text(" ".join(inline.content for inline in node.children))
    return written.replace("\\|", "&#124;")


def _prefixed(block: str, first: str, others: str) -> str:
    lines = block.split("\n")
    return "\n".join([f"{first}{lines[0]}".rstrip(), *(f"{others}{line}".rstrip() for line in lines[1:])])


def _inline(nodes: "list[SyntaxTreeNode]") -> str:
    written = ""
    for node in nodes:
        piece = _piece(node)
        # Two neighbouring runs of backticks would become one longer run.
        written += f" {piece}" if piece.startswith("`") and written.endswith("`") else piece
    return written


def _piece(node: "SyntaxTreeNode") -> str:
    match node.type:
        case "inline":
            written = _inline(node.children)
            return _inline(list(_without_emphasis(node.children))) if _ends_are_unsure(written) else written
        case "em" | "strong":
            inner, mark = _inline(node.children), _DELIMITERS[node.type]
            return f"{mark}{inner}{mark}" if inner.strip() else inner
        case "code_inline":
            return _code(node.content)
        case "softbreak" | "hardbreak":
            return "\n"
        case _:
            return _text(node.content) if not node.children else _inline(node.children)


def _ends_are_unsure(line: str) -> bool:
    """Whether a viewer could take an asterisk in inline code for the end of an emphasis.

    marked (VS Code) looks for that end in a line from which it has removed code, tags and links with its own patterns.
    These don't recognise code that contains backticks, and take `<` and `[` in a text for the beginning of an element.
    """
    codes = _INLINE_CODE.findall(line)
    text = _INLINE_CODE.sub("", line)
    odd = "<" in text or "[" in text or any(len(ticks) > 1 or "`" in code for ticks, code in codes)
    return odd and any("*" in code for _, code in codes)


def _without_emphasis(nodes: "list[SyntaxTreeNode]") -> "Iterator[SyntaxTreeNode]":
    for node in nodes:
        if node.type in _DELIMITERS:
            yield from _without_emphasis(node.children)
        else:
            yield node


def _code(content: str) -> str:
    """Inline code; or text, if a viewer could read its backticks differently."""
    content = visible(" ".join(content.split()))
    lengths = {len(run) for run in _RUNS.findall(content)}
    ticks = next((each for each in ("`", "``") if len(each) not in lengths), None)
    if not content or ticks is None:
        return _text(content)
    pad = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{ticks}{pad}{content}{pad}{ticks}"


def _text(content: str) -> str:
    """Text as text: markup is escaped, and anything that a viewer could turn into a link is shown as code."""
    # References (&#10;) have been resolved by now, so some characters appear here for the first time.
    content = visible(re.sub(r"\s", " ", content))
    return "".join(map(_run, _BETWEEN_RUNS.split(content)))


def _run(run: str) -> str:
    """A run of characters without spaces."""
    if _LEADS.search(run):
        return _address(run)
    if not _HOST.search(run):
        return _escaped(run)
    around, names = _NAME.split(run)[::2], _NAME.findall(run)
    if any(_HOST.search(part) for part in around):
        return _address(run)
    written = (_code(name) if _HOST.search(name) else _escaped(name) for name in names)
    return "".join(map("".join, zip(map(_escaped, around), [*written, ""], strict=True)))


def _address(run: str) -> str:
    """A run with an address in it; the punctuation around the address becomes text."""
    end = len(run.rstrip(")]}>\"'*_~.,;:!?"))
    start = 0
    while start < end and run[start] in "([{<\"'*_~,;:" and _PAIRS.get(run[start], " ") not in run[start + 1 : end]:
        start += 1
    if run[end : end + 1] == ")" and run.count("(", start, end) > run.count(")", start, end):
        end += 1
    return f"{_escaped(run[:start])}{_code(run[start:end])}{_escaped(run[end:])}" if start < end else _escaped(run)


def _escaped(content: str) -> str:
    # A backtick is written as a reference: no viewer can take it for a part of a neighbouring run of backticks.
    return _MARKUP.sub(lambda match: f"\\{match[0]}", content).replace("`", "&#96;")


def _first_in_line(line: str) -> str:
    """A line of inline Markdown that no viewer takes for the beginning of a block."""
    line = line.lstrip()
    return _LINE_START.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", line)
