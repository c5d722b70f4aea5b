/** Bundles the extension; with `--tests` the tests instead, which need no VS Code. */

import { readdir, rm } from "node:fs/promises";

import { build } from "esbuild";

const shared = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };

if (process.argv.includes("--tests")) {
  const files = (await readdir("test", { recursive: true })).filter((name) => name.endsWith(".test.ts"));
  await rm(".test", { recursive: true, force: true });
  await build({
    ...shared,
    entryPoints: files.map((name) => `test/${name}`),
    entryNames: "[name]",
    outdir: ".test",
    format: "esm",
    alias: { vscode: "./test/support/vscode.ts" },
    outExtension: { ".js": ".mjs" },
    sourcemap: "inline",
  });
} else {
  await rm("dist", { recursive: true, force: true });
  await build({
    ...shared,
    // The language client and the reader of Markdown are files of their own, which are read after activation.
    entryPoints: { extension: "src/extension.ts", client: "src/client.ts", markdown: "src/features/markdown.ts" },
    outdir: "dist",
    format: "cjs",
    external: ["vscode", "./client", "./markdown"],
    supported: { "dynamic-import": false },
    minify: true,
    legalComments: "none",
  });
}
