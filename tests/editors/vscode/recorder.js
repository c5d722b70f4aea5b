// Runs in the page before VS Code does: keeps what is shown for a moment only, so that a test can't miss it.
(() => {
  const seen = { statuses: [], toasts: [] };
  window.pillionSeen = seen;

  // The extension's item in the status bar: the icon's name and the words, “check Pillion”.
  window.pillionStatus = () => {
    const item = document.querySelector('[id="pillion.pillion.pillion.status"]');
    const icons = [...(item?.querySelectorAll('.codicon') ?? [])].map(
      icon => [...icon.classList].find(name => /^codicon-(?!modifier)/.test(name))?.slice('codicon-'.length));
    return [...icons, item?.textContent ?? ''].join(' ').trim();
  };
  const known = new WeakSet();
  let waiting = false;

  const look = () => {
    waiting = false;
    const status = window.pillionStatus();
    if (status && seen.statuses.at(-1) !== status) seen.statuses.push(status);
    for (const message of document.querySelectorAll('.notification-toast .notification-list-item-message')) {
      const toast = message.closest('.notification-toast');
      if (known.has(toast) || !message.textContent) continue;
      known.add(toast);
      seen.toasts.push(message.textContent);
    }
  };

  // For the next test in the same window.
  window.pillionForget = () => {
    seen.statuses.length = seen.toasts.length = 0;
    look();
  };

  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(look);
  }).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ['class'] });
})();
