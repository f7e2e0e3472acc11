// What a message and a form have in common: they keep values, send what people do, and show how it went.

import { h, icon } from "./dom.js";
import { initialValue } from "./elements.js";

export class Surface {
  /** `send(kind, blockId, spec, value)` posts and resolves to the words of an error, or null. */
  constructor(app, id, send) {
    this.app = app;
    this.id = id;
    this.send = send;
    this.root = null;
    this.kept = new Map();
    this.sent = {};
    this.state = new Map();
  }

  get directory() {
    return this.app.directory;
  }

  /** The conversation that one looks at; App Home is none. */
  get currentChannel() {
    return this.directory.channel(this.app.channel)?.is_home ? null : this.app.channel;
  }

  /** Names one control, whatever the block_id: an updated message may bring new ones. */
  key(spec) {
    return JSON.stringify([spec.action_id ?? "", spec.value ?? ""]);
  }

  value(blockId, spec) {
    const at = `${blockId}\n${spec.action_id}`;
    if (this.kept.has(at)) return this.kept.get(at);
    const sent = this.sent?.[blockId]?.[spec.action_id];
    return sent === undefined ? initialValue(spec, this) : sent;
  }

  /** Keeps a new value, and tells the app where it wants to know at once. */
  change(blockId, spec, value, tell) {
    if (spec.type !== "overflow") this.kept.set(`${blockId}\n${spec.action_id}`, value);
    this.touched?.(blockId);
    return tell ? this.act("choose", blockId, spec, value) : undefined;
  }

  /** Forgets what was put into fields that are gone. */
  forget(fields) {
    const there = new Set(fields.map(([block, spec]) => `${block.block_id}\n${spec.action_id}`));
    for (const at of this.kept.keys()) if (!there.has(at)) this.kept.delete(at);
  }

  press(blockId, spec, value) {
    return this.state.get(this.key(spec)) === "busy" ? undefined : this.act("press", blockId, spec, value);
  }

  async act(kind, blockId, spec, value) {
    const key = this.key(spec);
    this.state.set(key, "busy");
    this.mark();
    const error = await this.send(kind, blockId, spec, value);
    if (error) this.state.set(key, error);
    else this.state.delete(key);
    this.mark();
  }

  /** Shows on each control whether it is under way, or went wrong. */
  mark() {
    for (const control of this.root?.querySelectorAll("[data-key]") ?? []) {
      const state = this.state.get(control.dataset.key);
      const [target] = control.children;
      control.classList.toggle("busy", state === "busy");
      if (state === "busy") target?.setAttribute("aria-busy", "true");
      else target?.removeAttribute("aria-busy");
      const sign = control.querySelector(":scope > .went-wrong");
      if (!state || state === "busy") sign?.remove();
      else if (!sign) {
        const attributes = { class: "went-wrong", title: state, data: { testid: "went-wrong" } };
        control.append(h("span", attributes, icon("alert", state)));
      }
    }
  }
}

/** Remembers which control has the focus, and returns a function that gives it back after a redraw. */
export function keepFocus(root) {
  const active = document.activeElement;
  if (!active || !root.contains(active) || !active.dataset.actionId) return () => {};
  const { actionId, blockId, value } = active.dataset;
  const caret = "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : [];
  return () => {
    const same = [...root.querySelectorAll("[data-action-id]")].filter((node) => node.dataset.actionId === actionId);
    const found = same.find((node) => node.dataset.blockId === blockId && node.dataset.value === value)
      ?? same.find((node) => node.dataset.value === value);
    if (!found) return;
    found.focus({ preventScroll: true });
    try {
      if (Number.isInteger(caret[0])) found.setSelectionRange(...caret);
    } catch {
      // Inputs of type email have no caret to set.
    }
  };
}
