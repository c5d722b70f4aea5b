import assert from "node:assert/strict";
import { test } from "node:test";

import type { Machine } from "../src/server/executables";
import { type Bundled, type Launch, locate, type Missing, type Probe } from "../src/server/locate";

const GOOD: Probe = { version: "3.12.1", missing: [], environments: true };
const BARE: Probe = { version: "3.13.0", missing: ["pygls~=2.1.1"], environments: true };
const LAME: Probe = { version: "3.11.2", missing: ["pygls~=2.1.1"], environments: false };

interface Case {
  readonly name: string;
  readonly setting?: unknown;
  readonly path?: string;
  readonly folders?: readonly string[];
  /** Executable files, and what is behind them where they are links. */
  readonly files?: Readonly<Record<string, string>>;
  readonly platform?: NodeJS.Platform;
  readonly prepared?: string;
  readonly probes?: Readonly<Record<string, Probe>>;
  readonly answer?: string | Missing;
  /** The command line, or a part of what the user reads. */
  readonly starts?: string;
  readonly problem?: RegExp;
  readonly source?: Launch["source"];
}

const CASES: readonly Case[] = [
  {
    name: "the setting comes first",
    setting: ["/opt/p", "-v"],
    files: { "/opt/p": "/opt/p", "/usr/bin/pillion": "" },
    starts: "/opt/p -v serve --stdio",
    source: "setting",
  },
  {
    name: "a command that is complete stays so",
    setting: ["/opt/p", "serve", "--stdio"],
    files: { "/opt/p": "/opt/p" },
    starts: "/opt/p serve --stdio",
  },
  {
    name: "a command that serves is told how",
    setting: ["/opt/p", "serve"],
    files: { "/opt/p": "/opt/p" },
    starts: "/opt/p serve --stdio",
  },
  {
    name: "the setting may be a bare name",
    setting: ["python3", "-m", "pillion"],
    files: { "/usr/bin/python3": "" },
    starts: "/usr/bin/python3 -m pillion serve --stdio",
  },
  {
    name: "the setting may start at home",
    setting: ["~/bin/p"],
    files: { "/home/me/bin/p": "" },
    starts: "/home/me/bin/p serve --stdio",
  },
  {
    name: "a wrong setting isn't passed over",
    setting: ["/opt/gone"],
    files: { "/usr/bin/pillion": "" },
    problem: /pillion\.server\.command: “\/opt\/gone” isn’t a program/,
  },
  {
    name: "a relative setting is refused",
    setting: ["./p"],
    files: { "/ws/p": "" },
    problem: /isn’t an absolute path/,
  },
  {
    name: "a setting that isn't a list says so",
    setting: "/opt/p",
    files: { "/opt/p": "/opt/p" },
    problem: /pillion\.server\.command is a list/,
  },
  { name: "nor is one of other things", setting: [1], files: { "/usr/bin/pillion": "" }, problem: /is a list/ },
  {
    name: "the PATH comes second",
    files: { "/usr/bin/pillion": "", "/usr/bin/python3": "" },
    probes: { "/usr/bin/python3": GOOD },
    starts: "/usr/bin/pillion serve --stdio",
    source: "path",
  },
  {
    name: "relative folders of the PATH don't count",
    path: ".:bin::/usr/bin",
    files: { "bin/pillion": "", pillion: "", "/ws/pillion": "" },
    problem: /no pillion on your PATH/,
  },
  {
    name: "the workspace's folders don't count",
    path: "/ws/.venv/bin:/usr/bin",
    files: { "/ws/.venv/bin/pillion": "", "/usr/bin/pillion": "" },
    starts: "/usr/bin/pillion serve --stdio",
  },
  {
    name: "what was left out is said",
    path: "/ws/bin",
    files: { "/ws/bin/pillion": "" },
    problem: /they lie in this workspace: \/ws\/bin\/pillion/,
  },
  { name: "a link into the workspace doesn't count", files: { "/usr/bin/pillion": "/ws/evil" }, problem: /no pillion/ },
  {
    name: "a folder with the same beginning isn't the workspace",
    path: "/ws2",
    files: { "/ws2/pillion": "" },
    starts: "/ws2/pillion serve --stdio",
  },
  {
    name: "a name that begins with dots is inside",
    path: "/ws/..bin",
    files: { "/ws/..bin/pillion": "" },
    problem: /no pillion/,
  },
  {
    name: "who opens the home folder keeps what is in it",
    folders: ["/home/me"],
    path: "/home/me/.local/bin",
    files: { "/home/me/.local/bin/pillion": "/real/me/pillion" },
    starts: "/home/me/.local/bin/pillion serve --stdio",
  },
  {
    name: "a folder that the home folder is in, too",
    folders: ["/home", "/real"],
    path: "/home/me/.local/bin",
    files: { "/home/me/.local/bin/pillion": "/real/me/pillion" },
    starts: "/home/me/.local/bin/pillion serve --stdio",
  },
  {
    name: "a folder in the home folder is a workspace",
    folders: ["/home/me/w"],
    path: "/home/me/w/bin",
    files: { "/home/me/w/bin/pillion": "" },
    problem: /lie in this workspace/,
  },
  {
    name: "the environment made earlier is taken",
    prepared: "/store/env/bin/python",
    starts: "/store/env/bin/python -P -m pillion serve --stdio",
    source: "bundled",
  },
  {
    name: "a Python with the libraries needs none",
    files: { "/usr/bin/python3": "", "/usr/bin/python3.13": "" },
    probes: { "/usr/bin/python3.13": BARE, "/usr/bin/python3": GOOD },
    starts: "/usr/bin/python3 -P -m pillion serve --stdio",
    source: "bundled",
  },
  {
    name: "else an environment is made with the newest",
    files: { "/usr/bin/python3.11": "", "/usr/bin/python3.13": "" },
    probes: { "/usr/bin/python3.13": BARE, "/usr/bin/python3.11": BARE },
    answer: "/made/by/python",
    starts: "/made/by/python -P -m pillion serve --stdio",
  },
  {
    name: "a Python in the workspace makes none",
    path: "/ws/bin",
    files: { "/ws/bin/python3": "" },
    probes: { "/ws/bin/python3": GOOD },
    problem: /no Python 3\.11/,
  },
  {
    name: "a no is an answer",
    files: { "/usr/bin/python3": "" },
    probes: { "/usr/bin/python3": BARE },
    answer: { problem: "Not installed.", asked: true },
    problem: /Not installed/,
  },
  { name: "an old Python doesn't count", files: { "/usr/bin/python3": "" }, problem: /no Python 3\.11 or newer/ },
  {
    name: "a Python without venv says so",
    files: { "/usr/bin/python3": "" },
    probes: { "/usr/bin/python3": LAME },
    problem: /python3-venv/,
  },
  {
    name: "Windows: programs only",
    platform: "win32",
    path: "rel;C:\\tools",
    files: { "C:\\tools\\pillion.cmd": "", "C:\\tools\\pillion.exe": "" },
    starts: "C:\\tools\\pillion.exe serve --stdio",
  },
  {
    name: "Windows: the launcher",
    platform: "win32",
    path: "C:\\Windows",
    files: { "C:\\Windows\\py.exe": "" },
    probes: { "C:\\Windows\\py.exe": GOOD },
    starts: "C:\\Windows\\py.exe -3 -P -m pillion serve --stdio",
  },
];

for (const each of CASES) {
  test(each.name, async () => {
    const files = each.files ?? {};
    const machine: Machine = {
      platform: each.platform ?? "linux",
      home: "/home/me",
      realHome: "/real/me",
      searchPath: each.path ?? "/usr/bin",
      workspaceFolders: each.folders ?? ["/ws", "C:\\ws"],
      realExecutable: (file) => Promise.resolve(files[file] === "" ? file : files[file]),
    };
    const bundled: Bundled = {
      env: { PYTHONPATH: "/ext/bundled" },
      prepared: () => Promise.resolve(each.prepared),
      probe: (command) => Promise.resolve(each.probes?.[command]),
      prepare: () => Promise.resolve(each.answer ?? assert.fail("nothing was to be installed")),
    };
    const found = await locate(each.setting, machine, bundled);
    if ("problem" in found) {
      assert.match(found.problem, each.problem ?? /^$/);
      return;
    }
    assert.equal([found.command, ...found.args].join(" "), each.starts);
    if (each.source !== undefined) assert.equal(found.source, each.source);
    assert.equal(found.env["PYTHONPATH"], found.source === "bundled" ? "/ext/bundled" : undefined);
  });
}
