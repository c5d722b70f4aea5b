"""VS Code: code-server in headless Chromium, with the extension and the real language server."""
