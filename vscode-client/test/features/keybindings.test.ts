import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/**
 * Second strokes after Ctrl+K (Cmd+K on macOS) that VS Code's own commands have on any system, with plain letters.
 * Read from “Open Default Keyboard Shortcuts (JSON)” of VS Code 1.100 as Linux, Windows and macOS; r is the desktop's.
 */
const TAKEN_AFTER_K = new Set("cdefimnoprstuvwyz");

interface Binding {
  readonly command: string;
  readonly key: string;
  readonly mac?: string;
  readonly when?: string;
}
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { contributes: { keybindings: Binding[] } };
const isEscape = ({ key }: Binding): boolean => key === "escape";
const chords = manifest.contributes.keybindings.filter((each) => !isEscape(each));

for (const { command, key, mac } of chords) {
  test(`${command}: ${key} is free on every system and keyboard`, () => {
    // Plain letters: Alt is AltGr for some, and punctuation is a dead key for others.
    const [, letter] = /^ctrl\+k ([a-z])$/.exec(key) ?? [];
    assert.ok(letter !== undefined && !TAKEN_AFTER_K.has(letter), key);
    assert.equal(mac, `cmd+k ${letter}`);
  });
}

for (const { command, when } of chords) {
  test(`${command}: the terminal keeps its own Cmd+K`, () => {
    assert.ok(when?.split(" && ").includes("!terminalFocus"), when);
  });
}

test("what Ctrl+K A means depends on what is in the active tab", () => {
  const whens = manifest.contributes.keybindings
    .filter(({ key }) => key === "ctrl+k a")
    .map(({ when }) => when?.split(" && ") ?? []);
  assert.deepEqual(
    whens.map((parts) => parts.find((part) => part.endsWith("pillion.reviewActive"))),
    ["!pillion.reviewActive", "pillion.reviewActive"],
  );
});

test("a key does what the palette does, in every language: where Pillion reads none, it says so", () => {
  for (const command of ["pillion.askPillion", "pillion.explain"]) {
    const found = chords.find((each) => each.command === command);
    assert.ok(found?.when !== undefined && !found.when.includes("editorLangId"), command);
  }
});

test("Escape closes the answers where nothing else wants it", () => {
  const whens = manifest.contributes.keybindings.filter(isEscape).map(({ when }) => when?.split(" && ") ?? []);
  const [inView, inEditor] = whens;
  assert.deepEqual(inView, ["focusedView == pillion.answers"]);
  for (const part of [
    "pillion.answerShown",
    "editorTextFocus",
    "!suggestWidgetVisible",
    "!findWidgetVisible",
    "!editorHasSelection",
    "!inSnippetMode",
    "!vim.active",
  ]) {
    assert.ok(inEditor?.includes(part), part);
  }
  assert.equal(whens.length, 2);
});

test("a key means one thing in one place", () => {
  const places = manifest.contributes.keybindings.map(({ key, when }) => `${key} ${when ?? ""}`);
  assert.equal(new Set(places).size, places.length);
});
