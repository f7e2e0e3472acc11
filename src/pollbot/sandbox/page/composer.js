// The line to type in: messages, slash commands with their hints, and what was typed before.

import { h, icon, put } from "./dom.js";
import { shortcuts } from "./shortcuts.js";

export class Composer {
  constructor(app) {
    this.app = app;
    this.past = [];
    this.back = 0;
    this.draft = "";
    this.picked = 0;
    this.chosen = false;
    this.sending = 0;
    this.hints = h("ul", { class: "hints", id: "hints", role: "listbox", "aria-label": "Commands", hidden: true });
    this.usage = h("div", { class: "usage", hidden: true });
    this.thread = null;
    this.under = h("div", { class: "usage", hidden: true, data: { testid: "in-thread" } });
    this.box = h("textarea", {
      rows: 1, class: "composer-text", "aria-label": "Message", role: "combobox", "aria-expanded": "false", "aria-controls": "hints",
      "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", data: { testid: "composer" },
      oninput: () => {
        this.back = 0;
        this.picked = 0;
        this.chosen = false;
        this.changed();
      },
      onkeydown: (event) => this.key(event),
      onblur: () => this.show([]),
      onfocus: () => this.changed(),
    });
    this.button = h("button", {
      type: "button", class: "button primary composer-send", "aria-label": "Send", data: { testid: "composer-send" },
      onclick: () => this.send(),
    }, icon("send"));
    const keys = [["/", "commands"], ["Enter", "sends"], ["↑", "what you typed before"]];
    this.root = h("div", { class: "composer" },
      this.hints,
      this.usage,
      this.under,
      h("div", { class: "composer-box" },
        shortcuts(app, "global", { label: "Shortcuts", name: "plus", testid: "shortcuts" }), this.box, this.button),
      h("div", { class: "keys" }, keys.map(([key, words]) => h("span", null, h("kbd", null, key), ` ${words}`))));
  }

  /** Puts words into the box, ready to be sent. */
  compose(text) {
    this.box.value = text;
    this.box.focus();
    this.changed();
    this.show([]);
  }

  /** Has what is sent next hang under a message. */
  replyTo(message) {
    this.thread = message && { ts: message.thread_ts ?? message.ts, channel: message.channel };
    this.drawThread();
    this.box.focus();
  }

  drawThread() {
    if (this.thread?.channel !== this.app.channel) this.thread = null;
    this.under.hidden = !this.thread;
    if (!this.thread || this.under.firstChild) return;
    put(this.under, "A reply in the thread ",
      h("button", { type: "button", class: "button", data: { testid: "leave-thread" }, onclick: () => this.replyTo(null) }, "Leave it"));
  }

  draw() {
    this.drawThread();
    const channel = this.app.directory.channel(this.app.channel);
    this.box.placeholder = `Message ${channel?.is_im ? "" : "#"}${channel?.name ?? ""}, or “/” for a command`;
    this.button.disabled = !this.box.value.trim();
  }

  changed() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(160, this.box.scrollHeight)}px`;
    this.button.disabled = !this.box.value.trim();
    const commands = this.app.state?.commands ?? [];
    const text = this.box.value;
    this.show(/^\/\S*$/.test(text) ? commands.filter((one) => one.command.startsWith(text.toLowerCase())) : []);
    const current = /^\/\S+\s/.test(text) && commands.find((one) => one.command === text.split(/\s/)[0].toLowerCase());
    this.usage.hidden = !current;
    if (!current) return;
    put(this.usage,
      h("b", null, current.command), " ", h("span", null, current.usage_hint),
      h("span", { class: "usage-words" }, current.description));
  }

  show(commands) {
    this.shown = commands;
    this.picked = Math.min(this.picked, Math.max(0, commands.length - 1));
    this.hints.hidden = commands.length === 0;
    this.box.setAttribute("aria-expanded", String(commands.length > 0));
    put(this.hints, commands.map((one, index) => h("li", {
      id: `hint-${index}`, role: "option", "aria-selected": String(index === this.picked), data: { command: one.command },
      onpointerdown: (event) => {
        event.preventDefault();
        this.complete(one);
      },
    },
    h("span", { class: "hint-command" }, h("b", null, one.command), " ", h("span", null, one.usage_hint)),
    h("span", { class: "hint-words" }, one.description))));
    if (commands.length) {
      this.box.setAttribute("aria-activedescendant", `hint-${this.picked}`);
      this.hints.children[this.picked]?.scrollIntoView({ block: "nearest" });
    } else this.box.removeAttribute("aria-activedescendant");
  }

  complete(one) {
    this.box.value = `${one.command} `;
    this.box.focus();
    this.changed();
  }

  key(event) {
    if (event.isComposing) return;
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (this.shown?.length && !this.back) {
      if (step) {
        event.preventDefault();
        this.picked = (this.picked + step + this.shown.length) % this.shown.length;
        this.chosen = true;
        this.show(this.shown);
        return;
      }
      const exact = this.shown.some((one) => one.command === this.box.value) && !this.chosen;
      if ((key === "Tab" && !event.shiftKey) || (key === "Enter" && !event.shiftKey && !exact)) {
        event.preventDefault();
        this.complete(this.shown[this.picked]);
        return;
      }
      if (key === "Escape") {
        event.preventDefault();
        this.show([]);
        return;
      }
    }
    if (key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (step && (this.back || !this.box.value)) this.recall(event, -step);
  }

  recall(event, step) {
    const back = Math.max(0, Math.min(this.past.length, this.back + step));
    if (back === this.back) return;
    event.preventDefault();
    if (!this.back) this.draft = this.box.value;
    this.back = back;
    this.box.value = back ? this.past[this.past.length - back] : this.draft;
    this.changed();
    this.show([]);
  }

  /** Sends what is in the box; on an error says so, and gives the text back. */
  async send() {
    const text = this.box.value.trim();
    if (!text) return;
    const { app } = this;
    const { viewer, channel } = app;
    if (this.past.at(-1) !== text) this.past.push(text);
    this.back = 0;
    this.box.value = "";
    this.changed();
    this.root.classList.toggle("busy", ++this.sending > 0);
    const { error } = await app.post("/world/command", { user: viewer, channel, text, thread: this.thread?.ts ?? null });
    this.root.classList.toggle("busy", --this.sending > 0);
    if (!error) return;
    app.notice(error, channel);
    if (!this.box.value && app.viewer === viewer) {
      this.box.value = text;
      this.changed();
      this.show([]);
    }
  }
}
