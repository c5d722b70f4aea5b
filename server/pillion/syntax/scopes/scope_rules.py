"""The rules of all languages."""

from collections.abc import Mapping
from types import MappingProxyType

from pillion.syntax.scopes.scope_tree import ScopeRules
from pillion.syntax.scopes.scopes_c import CPP, C
from pillion.syntax.scopes.scopes_go import GO
from pillion.syntax.scopes.scopes_java import JAVA
from pillion.syntax.scopes.scopes_javascript import JAVASCRIPT_RULES
from pillion.syntax.scopes.scopes_python import PYTHON
from pillion.syntax.scopes.scopes_rust import RUST

SCOPE_RULES: Mapping[str, ScopeRules] = MappingProxyType(
    {
        "python": PYTHON,
        "javascript": JAVASCRIPT_RULES,
        "typescript": JAVASCRIPT_RULES,
        "typescriptreact": JAVASCRIPT_RULES,
        "go": GO,
        "rust": RUST,
        "java": JAVA,
        "c": C,
        "cpp": CPP,
    }
)
