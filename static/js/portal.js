/* Makes pages quicker where scripts run. Without it every task still works by links and forms. */
(function () {
  'use strict';
  const $ = (selector, root) => (root || document).querySelector(selector);
  const $$ = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const body = document.body;
  const live = $('#live');
  const JOB_POLL_MS = 2000;
  const IDLE_POLL_MS = 60000;
  const WARN_SECONDS = 300;

  const portal = {
    /* Says a sentence to screen readers. */
    say(text) { if (live) { live.textContent = ''; setTimeout(() => { live.textContent = text; }, 50); } },
    csrf() { const input = $('input[name=csrfmiddlewaretoken]'); return input ? input.value : ''; },
  };
  window.portal = portal;

  function open(dialog) { if (dialog && dialog.showModal && !dialog.open) { dialog.showModal(); return true; } return false; }
  function shut(dialog) { if (dialog && dialog.open) dialog.close(); }
  $$('[data-close]').forEach((button) => button.addEventListener('click', () => shut(button.closest('dialog'))));

  /* Errors of a form: the summary takes the focus, so that they are read first. */
  const errors = $('[data-focus]');
  if (errors) errors.focus();

  /* Density: the setting is seen at once, before it is saved. */
  $$('select[name=density], input[name=density]').forEach((input) => input.addEventListener('change', () => {
    document.documentElement.dataset.density = input.value;
  }));

  /* On a phone the query bar is folded unless something was asked for. */
  const more = $('.query__more');
  if (more && matchMedia('(max-width: 767px)').matches && !location.search) more.removeAttribute('open');

  /* A question before what cannot be undone: [data-confirm] on the button or on its form. */
  let asked = null;
  document.addEventListener('submit', (event) => {
    const form = event.target;
    const button = event.submitter || null;
    const text = (button && button.dataset.confirm) || form.dataset.confirm;
    if (!text || form === asked) { asked = null; return; }
    event.preventDefault();
    const go = () => { asked = form; if (form.requestSubmit) form.requestSubmit(button); else form.submit(); };
    const dialog = $('#confirm');
    if (dialog) $('#confirm-text').textContent = text;
    if (!open(dialog)) { if (window.confirm(text)) go(); return; }
    dialog.returnValue = '';
    dialog.addEventListener('close', () => { if (dialog.returnValue === 'yes') go(); }, { once: true });
  });

  /* A form is sent once: a second press within five seconds does nothing. */
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === 'get' || form.method === 'dialog') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });

  /* Who signs out leaves no drafts on a shared computer. */
  $$('form.out').forEach((form) => form.addEventListener('submit', () => {
    try {
      Object.keys(localStorage).filter((name) => name.startsWith('portal-draft:')).forEach((name) => localStorage.removeItem(name));
    } catch (error) { /* storage is off: there are no drafts */ }
  }));

  /* [data-all] ticks every box of its form or table; [data-picked] says how many are ticked. */
  $$('[data-all]').forEach((all) => {
    const area = all.closest('form') || all.closest('table');
    const boxes = () => $$('tbody input[type=checkbox]', all.closest('table') || area).filter((box) => !box.disabled && box !== all);
    const count = $('[data-picked]', area);
    const update = () => {
      const on = boxes().filter((box) => box.checked).length;
      all.checked = on > 0 && on === boxes().length;
      all.indeterminate = on > 0 && !all.checked;
      if (count && count.dataset.say) count.textContent = count.dataset.say.replace('{n}', on);
      const bar = count && count.closest('.batch');
      if (bar) bar.classList.toggle('is-on', on > 0);
    };
    all.addEventListener('change', () => { const on = all.checked; boxes().forEach((box) => { box.checked = on; }); update(); });
    area.addEventListener('change', (event) => { if (event.target !== all) update(); });
  });

  /* Background work: the bar moves, and the page comes again when the work has ended. */
  function follow(box) {
    const bar = $('progress', box);
    const say = $('[data-job-say]', box);
    let failures = 0;
    const look = async () => {
      if (document.hidden) { setTimeout(look, JOB_POLL_MS); return; }
      try {
        const answer = await fetch(box.dataset.jobUrl, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
        if (!answer.ok) throw new Error(String(answer.status));
        const job = await answer.json();
        failures = 0;
        if (bar) { bar.max = job.total || 1; bar.value = job.done || 0; }
        if (say && job.message && say.textContent !== job.message) say.textContent = job.message;
        if (job.ended || ['done', 'failed', 'cancelled'].includes(job.state)) { location.reload(); return; }
      } catch (error) {
        failures += 1;
      }
      if (failures < 10) setTimeout(look, JOB_POLL_MS * Math.max(1, failures));
    };
    setTimeout(look, JOB_POLL_MS);
  }
  $$('[data-job-url]').forEach(follow);

  /* Idle: asks how long the session still lasts, warns before it ends, and says so when it has ended. */
  const idle = $('#idle');
  const pingUrl = body.dataset.pingUrl;
  let endsAt = 0;
  let ticking = 0;

  function showLeft() {
    const left = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    const line = $('[data-idle-left]', idle);
    line.textContent = line.dataset.say.replace('{minutes}', Math.floor(left / 60)).replace('{seconds}', left % 60);
    if (left === 0) { clearInterval(ticking); ticking = 0; ask('GET'); }
  }
  function over() {
    clearInterval(ticking); ticking = 0;
    shut(idle);
    if (!open($('#idle-over'))) location.href = body.dataset.signInUrl + '?next=' + encodeURIComponent(location.pathname + location.search);
    endsAt = -1;
  }
  async function ask(method) {
    let seconds;
    try {
      const headers = { Accept: 'application/json' };
      if (method === 'POST') headers['X-CSRFToken'] = portal.csrf();
      const answer = await fetch(pingUrl, { method, headers, credentials: 'same-origin' });
      seconds = (await answer.json()).seconds_left;
    } catch (error) {
      return; /* no network: nothing is known, so nothing is said */
    }
    if (!(seconds > 0)) { over(); return; }
    endsAt = Date.now() + seconds * 1000;
    if (seconds > WARN_SECONDS) { shut(idle); clearInterval(ticking); ticking = 0; return; }
    if (open(idle) || idle.open) { showLeft(); if (!ticking) ticking = setInterval(showLeft, 1000); }
  }
  if (idle && pingUrl) {
    endsAt = Date.now() + (Number(body.dataset.idleMinutes) || 30) * 60000;
    $('[data-idle-stay]').addEventListener('click', () => ask('POST'));
    idle.addEventListener('cancel', () => ask('POST'));
    setInterval(() => { if (endsAt > 0 && endsAt - Date.now() < (WARN_SECONDS + 60) * 1000) ask('GET'); }, IDLE_POLL_MS);
  }
})();
