"""A parsed text: jobs, checks and features read it, so that they don't combine parser, tree and offsets themselves."""

from dataclasses import dataclass, field

from tree_sitter import Tree

from pillion.syntax.languages import Language, parse
from pillion.syntax.offsets import Offsets
from pillion.syntax.scopes.scope_rules import SCOPE_RULES
from pillion.syntax.scopes.scope_tree import ScopeTree, scope_tree
from pillion.syntax.symbols import SymbolReader
from pillion.text.lines import has_lone_cr, with_lf


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A text, its syntax tree and a reader of its symbols."""

    language: Language
    offsets: Offsets
    tree: Tree
    symbols: SymbolReader
    _names: list[ScopeTree] = field(default_factory=list, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The text that was parsed."""
        return self.offsets.text

    @property
    def names(self) -> ScopeTree:
        """The names that the text binds and uses. Read once: one edit asks eight times. Nobody changes them."""
        if not self._names:
            self._names.append(scope_tree(self.tree.root_node, SCOPE_RULES[self.language.id]))
        return self._names[0]

    def in_lines(self) -> "ParsedText":
        """The same text with an LF for each CR that stands alone. All offsets stay the same."""
        return ParsedText.of(self.language, with_lf(self.text)) if has_lone_cr(self.text) else self

    @classmethod
    def of(cls, language: Language, text: str, old_tree: Tree | None = None) -> "ParsedText":
        """Parses `text`; `old_tree`, to which the edits have been applied, makes this incremental."""
        offsets = Offsets(text)
        if has_lone_cr(text):  # which is white space in most grammars
            lines = Offsets(with_lf(text))
            tree = parse(language, lines.data)
            return cls(language, offsets, tree, SymbolReader(language, lines, tree))
        tree = parse(language, offsets.data, old_tree)
        return cls(language, offsets, tree, SymbolReader(language, offsets, tree))
