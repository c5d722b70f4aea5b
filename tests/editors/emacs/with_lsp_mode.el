;;; What a user of lsp-mode does, without a screen: an action, diagnostics, hover. Prints one line of JSON.  -*- lexical-binding: t -*-

(require 'json)
(require 'lsp-mode)
(load (expand-file-name "waiting.el" (file-name-directory load-file-name)))
(load (getenv "SNIPPET"))

(setq lsp-auto-guess-root t
      lsp-keep-workspace-alive nil
      lsp-enable-file-watchers nil
      lsp-auto-configure t
      lsp-diagnostics-provider :none
      lsp-log-io nil
      lsp-restart 'ignore)

(let (result)
  (find-file (getenv "SHOP"))
  (lsp)
  (shop-wait (lambda () (and (lsp-workspaces)
                             (eq 'initialized (lsp--workspace-status (car (lsp-workspaces))))))
             "the server")
  (push (cons 'server (symbol-name (lsp--workspace-server-id (car (lsp-workspaces))))) result)
  (shop-go-to "rate")
  (let* ((actions (append (lsp-code-actions-at-point) nil))
         (titles (mapcar #'lsp:code-action-title actions)))
    (push (cons 'actions (vconcat titles)) result)
    (lsp-execute-code-action
     (seq-find (lambda (action) (string-match-p "Implement" (lsp:code-action-title action))) actions)))
  (goto-char (point-min))
  (insert (getenv "TYPED"))
  (shop-wait (lambda () (string-match-p "base = 0.19" (buffer-string))) "the edit")
  (push (cons 'text (buffer-substring-no-properties (point-min) (point-max))) result)
  (let ((found (shop-wait (lambda () (gethash (lsp--fix-path-casing (buffer-file-name)) (lsp-diagnostics t)))
                          "diagnostics")))
    (push (cons 'diagnostics (vconcat (mapcar #'lsp:diagnostic-message found))) result))
  (shop-go-to "discount")
  (let ((hover (lsp-request "textDocument/hover" (lsp--text-document-position-params))))
    (push (cons 'hover (lsp-get (lsp-get hover :contents) :value)) result))
  (set-buffer-modified-p nil)
  (princ (json-encode result)))
