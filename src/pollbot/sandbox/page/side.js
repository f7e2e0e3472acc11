// The left side: channels with what is unread in them, and whose eyes one looks through.

import { avatar, h, icon, put } from "./dom.js";

export class Side {
  constructor(app) {
    this.app = app;
    this.seen = new Map();
    this.since = null;
    this.look = "";
    this.channels = h("ul", { class: "side-list" });
    this.direct = h("ul", { class: "side-list" });
    this.directBox = h("div", null, h("h2", null, "pollbot"), this.direct);
    this.people = h("ul", { class: "side-list people", role: "radiogroup", "aria-label": "You are" });
    this.root = h("div", { class: "side-inner" },
      h("header", { class: "workspace" },
        avatar(null, { app: true }),
        h("div", null, h("b", null, "pollbot sandbox"), h("small", null, "a pretended workspace"))),
      h("div", { class: "side-scroll" }, h("h2", null, "Channels"), this.channels, this.directBox),
      h("div", { class: "you" }, h("h2", null, "You are"), this.people));
  }

  draw() {
    const { app } = this;
    this.since ??= app.clock.now();
    const last = app.messagesIn(app.channel).at(-1);
    if (last) this.seen.set(`${app.viewer}/${app.channel}`, Number(last.ts));
    const rows = app.directory.channels.map((channel) => [channel, this.unread(channel)]);
    const look = JSON.stringify([rows, app.around, app.viewer, app.channel]);
    if (look === this.look) return;
    this.look = look;

    const restore = document.activeElement?.dataset.testid;
    put(this.channels, rows.filter(([channel]) => !channel.is_im && !channel.is_home).map((row) => this.channelRow(row)));
    const direct = rows.filter(([channel]) => channel.is_im || channel.is_home);
    this.directBox.hidden = direct.length === 0;
    put(this.direct, direct.map((row) => this.channelRow(row)));
    put(this.people, app.directory.people.map((person) => this.personRow(person)));
    if (restore && this.root.isConnected) this.root.querySelector(`[data-testid="${CSS.escape(restore)}"]`)?.focus();
  }

  personRow(person) {
    const { app } = this;
    return h("li", null, h("button", {
      type: "button", class: "side-row persona", role: "radio", "aria-checked": String(person.id === app.viewer),
      data: { testid: `persona-${person.id}` }, onclick: () => app.goTo(person.id, app.channel),
    },
    avatar(person, { small: true }),
    h("span", { class: "side-name" }, person.name),
    person.is_admin && h("span", { class: "badge" }, "admin")));
  }

  channelRow([channel, unread]) {
    const { app } = this;
    return h("li", null, h("button", {
      type: "button", class: `side-row ${unread ? "unread" : ""}`,
      "aria-current": channel.id === app.channel ? "page" : null,
      data: { testid: `channel-${channel.id}`, unread: String(unread) },
      onclick: () => app.goTo(app.viewer, channel.id),
    },
    channel.is_im || channel.is_home ? avatar(null, { app: true, small: true }) : icon(channel.is_private ? "lock" : "hash"),
    h("span", { class: "side-name" }, channel.name),
    channel.is_private && h("span", { class: "unseen" }, "private"),
    unread && h("span", { class: "dot", title: "Unread" }, h("span", { class: "unseen" }, "unread"))));
  }

  unread(channel) {
    const { app } = this;
    if (channel.id === app.channel) return false;
    const seen = this.seen.get(`${app.viewer}/${channel.id}`) ?? this.since;
    return app.messagesIn(channel.id).some((message) => Number(message.ts) > seen && message.user !== app.viewer);
  }
}
