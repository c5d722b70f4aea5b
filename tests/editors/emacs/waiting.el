;;; What a test does in any of Emacs' LSP clients.  -*- lexical-binding: t -*-

(defun shop-wait (good what)
  "Wait until GOOD returns something; WHAT is what was waited for."
  (let ((deadline (+ (float-time) 40)) found)
    (while (not (setq found (funcall good)))
      (when (> (float-time) deadline)
        (error "Not in time: %s" what))
      (accept-process-output nil 0.05))
    found))

(defun shop-go-to (text)
  "Put the cursor on TEXT."
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))
