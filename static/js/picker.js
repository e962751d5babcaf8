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
    const space = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(space, 'svg');
    const path = document.createElementNS(space, 'path');
    const look = { class: 'icon', viewBox: '0 0 22 22', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.6', 'aria-hidden': 'true' };
    Object.entries(look).forEach(([name, value]) => svg.setAttribute(name, value));
    path.setAttribute('d', 'M5.5 5.5l11 11M16.5 5.5l-11 11');
    svg.appendChild(path);
    return svg;
  }

  class Picker {
    constructor(input) {
      this.input = input;
      this.single = 'pickerSingle' in input.dataset;
      this.rows = [];
      this.at = -1;
      this.timer = 0;
      this.request = null;
      this.build();
      this.listen();
    }

    build() {
      const frame = this.input.closest('.picker') || this.input.parentNode;
      const field = this.input.closest('.field') || frame;
      const label = this.input.labels.length ? this.input.labels[0].textContent.trim() : '';
      serial += 1;
      this.list = make('ul', { class: 'picker__list', role: 'listbox', id: 'picker-' + serial, 'aria-label': label });
      this.list.hidden = true;
      frame.appendChild(this.list);
      this.chips = field.querySelector('[data-picker-chips]');
      if (!this.chips) {
        this.chips = make('div', { class: 'chips', 'data-picker-chips': '' });
        frame.after(this.chips);
      }
      const roles = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': this.list.id, autocomplete: 'off' };
      Object.entries(roles).forEach(([name, value]) => this.input.setAttribute(name, value));
    }

    listen() {
      const later = () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.look(), WAIT_MS); };
      /* While a Chinese input method composes, the letters are not yet the name. */
      this.input.addEventListener('input', (event) => { if (event.isComposing) clearTimeout(this.timer); else later(); });
      this.input.addEventListener('compositionend', later);
      this.input.addEventListener('keydown', (event) => { if (!event.isComposing) this.key(event); });
      /* Letters typed before this script ran are looked up at once. */
      if (this.input.value && document.activeElement === this.input) later();
      this.input.addEventListener('blur', () => setTimeout(() => this.close(), WAIT_MS));
      this.chips.addEventListener('click', (event) => {
        const button = event.target.closest('[data-remove]');
        if (!button) return;
        button.closest('.chip').remove();
        this.changed();
        this.input.focus();
      });
    }

    key(event) {
      if (event.key === 'Enter') {
        /* Enter chooses; it never sends the half-filled form. */
        event.preventDefault();
        if (!this.list.hidden && this.rows[this.at]) this.choose(this.rows[this.at]); else this.look();
      } else if (event.key === 'Escape' && !this.list.hidden) {
        event.preventDefault();
        this.close();
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        const step = event.key === 'ArrowDown' ? 1 : -1;
        if (this.list.hidden) this.look();
        else if (this.rows.length) this.mark((this.at + step + this.rows.length) % this.rows.length);
      }
    }

    async look() {
      const typed = this.input.value.trim();
      if (this.request) this.request.abort();
      if (!typed) { this.close(); return; }
      this.request = new AbortController();
      try {
        const url = new URL(this.input.dataset.pickerUrl, location.href);
        url.searchParams.set('q', typed);
        const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: this.request.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        this.show((await answer.json()).results);
      } catch (error) {
        if (error.name === 'AbortError') return;
        this.show([], words.failed);
      }
    }

    show(rows, sentence) {
      this.rows = rows;
      this.list.textContent = '';
      rows.forEach((row, index) => this.list.appendChild(this.option(row, index)));
      const nothing = sentence || words.none;
      if (!rows.length) this.list.appendChild(make('li', { class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, nothing));
      this.list.hidden = false;
      this.input.setAttribute('aria-expanded', 'true');
      this.mark(rows.length ? 0 : -1);
      window.portal.say(rows.length ? put(words.found, 'n', rows.length) : nothing);
    }

    option(row, index) {
      const item = make('li', { role: 'option', id: this.list.id + '-' + index, 'aria-selected': 'false' }, row.name);
      if (row.note) item.appendChild(make('span', { class: 'sub' }, row.note));
      /* The input keeps the focus, so that the list is not closed before the tap counts. */
      item.addEventListener('mousedown', (event) => event.preventDefault());
      item.addEventListener('click', () => this.choose(row));
      return item;
    }

    mark(index) {
      this.at = index;
      Array.from(this.list.children).forEach((item, number) => {
        const on = number === index;
        item.classList.toggle('is-on', on);
        item.setAttribute('aria-selected', String(on));
        if (on) item.scrollIntoView({ block: 'nearest' });
      });
      if (index < 0) this.input.removeAttribute('aria-activedescendant');
      else this.input.setAttribute('aria-activedescendant', this.list.id + '-' + index);
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute('aria-expanded', 'false');
      this.mark(-1);
    }

    choose(row) {
      const chosen = Array.from(this.chips.querySelectorAll('input[type=hidden]'));
      if (this.single) this.chips.textContent = '';
      if (this.single || !chosen.some((hidden) => hidden.value === String(row.id))) {
        const chip = make('span', { class: 'chip' }, row.name);
        const button = make('button', { type: 'button', 'data-remove': '', 'aria-label': put(words.remove, 'name', row.name) });
        button.appendChild(closeMark());
        chip.appendChild(make('input', { type: 'hidden', name: this.input.dataset.pickerName, value: row.id }));
        chip.appendChild(button);
        this.chips.appendChild(chip);
        this.changed();
      }
      this.input.value = '';
      this.close();
      this.input.focus();
      window.portal.say(put(words.chosen, 'name', row.name));
    }

    changed() {
      this.chips.dispatchEvent(new CustomEvent('picker:change', { bubbles: true }));
    }
  }

  document.querySelectorAll('[data-picker-url]').forEach((input) => new Picker(input));
})();
