/* input[type=file][data-photos]: photos are made smaller (1600 px) before they are sent, where the browser can. */
(function () {
  'use strict';
  const LONGEST = 1600;
  const QUALITY = 0.85;
  const words = document.getElementById('words').dataset;
  const kilobytes = (bytes) => Math.max(1, Math.round(bytes / 1024)) + ' KB';

  async function smaller(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
      const share = LONGEST / Math.max(picture.width, picture.height);
      if (share >= 1) return file;
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(picture.width * share);
      canvas.height = Math.round(picture.height * share);
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg', lastModified: file.lastModified });
    } catch (error) {
      return file; /* the server takes the photo as it is, or says why not */
    }
  }

  document.querySelectorAll('input[type=file][data-photos]').forEach((input) => {
    const list = document.createElement('div');
    list.className = 'small muted photos';
    list.setAttribute('role', 'status');
    input.after(list);
    const say = (lines) => {
      list.textContent = '';
      lines.forEach((line) => { const item = document.createElement('p'); item.textContent = line; list.appendChild(item); });
    };
    input.addEventListener('change', async () => {
      const chosen = Array.from(input.files);
      const buttons = input.form ? Array.from(input.form.querySelectorAll('button:not([type=button])')).filter((button) => !button.disabled) : [];
      buttons.forEach((button) => { button.disabled = true; });
      say(chosen.length ? [words.shrinking] : []);
      const files = await Promise.all(chosen.map(smaller));
      try {
        const box = new DataTransfer();
        files.forEach((file) => box.items.add(file));
        input.files = box.files;
      } catch (error) { /* an old browser sends the photos as they are */ }
      buttons.forEach((button) => { button.disabled = false; });
      say(Array.from(input.files, (file) => words.shrunk.replace('{name}', file.name).replace('{size}', kilobytes(file.size))));
    });
  });
})();
