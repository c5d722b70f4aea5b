-- Pillion in Neovim 0.7 to 0.10: the light bulb's menu, findings as diagnostics, hover.
local filetypes = {
  "python", "javascript", "javascriptreact", "typescript", "typescriptreact", "go", "rust", "java", "c", "cpp",
}
local client -- one server for all buffers
vim.api.nvim_create_autocmd("FileType", {
  pattern = filetypes,
  callback = function(event)
    if not client or vim.lsp.client_is_stopped(client) then
      client = vim.lsp.start_client({
        name = "pillion",
        cmd = { "@COMMAND@", "serve", "--stdio" },
        root_dir = vim.fn.getcwd(),
      })
    end
    if client then
      vim.lsp.buf_attach_client(event.buf, client)
    end
    vim.keymap.set({ "n", "v" }, "<leader>p", vim.lsp.buf.code_action, { buffer = event.buf })
    vim.keymap.set("n", "K", vim.lsp.buf.hover, { buffer = event.buf })
  end,
})
