/** Copies the server beside the extension and packs both into pillion.vsix. */

import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

const LARGEST_BYTES = 2_000_000;
const PACKAGE = "pillion.vsix";
const SERVER = "../server/pillion";

await rm("bundled", { recursive: true, force: true });
await mkdir("bundled");
await cp(SERVER, "bundled/pillion", { recursive: true, filter: (source) => basename(source) !== "__pycache__" });
await cp("../fixtures/demo", "bundled/pillion/fixtures/demo", { recursive: true });
await cp("../LICENSE", "LICENSE");
await writeFile("bundled/requirements.txt", requirements(await readFile("../pyproject.toml", "utf8")));

// VS Code shows the page of an installed extension without its folder, so the pictures have to be in the page itself.
const PAGE = "bundled/README.md";
await writeFile(PAGE, await withPictures(await readFile("README.md", "utf8")));

const vsce = join("node_modules", "@vscode", "vsce", "vsce");
const options = [
  "--no-dependencies",
  "--allow-missing-repository",
  "--no-rewrite-relative-links",
  "--readme-path",
  PAGE,
];
execFileSync(process.execPath, [vsce, "package", ...options, "--out", PACKAGE], { stdio: "inherit" });
const { size } = await stat(PACKAGE);
console.log(`${PACKAGE}: ${(size / 1e6).toFixed(2)} MB`);
if (size > LARGEST_BYTES) {
  console.error(`That is more than ${LARGEST_BYTES / 1e6} MB.`);
  process.exit(1);
}

/** A page with its pictures as data. */
async function withPictures(page) {
  const names = new Set([...page.matchAll(/\]\((images\/[^)]+\.png)\)/g)].map((found) => found[1]));
  let whole = page;
  for (const name of names) {
    whole = whole.replaceAll(`](${name})`, `](data:image/png;base64,${(await readFile(name)).toString("base64")})`);
  }
  return whole;
}

/** The libraries that pyproject.toml names for running, one a line. */
function requirements(pyproject) {
  const table = /^dependencies = \[\n(.*?)^\]/ms.exec(pyproject)?.[1] ?? "";
  const rows = [...table.matchAll(/^ {2}"([^"]+)",$/gm)].map((row) => row[1]);
  const lines = table.split("\n").filter((line) => line.trim() && !line.trim().startsWith("#"));
  if (rows.length === 0 || rows.length !== lines.length) throw new Error("pyproject.toml: dependencies can't be read");
  return `${rows.join("\n")}\n`;
}
