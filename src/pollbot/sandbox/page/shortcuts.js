// The app's shortcuts, as Slack offers them: in the menu of a message, and beside the line to type in.

import { arrowKeys, h, icon, popover } from "./dom.js";

/** Returns a button that opens the shortcuts of a kind, after Slack's `own`; `where` is sent with the one that is chosen. */
export function shortcuts(app, kind, { label, name, testid, where = {}, own = [] }) {
  return h("button", {
    type: "button", class: "icon-button shortcuts", title: label, "aria-label": label, "aria-haspopup": "menu", data: { testid },
    onclick: (event) => {
      if (event.currentTarget.getAttribute("aria-expanded") === "true") return;
      const offered = [...own, ...app.state.shortcuts.filter((one) => one.type === kind)];
      const menu = h("div", { class: "menu", role: "menu", onkeydown: (key) => arrowKeys(key, [...menu.children]) },
        offered.map((one) => h("button", {
          type: "button", role: "menuitem", data: { shortcut: one.callback_id },
          onclick: async () => {
            close();
            if (one.act) {
              one.act();
              return;
            }
            const { channel } = app;
            const { error } = await app.post("/world/shortcut", { user: app.viewer, callback_id: one.callback_id, ...where });
            if (error) app.messages.notice(error, channel);
          },
        }, one.name, h("small", null, one.description))));
      const close = popover(event.currentTarget, menu);
      menu.firstChild.focus();
    },
  }, icon(name));
}
