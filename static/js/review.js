/* Review queue: moves between logs and decides without a full page load, with keys. The page works without this file. */
(function () {
  "use strict";
  var box = document.querySelector("[data-review]");
  if (!box) return;
  var busy = false;

  function all(selector) { return Array.prototype.slice.call(box.querySelectorAll(selector)); }
  function one(selector) { return box.querySelector(selector); }

  function wire() {
    var pick = one("[data-pick-fine]");
    if (pick) pick.hidden = false;
    count();
  }

  function count() {
    var bar = one(".batch"), text = one("[data-picked]");
    if (!bar) return;
    var ticked = all("input[name=log]:checked").length;
    bar.classList.toggle("is-on", ticked > 0);
    if (ticked) text.textContent = text.dataset.text + " " + ticked;
  }

  // Take the answer's queue and messages into this page; anything that is no review page is opened as it is.
  function show(answer) {
    return answer.text().then(function (html) {
      var page = new DOMParser().parseFromString(html, "text/html");
      var fresh = page.querySelector("[data-review]");
      if (!fresh) { window.location.assign(answer.url); return; }
      box.innerHTML = fresh.innerHTML;
      [".messages", ".head__sub", ".tabs"].forEach(function (selector) {
        var here = document.querySelector(selector), there = page.querySelector(selector);
        if (here && there) here.innerHTML = there.innerHTML;
      });
      if (answer.ok) window.history.replaceState(null, "", answer.url);
      wire();
      var detail = one("#detail");
      if (detail) detail.focus({ preventScroll: true });
      var row = one("tr.is-cur");
      if (row) row.scrollIntoView({ block: "nearest" });
    });
  }

  function load(url, options) {
    if (busy) return;
    busy = true;
    fetch(url, Object.assign({ credentials: "same-origin" }, options)).then(show).catch(function () {
      window.location.assign(options ? window.location.href : url);
    }).finally(function () { busy = false; });
  }

  function send(form, button) {
    var data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    load(form.action, { method: "POST", body: data });
  }

  box.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='?log=']");
    if (link && window.innerWidth >= 1024 && !event.ctrlKey && !event.metaKey && event.button === 0) {
      event.preventDefault();
      load(link.href);
    }
    if (event.target.closest("[data-pick-fine]")) {
      all("tr.log").forEach(function (row) { row.querySelector("input").checked = !row.hasAttribute("data-flag"); });
      count();
    }
  });
  box.addEventListener("change", function (event) {
    if (event.target.matches("[data-all]")) {
      all("input[name=log]").forEach(function (tick) { tick.checked = event.target.checked; });
    }
    count();
  });
  box.addEventListener("submit", function (event) {
    if (window.innerWidth < 1024) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  var keys = {
    j: "[data-next]", k: "[data-prev]", a: "[data-approve]", u: "[data-undo]"
  };
  document.addEventListener("keydown", function (event) {
    if (!box.hasAttribute("data-keys") || event.ctrlKey || event.metaKey || event.altKey) return;
    var target = event.target, inside = box.contains(target) || target === document.body || target.id === "main";
    if (!inside || /^(TEXTAREA|SELECT)$/.test(target.tagName)) return;
    if (target.tagName === "INPUT" && target.type !== "checkbox") return;
    var key = event.key.toLowerCase();
    if (keys[key]) {
      var control = one(keys[key]);
      if (control) { event.preventDefault(); control.click(); }
    } else if (key === "x") {
      var tick = one("tr.is-cur input[name=log]");
      if (tick) { event.preventDefault(); tick.checked = !tick.checked; count(); }
    } else if (key === "r") {
      var back = one("#detail details.return");
      if (back) { event.preventDefault(); back.open = true; back.querySelector("input[name=reason]").focus(); }
    }
  });
  wire();
})();
