/** What is packed; nothing is built for it. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { icon: string; contributes: unknown };

/** All strings in it that name a file. */
function files(part: unknown): string[] {
  if (typeof part === "string")
    return /^[\w./-]+\/[\w.-]+\.(json|md|svg|png)$/.test(part) ? [posix.normalize(part)] : [];
  return typeof part === "object" && part !== null ? Object.values(part).flatMap(files) : [];
}

test("every file that the manifest names is packed", () => {
  const vsce = join("node_modules", "@vscode", "vsce", "vsce");
  const packed = execFileSync(process.execPath, [vsce, "ls", "--no-dependencies"], { encoding: "utf8" }).split(/\r?\n/);
  const named = [manifest.icon, ...files(manifest.contributes)];
  assert.ok(named.length > 5, "they are found");
  assert.deepEqual(
    named.filter((name) => !packed.includes(name)),
    [],
  );
});
