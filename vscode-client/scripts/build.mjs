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
    // What isn't of use at activation is a file of its own, which is read when it is.
    entryPoints: {
      extension: "src/extension.ts",
      client: "src/client.ts",
      markdown: "src/features/markdown.ts",
      tomlSchemas: "src/features/tomlSchemas.ts",
    },
    outdir: "dist",
    format: "cjs",
    external: ["vscode", "./client", "./markdown", "./tomlSchemas"],
    supported: { "dynamic-import": false },
    minify: true,
    legalComments: "none",
  });
}
