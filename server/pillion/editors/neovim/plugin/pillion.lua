-- Written by `pillion editor neovim --install`, and taken away by `--uninstall`.
-- Settings go into your init.lua, for example: vim.g.pillion = { review = "always" }
-- Whoever calls require("pillion").setup() there has said everything; then this file does nothing.
if not vim.g.loaded_pillion then
  local own = { cmd = { "@COMMAND@", "serve", "--stdio" } }
  require("pillion").setup(vim.tbl_deep_extend("force", own, vim.g.pillion or {}))
end
