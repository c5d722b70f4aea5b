"""What the unit tests share: parsing a text, a cursor in it, and a source in every language."""

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.symbols import Symbol

CURSOR = "¦"

PYTHON = '''"""A module."""

from __future__ import annotations

import os  # for paths


@decorator(1)
def first(a, *rest: int, key=None) -> str:
    """Say “héllo”."""
    # why
    if a:
        return f"{a}"
    return """
text at the margin
"""


class Stack(list):
    """A stack 🥞."""

    size = 3

    def __init__(self):
        self.items = []

    async def push(self, item):
        # before
        self.items.append(item)

        for each in self.items:
            print(each)
        else:
            pass

    @property
    def top(self): return self.items[-1]


# about last
last = first(1)
'''
JAVASCRIPT = """// a module
import x from "y";

/** Adds. */
export function add(a, b = 1) {
  const sum = a + b;
  // why

  return `${sum}
text at the margin`;
}

export default class Stack {
  #items = [];
  // about push
  push(item) {
    this.#items.push(item);
    return () => { return item };
  }

  get top() { return this.#items.at(-1) }
}

const twice = (n) => n * 2, thrice = (n) => { return n * 3 };
"""
TYPESCRIPT = """import { x } from "y";

interface Shape {
  area(): number;
}

@Injectable()
export abstract class Square implements Shape {
  constructor(private side: number) {}

  @Input() area(): number {
    if (this.side < 0) {
      throw new RangeError("negative");
    }
    return this.side ** 2;
  }
}

export const scale = async <T,>(shape: T, by?: number): Promise<void> => {
  await x(shape, by);
};
"""
TSX = """export function Hello({ name }: Props) {
  const [n, setN] = useState(0);
  return (
    <div onClick={() => setN(n + 1)}>
      Hello, {name} 👋
    </div>
  );
}
"""
GO = """package shop

import (
\t"fmt"
)

// Add adds.
func Add(a, b int, more ...int) (int, error) {
\tsum := a + b
\tfor _, each := range more {
\t\tsum += each
\t}
\treturn sum, nil
}

type Stack struct {
\titems []int
}

// Push pushes.
func (s *Stack) Push(item int) {
\ts.items = append(s.items, item)
\tfmt.Println(`text
at the margin`)
}
"""
RUST = """use std::fmt;

/// A stack.
#[derive(Debug)]
pub struct Stack {
    items: Vec<i32>,
}

impl Stack {
    /// Makes one.
    pub fn new(first: i32) -> Self {
        let items = vec![first];
        // why
        Stack { items }
    }

    #[inline]
    fn push(&mut self, item: i32) {
        self.items.push(item);
    }
}

trait Shape {
    fn area(&self) -> f64;
    fn name(&self) -> String { "shape".into() }
}
"""
JAVA = """package shop;

import java.util.List;

/** A stack. */
@Deprecated
public class Stack<T> implements Shape {
    private final List<T> items;

    // why
    public Stack(List<T> items, int... sizes) {
        this.items = items;
    }

    /** Pushes. */
    @Override
    public T push(T item) throws IllegalStateException {
        if (items == null) {
            throw new IllegalStateException("no {items}");
        }
        items.add(item);

        return item;
    }

    enum Size { SMALL, LARGE { void grow() { run(() -> { return; }); } } }
}

interface Shape {
    double area();
}

record Point(int x, int y) {}
"""
C = """#include <stdio.h>

#define TWICE(x) \\
    ((x) * 2)

/** A point. */
typedef struct {
    int x;
} Point;

struct stack {
    char **items;
};

// why
static const char *push(struct stack *stack, char *item, int (*done)(int code)) {
    if (!stack) {
        return NULL;
    }

#ifdef DEBUG
    printf("push {%s}\\n", item);
#endif
    return stack->items[TWICE(0)] = item;
}

void clear(void) {}
"""
CPP = """#pragma once
#include <vector>

namespace shop {

/** A stack. */
template <typename T>
class Stack : public Base {
public:
    explicit Stack(std::vector<T> items, int size = 1) : items_(std::move(items)) {}
    virtual ~Stack() = default;

    // why
    T &top() const {
        auto last = [this]() { return items_.back(); };
        return last();
    }

private:
    std::vector<T> items_;
};

}  // namespace shop

bool shop::Stack<int>::empty(const char *text) {
    puts(R"(text {
at the margin)");
    return text == nullptr;
}

bool operator==(const A &a, const A &b) { return a.x == b.x; }
"""
SOURCES = {
    "python": PYTHON,
    "javascript": JAVASCRIPT,
    "typescript": TYPESCRIPT,
    "typescriptreact": TSX,
    "go": GO,
    "rust": RUST,
    "java": JAVA,
    "c": C,
    "cpp": CPP,
}


def parsed(language_id: str, text: str) -> ParsedText:
    """`text`, parsed."""
    language = language_by_id(language_id)
    assert language is not None
    return ParsedText.of(language, text)


def at_cursor(language_id: str, text: str) -> Symbol | None:
    """The symbol around the cursor; two cursors are a selection."""
    start = text.index(CURSOR)
    end = text.rindex(CURSOR) - 1 if text.count(CURSOR) > 1 else start
    return parsed(language_id, text.replace(CURSOR, "")).symbols.enclosing(start, end)


def symbol_in(language_id: str, text: str, name: str = "") -> Symbol:
    """The first symbol called `name` (default: the first of all)."""
    document = parsed(language_id, text)
    found = document.symbols.named(name) if name else next(map(document.symbols.read, document.symbols.walk()))
    assert found is not None
    return found
