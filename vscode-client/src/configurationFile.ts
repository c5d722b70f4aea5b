/** The user's configuration file: where it is, and what a new one says. */

import { posix, win32 } from "node:path";

/** As the server finds it (platformdirs' `user_config_path("pillion")`). */
export function configurationFile(
  platform: NodeJS.Platform,
  home: string,
  environ: Readonly<Record<string, string | undefined>>,
): string {
  const path = platform === "win32" ? win32 : posix;
  const own = environ["PILLION_CONFIG"];
  if (own !== undefined && own !== "") {
    // The server is started in the home folder.
    return path.resolve(home, /^~(?=[/\\]|$)/.test(own) ? path.join(home, own.slice(1)) : own);
  }
  return path.join(folder(platform, home, environ, path), "pillion", "config.toml");
}

function folder(
  platform: NodeJS.Platform,
  home: string,
  environ: Readonly<Record<string, string | undefined>>,
  path: typeof posix,
): string {
  if (platform === "win32") return environ["LOCALAPPDATA"] ?? path.join(home, "AppData", "Local");
  const xdg = environ["XDG_CONFIG_HOME"];
  if (xdg !== undefined && path.isAbsolute(xdg)) return xdg;
  return platform === "darwin" ? path.join(home, "Library", "Application Support") : path.join(home, ".config");
}

export const EXAMPLE = `# Pillion's configuration. Without endpoints, two small models run on the CPU.
# It holds as soon as it is saved; a mistake is said in the status bar. On a command line, \`pillion config schema\` prints
# all that may be written here, and \`pillion config show\` what holds.

# Two GPUs, an Ollama on each. The first endpoint is taken for the large model, the last for the small one.
#
# [endpoints.large]
# protocol = "ollama"
# url = "http://127.0.0.1:11434"
# model = "qwen2.5-coder:14b"
#
# [endpoints.small]
# protocol = "ollama"
# url = "http://127.0.0.1:11435"
# model = "qwen2.5-coder:1.5b"

# A server with OpenAI's API (llama.cpp, vLLM and others): the url ends in /v1. If it wants a key, name a variable
# for it here, and give the key to “Pillion: Set API Key…”.
#
# [endpoints.server]
# protocol = "openai"
# url = "http://127.0.0.1:8000/v1"
# model = "qwen2.5-coder-14b"
# api_key_env = "SERVER_API_KEY"
`;
