/* Client picker: [data-picker-url] gets a list of matches as one types; the chosen become chips with hidden inputs. */
(function () {
  'use strict';
  const WAIT_MS = 150;
  const words = document.getElementById('words').dataset;
  const put = (text, name, value) => text.replace('{' + name + '}', value);
  let serial = 0;

  function make(tag, attributes, text) {
    const element = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => element.setAttribute(name, value));
    if (text) element.textContent = text;
    return element;
  }

  function closeMark() {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    Object.entries({ class: 'icon', viewBox: '0 0 22 22', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.6', 'aria-hidden': 'true' })
      .forEach(([name, value]) => svg.setAttribute(name, value));
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', 'M5.5 5.5l11 11M16.5 5.5l-11 11');
    svg.appendChild(path);
    return svg;
  }

  function start(input) {
    const field = input.closest('.field') || input.parentNode;
    const frame = input.closest('.picker') || input.parentNode;
    const single = 'pickerSingle' in input.dataset;
    const list = make('ul', { class: 'picker__list', role: 'listbox', id: 'picker-' + (serial += 1), 'aria-label': input.labels.length ? input.labels[0].textContent.trim() : '' });
    list.hidden = true;
    frame.appendChild(list);
    let chips = field.querySelector('[data-picker-chips]');
    if (!chips) { chips = make('div', { class: 'chips', 'data-picker-chips': '' }); frame.after(chips); }
    Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id, autocomplete: 'off' })
      .forEach(([name, value]) => input.setAttribute(name, value));
    let rows = [];
    let at = -1;
    let timer = 0;
    let request = null;

    function mark(index) {
      at = index;
      Array.from(list.children).forEach((item, number) => {
        const on = number === at;
        item.classList.toggle('is-on', on);
        item.setAttribute('aria-selected', String(on));
        if (on) { input.setAttribute('aria-activedescendant', item.id); item.scrollIntoView({ block: 'nearest' }); }
      });
      if (at < 0) input.removeAttribute('aria-activedescendant');
    }
    function close() { list.hidden = true; input.setAttribute('aria-expanded', 'false'); mark(-1); }
    function show(results) {
      rows = results;
      list.textContent = '';
      rows.forEach((row, index) => {
        const item = make('li', { role: 'option', id: list.id + '-' + index, 'aria-selected': 'false' }, row.name);
        if (row.note) item.appendChild(make('span', { class: 'sub' }, row.note));
        item.addEventListener('mousedown', (event) => event.preventDefault());
        item.addEventListener('click', () => choose(row));
        list.appendChild(item);
      });
      if (!rows.length) list.appendChild(make('li', { class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, words.none));
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
      mark(rows.length ? 0 : -1);
      window.portal.say(rows.length ? put(words.found, 'n', rows.length) : words.none);
    }
    function choose(row) {
      const known = Array.from(chips.querySelectorAll('input[type=hidden]')).some((hidden) => hidden.value === String(row.id));
      if (single) chips.textContent = '';
      if (!known || single) {
        const chip = make('span', { class: 'chip' }, row.name);
        chip.appendChild(make('input', { type: 'hidden', name: input.dataset.pickerName, value: row.id }));
        const button = make('button', { type: 'button', 'data-remove': '', 'aria-label': put(words.remove, 'name', row.name) });
        button.appendChild(closeMark());
        chip.appendChild(button);
        chips.appendChild(chip);
        chips.dispatchEvent(new CustomEvent('picker:change', { bubbles: true, detail: row }));
      }
      input.value = '';
      close();
      input.focus();
      window.portal.say(put(words.chosen, 'name', row.name));
    }
    async function look() {
      const typed = input.value.trim();
      if (request) request.abort();
      if (!typed) { close(); return; }
      request = new AbortController();
      try {
        const url = new URL(input.dataset.pickerUrl, location.href);
        url.searchParams.set('q', typed);
        const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: request.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        show((await answer.json()).results);
      } catch (error) {
        if (error.name !== 'AbortError') { close(); window.portal.say(words.failed); }
      }
    }

    /* While a Chinese input method composes, the letters are not yet the name. */
    input.addEventListener('input', (event) => { clearTimeout(timer); if (!event.isComposing) timer = setTimeout(look, WAIT_MS); });
    input.addEventListener('compositionend', () => { clearTimeout(timer); timer = setTimeout(look, WAIT_MS); });
    input.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      if (event.key === 'Enter') {
        /* Enter chooses; it never sends the half-filled form. */
        event.preventDefault();
        if (!list.hidden && rows[at]) choose(rows[at]); else look();
      } else if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); close(); }
      else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (list.hidden) { look(); return; }
        if (rows.length) mark((at + (event.key === 'ArrowDown' ? 1 : -1) + rows.length) % rows.length);
      } else if (event.key === 'Backspace' && !input.value && chips.lastElementChild) {
        const button = chips.lastElementChild.querySelector('[data-remove]');
        if (button) button.focus();
      }
    });
    input.addEventListener('blur', () => setTimeout(close, 150));
    chips.addEventListener('click', (event) => {
      const button = event.target.closest('[data-remove]');
      if (!button) return;
      button.closest('.chip').remove();
      chips.dispatchEvent(new CustomEvent('picker:change', { bubbles: true }));
      input.focus();
    });
  }
  document.querySelectorAll('[data-picker-url]').forEach(start);
})();
