/* Forms with [data-draft="key"] keep what is typed in this browser until it is saved; it is offered, never put back silently. */
(function () {
  'use strict';
  /* Drafts belong to the account that typed them: the next user of a shared computer is not offered them. */
  const PREFIX = 'portal-draft:' + (document.body.dataset.user || '') + ':';
  const KEEP_MS = 5000;
  const OLD_MS = 7 * 24 * 3600 * 1000;
  const SKIP = ['hidden', 'file', 'password', 'submit', 'button'];
  const store = (() => {
    try { localStorage.setItem(PREFIX + 'try', '1'); localStorage.removeItem(PREFIX + 'try'); return localStorage; } catch (error) { return null; }
  })();
  if (!store) return;

  function read(key) {
    try { return JSON.parse(store.getItem(PREFIX + key)); } catch (error) { return null; }
  }
  function controls(form) {
    return Array.from(form.elements).filter((input) => input.name && !SKIP.includes(input.type));
  }
  /* One entry a control, in order: the name alone is not enough for groups of boxes. */
  function values(form) {
    return controls(form).map((input) => {
      if (input.type === 'checkbox' || input.type === 'radio') return [input.name, input.value, input.checked];
      if (input.multiple && input.options) return [input.name, Array.from(input.selectedOptions, (option) => option.value)];
      return [input.name, input.value];
    });
  }
  function apply(form, entries) {
    const inputs = controls(form);
    entries.forEach(([name, value, checked]) => {
      const same = inputs.filter((input) => input.name === name);
      same.forEach((input) => {
        if (input.type === 'checkbox' || input.type === 'radio') { if (input.value === value) input.checked = checked; }
        else if (Array.isArray(value)) Array.from(input.options || []).forEach((option) => { option.selected = value.includes(option.value); });
        else if (same.length === 1) input.value = value;
      });
      same.slice(0, 1).forEach((input) => input.dispatchEvent(new Event('change', { bubbles: true })));
    });
  }

  document.querySelectorAll('[data-draft-saved]').forEach((mark) => store.removeItem(PREFIX + mark.dataset.draftSaved));
  Object.keys(store).filter((name) => name.startsWith(PREFIX)).forEach((name) => {
    const draft = read(name.slice(PREFIX.length));
    if (!draft || Date.now() - draft.at > OLD_MS) store.removeItem(name);
  });

  function offer(form, draft) {
    const made = document.getElementById('draft-offer');
    if (!made) return;
    const box = made.content.firstElementChild.cloneNode(true);
    form.insertBefore(box, form.firstChild);
    const time = box.querySelector('[data-draft-time]');
    if (time) time.textContent = new Date(draft.at).toLocaleString(document.documentElement.lang || undefined);
    box.querySelector('[data-draft-restore]').addEventListener('click', () => {
      apply(form, draft.entries);
      box.remove();
      const first = controls(form)[0];
      if (first) first.focus();
    });
    box.querySelector('[data-draft-drop]').addEventListener('click', () => {
      store.removeItem(PREFIX + form.dataset.draft);
      box.remove();
    });
  }

  document.querySelectorAll('form[data-draft]').forEach((form) => {
    const key = form.dataset.draft;
    const start = JSON.stringify(values(form));
    const before = read(key);
    let last = start;
    if (before && JSON.stringify(before.entries) !== start) offer(form, before);
    const keep = () => {
      const now = JSON.stringify(values(form));
      if (now === last) return;
      last = now;
      try { store.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), entries: JSON.parse(now) })); } catch (error) { /* full: the page itself still holds the text */ }
    };
    setInterval(keep, KEEP_MS);
    window.addEventListener('pagehide', keep);
    document.addEventListener('visibilitychange', () => { if (document.hidden) keep(); });
  });
})();
