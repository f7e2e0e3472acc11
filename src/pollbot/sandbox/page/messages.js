// The channel's messages: grouped by author, redrawn only where something changed.

import { blocks } from "./blocks.js";
import { arrange, avatar, h, icon, iconButton, put } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { objectCard } from "./panes.js";
import { shortcuts } from "./shortcuts.js";
import { Surface, keepFocus } from "./surface.js";

const GROUP_SECONDS = 300;

export class Messages {
  constructor(app) {
    this.app = app;
    this.surfaces = new Map();
    this.rows = new Map();
    this.notices = [];
    this.told = 0;
    this.where = "";
    this.list = h("ol", {
      class: "messages", tabindex: 0, role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": "Messages",
    });
    this.jump = h("button", { type: "button", class: "button jump", hidden: true, onclick: () => this.toEnd() },
      icon("down"), "New messages");
    this.following = true;
    this.list.addEventListener("scroll", () => {
      this.following = this.atEnd();
      if (this.following) this.jump.hidden = true;
    });
    new ResizeObserver(() => {
      if (this.following) this.toEnd();
    }).observe(this.list);
    this.root = h("div", { class: "messages-box" }, this.list, this.jump);
  }

  /** Shows a line that only the person at the screen sees, as Slack does when an app fails. */
  notice(text, channel = this.app.channel) {
    const after = this.app.messagesIn(channel).at(-1)?.id ?? null;
    const id = `notice-${(this.told += 1)}`;
    this.notices.push({ id, text, channel, viewer: this.app.viewer, after, at: this.app.clock.now() });
    this.draw();
  }

  draw() {
    const { app } = this;
    const where = `${app.viewer}/${app.channel}`;
    const moved = where !== this.where;
    const follow = moved || this.following;
    if (moved) this.rows.clear();
    this.where = where;

    const items = this.timeline();
    const rows = items.map((item) => this.row(item));
    const empty = h("li", { class: "quiet" }, "Nothing here yet. Type “/” to see what you can do.");
    arrange(this.list, rows.length ? rows.map((row) => row.node) : [empty]);
    for (const id of [...this.rows.keys()]) if (!items.some((item) => item.id === id)) this.rows.delete(id);
    const alive = new Set(app.state.messages.flatMap((message) =>
      [message.id, ...Object.keys(message.unfurls ?? {}).map((url) => message.id + url)]));
    for (const id of [...this.surfaces.keys()]) if (!alive.has(id)) this.surfaces.delete(id);

    const news = rows.filter((row) => row.fresh);
    const reply = !moved && follow && news.length > 0 && news.every((row) => row.node.classList.contains("reply"));
    if (follow) this.toEnd();
    else if (news.length) this.jump.hidden = false;
    // A reply stands under what it answers, which may be far up.
    if (reply) news.at(-1).node.scrollIntoView({ block: "nearest" });
  }

  /** Returns day lines, messages (replies below what they answer) and notices, in the order to show. */
  timeline() {
    const { app } = this;
    const messages = app.messagesIn(app.channel);
    const ids = new Set(messages.map((message) => message.ts));
    const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && ids.has(message.thread_ts);
    const notices = this.notices
      .filter((notice) => notice.channel === app.channel && notice.viewer === app.viewer)
      .map((notice) => ({ kind: "notice", ...notice }));
    const known = new Set(messages.map((message) => message.id));

    const items = [];
    let day = "";
    let before = null;
    const add = (message, reply) => {
      const compact = before !== null && before.reply === reply && goesWith(before, message);
      items.push({ kind: "message", id: message.id, message, reply, compact });
      before = { ...message, reply };
      const after = notices.filter((notice) => notice.after === message.id);
      if (after.length) before = null;
      items.push(...after);
    };
    items.push(...notices.filter((notice) => !known.has(notice.after)));
    for (const message of messages) {
      if (isReply(message)) continue;
      const today = app.clock.day(Number(message.ts));
      if (today !== day) {
        day = today;
        before = null;
        items.push({ kind: "day", id: `day-${day}`, text: day });
      }
      add(message, false);
      messages.filter((other) => isReply(other) && other.thread_ts === message.ts).forEach((other) => add(other, true));
    }
    return items;
  }

  /** Returns the row of an item; the same node as before, filled again only if it looks different now. */
  row(item) {
    const look = JSON.stringify([item, item.kind === "message" ? this.app.around : 0]);
    const old = this.rows.get(item.id);
    if (old?.look === look) return { node: old.node, fresh: false };
    const node = old?.node ?? h("li", null);
    if (item.kind === "day") put(node, h("span", null, item.text)).className = "day";
    else if (item.kind === "notice") this.fillNotice(node, item);
    else this.fillMessage(node, item);
    this.rows.set(item.id, { look, node });
    return { node, fresh: !old && item.kind !== "day" };
  }

  fillNotice(node, item) {
    node.className = "message notice";
    Object.assign(node.dataset, { testid: "notice" });
    put(node,
      h("span", { class: "avatar avatar-notice", "aria-hidden": "true" }, icon("alert")),
      h("div", { class: "message-main" },
        h("div", { class: "only-you" }, icon("eye"), "Only visible to you"),
        h("div", { class: "byline" }, h("b", null, "Slackbot"), this.time(item.at)),
        h("div", { class: "words" }, item.text)),
      iconButton("close", "Dismiss", "notice-dismiss", () => {
        this.notices = this.notices.filter((notice) => notice.id !== item.id);
        this.draw();
      }));
  }

  fillMessage(node, { message, reply, compact }) {
    const { app } = this;
    const author = app.directory.person(message.user);
    const ephemeral = Boolean(message.ephemeral_for);
    const surface = this.surface(message);
    const previews = Object.entries(message.unfurls ?? {})
      .map(([url, drawn]) => ({ url, drawn, preview: this.surface(message, url) }));
    const restore = keepFocus(node);
    node.className = ["message", compact && "compact", reply && "reply", ephemeral && "ephemeral"].filter(Boolean).join(" ");
    Object.assign(node.dataset, { testid: "message", messageId: message.id, ephemeral: String(ephemeral), author: message.user });
    put(node,
      compact ? h("span", { class: "gutter" }, this.time(message.ts)) : avatar(author, { app: message.is_app }),
      h("div", { class: "message-main" },
        ephemeral && !compact && h("div", { class: "only-you" }, icon("eye"), "Only visible to you"),
        !compact && h("div", { class: "byline" },
          h("b", null, author?.name ?? (message.is_app ? "pollbot" : message.user)),
          message.is_app && h("span", { class: "badge" }, "APP"),
          this.time(message.ts, reply ? message.thread_ts : message.ts),
          message.thread_ts && message.thread_ts !== message.ts && !reply
            && h("span", { class: "in-thread" }, "in a thread")),
        message.blocks?.length
          ? h("div", { class: "blocks" }, blocks(message.blocks, surface))
          : h("div", { class: "words" }, mrkdwn(message.text, app.directory)),
        (message.files ?? []).map((file) =>
          h("a", {
            class: "file", download: file.name, data: { testid: "file" },
            href: `data:application/octet-stream;charset=utf-8,${encodeURIComponent(file.text)}`,
          }, file.name)),
        previews.map(({ url, drawn, preview }) =>
          h("div", { class: "preview blocks", data: { testid: "preview", url } }, blocks(drawn, preview))),
        Object.entries(message.entities ?? {}).map(([url, entity]) =>
          h("div", { class: "preview", data: { testid: "preview", url } }, this.object(message, url, entity)))),
      !ephemeral && shortcuts(app, "message", {
        label: "More actions", name: "more", testid: "message-menu", where: { message: message.id },
        own: [{ name: "Reply in thread", description: "What you send next hangs under this", act: () => app.composer.replyTo(message) }],
      }));
    for (const drawn of [surface, ...previews.map((one) => one.preview)]) {
      drawn.root = node;
      drawn.mark();
    }
    restore();
  }

  /** Returns the Work Object below a link. */
  object(message, url, entity) {
    const act = async (path, what) => {
      const { error } = await this.app.post(path, { user: this.app.viewer, message: message.id, url, ...what });
      if (error) this.notice(error, message.channel);
    };
    return objectCard(entity, {
      open: () => act("/world/open_pane", {}),
      press: (actionId) => act("/world/press_entity", { action_id: actionId }),
    });
  }

  /** Returns the time of day; with its day where the line above tells of another one. */
  time(ts, above = ts) {
    const { clock } = this.app;
    const day = clock.day(Number(ts));
    return h("time", { title: clock.whole(Number(ts)) },
      day === clock.day(Number(above)) ? clock.time(Number(ts)) : `${day}, ${clock.time(Number(ts))}`);
  }

  /** Returns what keeps the values of a message, or of the preview of a link in it. */
  surface(message, url = "") {
    const { app } = this;
    const key = message.id + url;
    if (this.surfaces.get(key)?.viewer !== app.viewer) {
      const surface = new Surface(app, key, async (kind, blockId, spec, value) => {
        const where = { message: message.id, block_id: blockId ?? null, action_id: spec.action_id };
        const what = url ? { ...where, url } : where;
        const { error } = await app.post(`/world/${url ? "press_preview" : kind}`, { user: app.viewer, ...what, value });
        if (error) this.notice(error, message.channel);
        return error;
      });
      surface.viewer = app.viewer;
      this.surfaces.set(key, surface);
    }
    return this.surfaces.get(key);
  }

  /** Brings the message that a permalink names into view, "p" and its ts without the dot. */
  point(name) {
    const wanted = this.app.messagesIn(this.app.channel).find((message) => `p${message.ts.replace(".", "")}` === name);
    const node = wanted && this.rows.get(wanted.id)?.node;
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.add("linked");
    node.addEventListener("animationend", () => node.classList.remove("linked"), { once: true });
  }

  atEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.following = true;
    this.jump.hidden = true;
  }
}

/** Says whether a message may stand under the one before without a line for its author. */
function goesWith(before, message) {
  return before.user === message.user
    && (before.ephemeral_for ?? null) === (message.ephemeral_for ?? null)
    && Number(message.ts) - Number(before.ts) < GROUP_SECONDS
    && !message.blocks?.length && !before.blocks?.length;
}

