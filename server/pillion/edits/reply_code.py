"""Says which code a reply has for a symbol. The stream's filter and the edit ask the same questions here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from pillion.edits.reply_repairs import repaired
from pillion.errors import DraftRejectedError
from pillion.syntax.check import behaviour_fingerprint, first_error
from pillion.syntax.document import ParsedText
from pillion.syntax.fence_names import is_another, title_of_another
from pillion.syntax.languages import LANGUAGES
from pillion.syntax.symbols import Symbol
from pillion.text.fences import begins_code, language_name
from pillion.text.json_text import is_call, objects_in, strings_in
from pillion.text.patches import is_patch, only_added, patched
from pillion.text.reply_blocks import Block, blocks_of, has_code
from pillion.text.thoughts import without_thoughts

_NO_FIT = "the model answered with a patch that doesn't fit the code"
# What is in code, and in no name or path.
_CODE = re.compile(r"[=({;]")
NO_CODE = "the model answered without any code"
Defined = tuple[ParsedText, Node]
Define = Callable[[str, Symbol, ParsedText], Defined | None]
"""Parses code so that it defines a symbol of the document, and finds it there; None if it doesn't."""


@dataclass(frozen=True, slots=True)
class WantedCode:
    """The code for `symbol` in a reply; see Wanted."""

    symbol: Symbol
    document: ParsedText
    define: Define

    def speaks(self, info: str) -> bool:
        """See Wanted."""
        return not is_another(language_name(info), self.document.language)

    def is_it(self, block: Block) -> bool:
        """See Wanted. A block that has the symbol as it is shows only what there was before."""
        if not self.speaks(block.info):
            return False
        if self.symbol.is_place:
            return block.text.split() != self.symbol.text.split()
        if _is_change(block):
            return False  # there may be more of them
        return any(self._changes(code) and not self._is_stub(code) for code in self._defining([block]))

    def codes(self, reply: str) -> list[str]:
        """The code for the symbol, first; else what may be code. Line ends are LF.

        Raises:
            DraftRejectedError: the reply has no code, only code in another language, several versions, or a patch that
                doesn't fit.
        """
        blocks = blocks_of(reply.replace("\r\n", "\n"))
        if self.symbol.is_stretch and (alone := self._called(reply) or self._all_of_it(reply)) is not None:
            return [alone]
        if self.symbol.is_place:
            if not has_code(reply) and all(self._is_broken(each.text) for each in blocks):
                raise DraftRejectedError(NO_CODE, code="empty")
            return self._at_its_place(blocks)
        own = [each for each in blocks if self.speaks(each.info)]
        patches = [each.raw for each in own if _is_change(each)]
        if patches and self.symbol.is_stretch:
            return [self._file_with(patches)]
        own = [each for each in own if each.raw not in patches]
        defining = list(self._defining(own))
        if changed := self._one_version(defining):
            return [self._with_companions(changed, own)]
        if patches:
            return [self._with(patches)]
        if defining:
            return defining
        if (inside := self._in_json(reply)) is not None:
            return [inside]
        others = [each for each in blocks if each not in own and each.raw not in patches]
        if misnamed := [code for each in others for code in self._defining([each]) if self._is_own(each.info, code)]:
            return misnamed[:1]
        self._refuse(reply, own, others)
        return [repaired(each.text, self.document.language) for each in own]

    def _defining(self, blocks: list[Block]) -> Iterator[str]:
        """The code of the blocks that define the symbol."""
        language = self.document.language
        for each in blocks:
            text = only_added(each.raw) or each.text
            below = _from_code(text)
            for code in (text, below) if below != text else (text,):
                plain = repaired(code, language)
                if self._defined(plain) is not None:
                    yield plain
                    break

    def _changes(self, code: str) -> bool:
        if (defined := self._defined(code)) is None:
            return False
        drafted, node = defined
        return drafted.symbols.read(node).text.split() != self.symbol.text.split()

    def _defined(self, code: str) -> Defined | None:
        return self.define(code, self.symbol, self.document)

    def _one_version(self, defining: list[str]) -> str | None:
        """The one that changes something; None if none does.

        Raises:
            DraftRejectedError: there are several.
        """
        changed = [code for code in defining if self._changes(code)]
        versions: dict[object, str] = {}
        for code in changed:
            versions.setdefault(self._behaviour(code), code)
        written = {key: code for key, code in versions.items() if not self._is_stub(code)}
        versions = written or versions
        if len(versions) > 1:  # one of them may be the old code, quoted without its comments
            versions.pop(self._old_behaviour(), None)
        if len(versions) > 1:
            reason = f"the model gave several versions of “{self.symbol.name}”, and one is wanted"
            raise DraftRejectedError(reason, code="versions")
        return next(iter(versions.values()), None)

    def _is_stub(self, code: str) -> bool:
        defined = self._defined(code)
        return defined is not None and defined[0].symbols.is_stub(defined[1])

    def _behaviour(self, code: str) -> object:
        defined = self._defined(code)
        return behaviour_fingerprint(*defined) if defined is not None else None

    def _old_behaviour(self) -> object:
        node = self.document.symbols.same_in(self.document.symbols, self.symbol)
        return behaviour_fingerprint(self.document, node) if node is not None else None

    def _with_companions(self, code: str, own: list[Block]) -> str:
        """The code below the other blocks that have only imports and definitions: it may need them."""
        if code.lstrip().startswith("package "):
            return code
        language = self.document.language
        defines = language.imports | language.comments | language.wrappers | frozenset(language.symbols)
        found = []
        for each in own:
            if self._defined(text := repaired(each.text, language)) is not None:
                continue
            nodes = ParsedText.of(language, text).tree.root_node.named_children
            if nodes and all(node.type in defines for node in nodes):
                found.append(text.rstrip())
        return "\n\n\n".join([*found, code])

    def _at_its_place(self, blocks: list[Block]) -> list[str]:
        """The code in the place of a TODO or of statements: a patch or a tool's call says it only of the function or
        file around them.

        Raises:
            DraftRejectedError: there is none in the document's language.
        """
        own = [each for each in blocks if self.speaks(each.info)]
        another = next((title for each in blocks if (title := self._title(each))), "")
        if not own and another:
            raise DraftRejectedError(self._in_another(another), code="language")
        patches = [each.raw for each in own if _is_change(each)]
        if patches and self.symbol.inside is not None:
            return [WantedCode(self.symbol.inside, self.document, self.define)._with(patches)]
        if patches:
            return [self._file_with(patches)]
        return [repaired(each.text, self.document.language) for each in own or blocks]

    def _patched(self, patches: list[str]) -> str | None:
        text, symbol = self.document.text.replace("\r\n", "\n"), self.symbol
        first = self.document.text.count("\n", 0, symbol.start)
        for patch in patches:
            after = patched(text, patch, (first, first + symbol.text.count("\n")))
            if after is None:
                return None
            text = after
        return text if self._defined(text) is not None else None

    def _is_broken(self, text: str) -> bool:
        return ParsedText.of(self.document.language, text).tree.root_node.has_error

    def _file_with(self, patches: list[str]) -> str:
        """The document with the patches.

        Raises:
            DraftRejectedError: a patch doesn't fit.
        """
        text: str | None = self.document.text.replace("\r\n", "\n")
        first = self.document.text.count("\n", 0, self.symbol.start)
        for patch in patches:
            text = patched(text, patch, (first, first + self.symbol.text.count("\n"))) if text is not None else None
        if text is None:
            raise DraftRejectedError(_NO_FIT, code="patch")
        return text

    def _with(self, patches: list[str]) -> str:
        """The document with the patches, whose symbol is taken.

        Raises:
            DraftRejectedError: a patch doesn't fit, or also changes something else.
        """
        text = self._patched(patches)
        if text is None:
            raise DraftRejectedError(_NO_FIT, code="patch")
        language = self.document.language
        old = ParsedText.of(language, self.document.text.replace("\r\n", "\n"))
        own = self.symbol.path
        for node in old.symbols.walk():
            path = old.symbols.path_of(node)
            around_or_inside = path[: len(own)] == own or own[: len(path)] == path
            if not around_or_inside and old.symbols.read(node).text not in text:
                name = path[-1]
                reason = f"the model's patch also changes “{name}”, which isn't “{self.symbol.name}”"
                raise DraftRejectedError(reason, code="patch")
        return text

    def _in_json(self, reply: str) -> str | None:
        """The code in a reply that is the call of a tool, if it is unmistakable."""
        texts = {text for found in objects_in(reply) for text in strings_in(found)}
        blocks = [Block("", text, fenced=True) for text in sorted(texts) if "\n" in text or "{" in text]
        found = [code for code in self._defining(blocks) if self._changes(code)]
        return found[0] if len(found) == 1 else None

    def _called(self, reply: str) -> str | None:
        """The code for what is selected in a reply that is the call of a tool, if it is unmistakable."""
        if not is_call(without_thoughts(reply)):
            return None
        texts = {text for found in objects_in(reply) for text in strings_in(found)}
        old = self.symbol.text.split()
        found = [each for each in texts if _CODE.search(each) and each.split() != old and not self._is_broken(each)]
        return found[0] if len(found) == 1 else None

    def _all_of_it(self, reply: str) -> str | None:
        """A reply of nothing but code, without a fence: its first lines may not look like code."""
        text = without_thoughts(reply).replace("\r\n", "\n").strip("\n")
        fenced = any(each.fenced for each in blocks_of(reply))
        return None if fenced or not _CODE.search(text) or self._is_broken(text) else text

    def _is_own(self, info: str, code: str) -> bool:
        """Whether code whose fence names another language is in the document's all the same: it can be read in that,
        and not in the one that is named."""
        language, name = self.document.language, language_name(info)
        if first_error(ParsedText.of(language, code)) is not None:
            return False
        if not title_of_another(name, language):
            return True
        named = next((each for each in LANGUAGES if not is_another(name, each)), None)
        return named is not None and first_error(ParsedText.of(named, code)) is not None

    def _title(self, block: Block) -> str:
        return title_of_another(language_name(block.info), self.document.language)

    def _in_another(self, title: str) -> str:
        return f"the model answered in {title}, and the file is in {self.document.language.title}"

    def _refuse(self, reply: str, own: list[Block], others: list[Block]) -> None:
        another = next((title for each in others if (title := self._title(each))), "")
        if not own and another:
            raise DraftRejectedError(self._in_another(another), code="language")
        if not own or not has_code(reply):
            raise DraftRejectedError(NO_CODE, code="empty")


def _is_change(block: Block) -> bool:
    """Whether a block is a patch of lines that are there."""
    return is_patch(block.raw, language_name(block.info)) and only_added(block.raw) is None


def _from_code(text: str) -> str:
    """The text without words before its code."""
    lines = text.split("\n")
    start = next((row for row, line in enumerate(lines) if begins_code(line)), 0)
    return "\n".join(lines[start:])
