// Forms: Slack's modals, up to three in a stack. What was typed stays while block_id and action_id stay
// (docs.slack.dev, "Modals").

import { blockNode, elementsOf } from "./blocks.js";
import { arrange, h, icon, iconButton, put, trapTab } from "./dom.js";
import { isStateful } from "./elements.js";
import { plain } from "./mrkdwn.js";
import { Surface, keepFocus } from "./surface.js";

export class Forms {
  constructor(app) {
    this.app = app;
    this.open = new Map();
    this.before = null;
    this.layer = h("div", { class: "layer layer-forms", hidden: true });
    this.layer.addEventListener("keydown", (event) => {
      const top = this.top();
      if (!top) return;
      if (event.key === "Escape") {
        event.preventDefault();
        top.close();
      } else trapTab(event, top.node);
    });
    document.getElementById("layers").append(this.layer);
  }

  top() {
    return [...this.open.values()].at(-1);
  }

  draw() {
    const views = this.app.state.views ?? [];
    const grew = views.some((view) => !this.open.has(view.id));
    const hadTop = this.top()?.view.id;
    if (views.length && !this.open.size) this.before = document.activeElement;
    this.open = new Map(views.map((view) => [view.id, this.open.get(view.id) ?? new Form(this.app, view)]));
    views.forEach((view) => this.open.get(view.id).draw(view));

    const nodes = [...this.open.values()].map((form) => form.node);
    arrange(this.layer, nodes);
    nodes.forEach((node, index) => {
      node.inert = index < nodes.length - 1;
      node.dataset.depth = String(nodes.length - 1 - index);
    });
    this.layer.hidden = nodes.length === 0;
    document.getElementById("frame").inert = nodes.length > 0;

    const top = this.top();
    if (top && (grew || top.view.id !== hadTop)) top.focus();
    else if (!top && hadTop) this.before?.focus?.();
  }
}

class Form {
  constructor(app, view) {
    this.app = app;
    this.view = view;
    this.look = "";
    this.trouble = null;
    this.busy = false;
    this.mended = new Set();
    this.found = {};
    this.pointed = "";
    this.drawn = new Map();
    this.surface = new Surface(app, view.id, (kind, blockId, spec, value) => this.tell(blockId, spec, value));
    this.surface.error = (blockId) => this.errors()[blockId];
    this.surface.touched = (blockId) => this.touched(blockId);
    this.surface.suggest = (blockId, spec, typed) => this.app.post("/world/suggest", {
      user: this.app.viewer, view: this.view.id, values: this.values(),
      block_id: blockId ?? null, action_id: spec.action_id, value: typed,
    });
    this.head = h("header", { class: "form-head" });
    this.body = h("div", { class: "form-body" });
    this.foot = h("footer", { class: "form-foot" });
    this.node = h("form", {
      class: "form", role: "dialog", "aria-modal": "true", "aria-labelledby": `title-${view.id}`, tabindex: -1, novalidate: true,
      data: { testid: "form", viewId: view.id },
      onsubmit: (event) => {
        event.preventDefault();
        this.submit();
      },
    }, this.head, this.body, this.foot);
    this.surface.root = this.node;
  }

  draw(view = this.view) {
    this.view = view;
    const look = JSON.stringify([view, this.found, [...this.mended], this.trouble, this.busy, this.app.around]);
    if (look === this.look) return;
    this.look = look;
    const what = view.view;
    this.surface.sent = view.values ?? {};
    this.node.dataset.callbackId = what.callback_id ?? "";
    const restore = keepFocus(this.node);
    const scrolled = this.body.scrollTop;
    put(this.head,
      h("h2", { id: `title-${view.id}` }, plain(what.title?.text ?? "")),
      iconButton("close", "Close", "form-x", () => this.close()));
    const fields = elementsOf(what.blocks);
    this.surface.forget(fields);
    const trouble = h("p", { class: "trouble", role: "alert", data: { testid: "form-trouble" } },
      icon("alert"), this.trouble);
    arrange(this.body, [...(this.trouble ? [trouble] : []), ...what.blocks.map((block) => this.drawBlock(block))]);
    const there = new Set(what.blocks.map((block) => block.block_id));
    for (const blockId of this.drawn.keys()) if (!there.has(blockId)) this.drawn.delete(blockId);
    put(this.foot,
      h("button", { type: "button", class: "button", data: { testid: "form-close" }, onclick: () => this.close() },
        plain(what.close?.text ?? (what.submit ? "Cancel" : "Close"))),
      what.submit && h("button", {
        type: "submit", class: "button primary", data: { testid: "form-submit" }, "aria-busy": this.busy ? "true" : null,
      }, h("span", { class: "button-text" }, plain(what.submit.text))));
    for (const blockId of Object.keys(this.errors())) {
      for (const node of this.block(blockId)?.querySelectorAll("[data-action-id]") ?? []) node.setAttribute("aria-invalid", "true");
    }
    this.body.scrollTop = scrolled;
    this.surface.mark();
    restore();
    this.point();
  }

  /** Leads to the first field that is wrong, once for as long as it is. */
  point() {
    const [wrong = ""] = Object.keys(this.errors());
    const block = wrong && wrong !== this.pointed ? this.block(wrong) : null;
    block?.querySelector("[aria-invalid]")?.focus();
    block?.scrollIntoView({ block: "nearest" });
    this.pointed = wrong;
  }

  /** Returns the block's node: the same as before, with focus and caret, unless it looks different now. */
  drawBlock(block) {
    const look = this.lookOf(block);
    const old = this.drawn.get(block.block_id);
    if (old?.look === look) return old.node;
    const node = blockNode(block, this.surface);
    this.drawn.set(block.block_id, { look, node });
    return node;
  }

  /** Returns what a block depends on; what was put in by hand is in its node already. */
  lookOf(block) {
    const values = elementsOf([block]).map(([, spec]) => this.surface.value(block.block_id, spec));
    const bare = (name, part) => (name.startsWith("initial_") ? undefined : part);
    return JSON.stringify([block, this.errors()[block.block_id], values, this.app.around], bare);
  }

  touched(blockId) {
    this.mend(blockId);
    const block = this.view.view.blocks.find((one) => one.block_id === blockId);
    const drawn = this.drawn.get(blockId);
    if (block && drawn) drawn.look = this.lookOf(block);
  }

  /** Returns the errors to show by block: ours and the app's, without those that were worked on since. */
  errors() {
    const all = { ...this.view.errors, ...this.found };
    return Object.fromEntries(Object.entries(all).filter(([blockId]) => !this.mended.has(blockId)));
  }

  mend(blockId) {
    if (!(blockId in this.errors())) return;
    this.mended.add(blockId);
    const block = this.block(blockId);
    block?.querySelector(".field-error")?.replaceChildren();
    for (const node of block?.querySelectorAll("[aria-invalid]") ?? []) node.removeAttribute("aria-invalid");
  }

  block(blockId) {
    return [...this.body.querySelectorAll(".block")].find((node) => node.dataset.blockId === blockId);
  }

  /** Returns the current plain values of everything in the form: values[block_id][action_id]. */
  values() {
    const values = {};
    for (const [block, spec] of elementsOf(this.view.view.blocks)) {
      if (isStateful(spec)) (values[block.block_id] ??= {})[spec.action_id] = this.surface.value(block.block_id, spec);
    }
    return values;
  }

  async tell(blockId, spec, value) {
    const { error } = await this.app.post("/world/view_action", {
      user: this.app.viewer, view: this.view.id, values: this.values(),
      block_id: blockId ?? null, action_id: spec.action_id, value,
    });
    this.trouble = error;
    this.draw();
    return error;
  }

  async submit() {
    if (this.busy) return;
    this.found = this.check();
    for (const blockId of Object.keys(this.found)) this.mended.delete(blockId);
    this.trouble = null;
    if (Object.keys(this.found).length) {
      this.draw();
      this.body.querySelector("[aria-invalid]")?.focus();
      return;
    }
    this.busy = true;
    this.draw();
    const sent = { user: this.app.viewer, view: this.view.id, values: this.values() };
    const { error } = await this.app.post("/world/submit", sent);
    this.busy = false;
    this.trouble = error;
    if (!error) this.mended.clear();
    this.draw();
    this.pointed = "";
    this.point();
  }

  async close() {
    const { error } = await this.app.post("/world/close", { user: this.app.viewer, view: this.view.id });
    this.trouble = error;
    this.draw();
  }

  /** Returns what Slack's own client refuses before the app hears of it, by block. */
  check() {
    const wrong = {};
    for (const block of this.view.view.blocks) {
      if (block.type !== "input") continue;
      const spec = block.element;
      const value = this.surface.value(block.block_id, spec);
      const empty = value === null || value.length === 0;
      const words = empty ? !block.optional && "Please fill this in." : unfit(spec, value);
      if (words) wrong[block.block_id] = words;
    }
    return wrong;
  }

  focus() {
    const wanted = elementsOf(this.view.view.blocks).find(([, spec]) => spec.focus_on_load)?.[1].action_id;
    const fields = [...this.body.querySelectorAll("input, textarea, select, button")];
    const field = fields.find((node) => wanted && node.dataset.actionId === wanted)
      ?? fields.find((node) => node.matches("input, textarea"));
    (field ?? this.node).focus();
  }
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const URL_LIKE = /^https?:\/\/\S+$/i;

/** Returns what is wrong with a value that is there, or null. */
function unfit(spec, value) {
  if (spec.type === "number_input") return unfitNumber(spec, Number(value));
  if (spec.type === "email_text_input" && !EMAIL.test(value)) return "This does not look like an e-mail address.";
  if (spec.type === "url_text_input" && !URL_LIKE.test(value)) return "This does not look like a web address.";
  const long = typeof value === "string" ? [...value].length : 0;
  if (spec.min_length && long < spec.min_length) return `Please enter at least ${spec.min_length} characters.`;
  if (spec.max_length && long > spec.max_length) return `Please enter at most ${spec.max_length} characters.`;
  return null;
}

function unfitNumber(spec, amount) {
  const { min_value: least = -Infinity, max_value: most = Infinity } = spec;
  if (!Number.isFinite(amount)) return "Please enter a number.";
  if (!spec.is_decimal_allowed && !Number.isInteger(amount)) return "Please enter a whole number.";
  if (amount < Number(least)) return `Please enter ${least} or more.`;
  if (amount > Number(most)) return `Please enter ${most} or less.`;
  return null;
}
