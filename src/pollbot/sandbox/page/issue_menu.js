// What a tester does with an issue on Jira's side: resolves it, as a duplicate too, or opens it again.

import { arrowKeys, h, icon, popover, put } from "./dom.js";

/** Returns the button beside an issue that opens its menu; `others` are those it may be a duplicate of. */
export function issueMenu(app, issue, others) {
  const label = `Change ${issue.key} in Jira`;
  return h("button", {
    type: "button", class: "button quiet-button issue-more", title: label, "aria-label": label, "aria-haspopup": "menu",
    data: { testid: `change-${issue.key}` },
    onclick: (event) => {
      const anchor = event.currentTarget;
      if (anchor.getAttribute("aria-expanded") === "true") return;
      const menu = h("div", { class: "menu issue-menu", role: "menu", "aria-label": label, onkeydown: (key) => arrowKeys(key, items(menu)) });
      const show = (...lines) => {
        put(menu, lines);
        items(menu)[0].focus();
      };
      const send = (what, rest = {}) => async () => {
        close();
        const { error } = await app.post(`/world/${what}`, { issue: issue.key, ...rest });
        if (error) app.notice(error);
      };
      const duplicates = () => show(
        h("p", { class: "menu-note" }, `${issue.key} is a duplicate of`),
        others.map((one) => item(one.key, one.summary, send("resolve", { how: "Duplicate", duplicates: one.key }))));
      const close = popover(anchor, menu);
      if (issue.resolution) show(item("Reopen", "Nobody is told", send("reopen")));
      else {
        show(
          item("Resolve as done", "Who voted with pollbot is told once, within ten minutes", send("resolve", { how: "Done" })),
          item("Resolve as won’t do", "They are told that, too", send("resolve", { how: "Won’t do" })),
          others.length > 0 && item("Close as a duplicate of …", "They are offered to move their vote", duplicates));
      }
    },
  }, icon("more"));
}

const items = (menu) => [...menu.querySelectorAll("[role=menuitem]")];

function item(words, small, onclick) {
  return h("button", { type: "button", role: "menuitem", onclick }, words, h("small", null, small));
}
