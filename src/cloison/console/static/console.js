// What the pages do beyond themselves: keys, the record in a drawer, copying. Every page works without it.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll("main [data-row]")];
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  // Addresses spelled so that nothing makes a link of them, as the pages write them.
  const defanged = (text) =>
    text.includes("://") || /^[\w.-]+\.[\w.-]+$/.test(text) || text.includes("@")
      ? text.replace(/^http/i, "hxxp").replaceAll(".", "[.]")
      : /^[0-9a-f:]+$/i.test(text) && text.includes(":") ? text.replace(":", "[:]") : text;

  const tell = (text) => {
    document.querySelector(".told")?.remove();
    const told = document.createElement("p");
    told.className = "told";
    told.setAttribute("role", "status");
    told.textContent = text;
    (document.querySelector("dialog[open]") ?? document.body).append(told);
    setTimeout(() => told.remove(), 2500);
  };

  const copy = async (link) => {
    const text = defanged(link.dataset.exact);
    try {
      await navigator.clipboard.writeText(text);
      tell(`Copied ${text}`);
    } catch {
      tell(`Not copied, the browser forbids it: ${text}`);
    }
  };

  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement.closest("[data-row]"));
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  };

  const drawer = () => {
    const found = document.querySelector("dialog.drawer");
    if (found) return found;
    const made = document.createElement("dialog");
    made.className = "drawer";
    made.setAttribute("aria-label", "Record");
    const bar = document.createElement("div");
    bar.className = "shut";
    const whole = document.createElement("a");
    whole.textContent = "As a page of its own";
    const shut = document.createElement("button");
    shut.type = "button";
    shut.textContent = "Close (Esc)";
    shut.addEventListener("click", () => made.close());
    bar.append(whole, shut);
    const held = document.createElement("div");
    held.className = "held";
    made.append(bar, held);
    made.addEventListener("click", (event) => event.target === made && made.close());
    document.body.append(made);
    return made;
  };

  // The record's page holds everything; the drawer shows its content, which the server has escaped.
  const open = async (href) => {
    const answer = await fetch(href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (!answer.ok || !main) {
      location.assign(href);
      return;
    }
    const shown = drawer();
    shown.querySelector(".shut a").href = href;
    shown.querySelector(".held").replaceChildren(...main.childNodes);
    for (const back of shown.querySelectorAll('input[name="back"]')) back.value = location.pathname + location.search;
    if (!shown.open) shown.showModal();
    shown.scrollTop = 0;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-record]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link.href);
  });

  // A star is set where one is: the answer is this page again, of which the row's marks are taken.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form.star");
    if (!form) return;
    event.preventDefault();
    const at = rows().indexOf(form.closest("[data-row]"));
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const cell = page.querySelectorAll("main [data-row]")[at]?.querySelector("td.marks");
    if (answer.ok && cell) form.closest("td.marks").replaceChildren(...cell.childNodes);
    else location.reload();
  });

  // What is being made is looked at again, in its place, so that what was typed beside it stays.
  const again = async () => {
    const here = document.querySelector("[data-again]");
    if (!here) return;
    const answer = await fetch(here.dataset.again).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const there = page?.querySelector("[data-again]");
    if (there && !here.contains(document.activeElement)) here.replaceWith(there);
    else if (page && !there) {
      const typed = [...document.querySelectorAll("main textarea")].some((one) => one.value !== one.defaultValue);
      if (!typed && !document.querySelector("#shown")) location.assign(here.dataset.again);
      else here.replaceChildren(...(page.querySelector("main > [role]") ?? here).childNodes);
    }
    if (there || !page) setTimeout(again, 2000);
  };
  setTimeout(again, 1000);
  document.querySelector(".top nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

  const row = () => document.activeElement.closest("[data-row]");
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector("main [data-focus]")?.focus(),
    "?": () => location.assign("/help"),
    n: () => document.querySelector("[data-next]")?.click(),
    s: () => row()?.querySelector(".star button")?.click(),
    c: () => {
      const at = document.activeElement.closest("a[data-exact]") ?? row()?.querySelector("a.pivot[data-exact]");
      if (at) copy(at);
    },
    Enter: () => (document.activeElement.matches("[data-row]") ? row().querySelector("a[data-record], a")?.click() : null),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "Enter" && !document.activeElement.matches("[data-row]")) return;
    if (document.querySelector("dialog[open]") && event.key !== "c") return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
