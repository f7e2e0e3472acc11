// The app's tab of App Home (docs.slack.dev, "App Home"): drawn for one person, and asked for when it is opened.

import { blockNode } from "./blocks.js";
import { arrange, h, icon } from "./dom.js";
import { Surface, keepFocus } from "./surface.js";

export const HOME = "HOME";

export class Home {
  constructor(app) {
    this.app = app;
    this.look = "";
    this.opened = "";
    this.trouble = "";
    this.root = h("section", {
      class: "home", tabindex: 0, hidden: true, "aria-label": "Home of pollbot", data: { testid: "home" },
    });
    this.surface = new Surface(app, HOME, (kind, blockId, spec, value) => this.tell(blockId, spec, value));
    this.surface.root = this.root;
  }

  draw() {
    const { app } = this;
    const open = app.channel === HOME;
    this.root.hidden = !open;
    if (!open) {
      this.opened = "";
      return;
    }
    if (this.opened !== app.viewer) {
      this.opened = app.viewer;
      app.post("/world/open_home", { user: app.viewer }).then(({ error }) => {
        this.trouble = error ?? "";
        this.draw();
      });
    }
    const view = app.state.home;
    const look = JSON.stringify([view, this.trouble, app.viewer, app.around]);
    if (look === this.look) return;
    this.look = look;
    const restore = keepFocus(this.root);
    const trouble = h("p", { class: "trouble", role: "alert" }, icon("alert"), this.trouble);
    arrange(this.root, [
      ...(this.trouble ? [trouble] : []),
      ...(view ? view.blocks.map((block) => blockNode(block, this.surface)) : [h("p", { class: "quiet" }, "Loading…")]),
    ]);
    this.surface.mark();
    restore();
  }

  async tell(blockId, spec, value) {
    const { error } = await this.app.post("/world/home_action", {
      user: this.app.viewer, block_id: blockId ?? null, action_id: spec.action_id, value: value ?? null,
    });
    this.trouble = error ?? "";
    this.draw();
    return error;
  }
}
