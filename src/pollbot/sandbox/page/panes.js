// Work Objects (docs.slack.dev, "Implementing Work Objects"): a card below a link, and the pane that it opens.

import { h, icon, iconButton, put } from "./dom.js";
import { keepFocus } from "./surface.js";

/** Returns the card below a link; its title opens the pane, its buttons are everybody's. */
export function objectCard(entity, { open, press }) {
  const { attributes } = entity.entity_payload;
  return h("section", { class: "object", "aria-label": attributes.title.text },
    headOf(entity),
    h("button", { type: "button", class: "object-title", data: { testid: "object-open" }, onclick: open }, attributes.title.text),
    fieldsOf(entity),
    buttonsOf(actionsOf(entity), press));
}

/** The pane beside the channel: what one person sees of a Work Object. */
export class Panes {
  constructor(app) {
    this.app = app;
    this.look = "";
    this.trouble = "";
    this.before = null;
    this.root = h("aside", { class: "pane", hidden: true, tabindex: -1, "aria-label": "Details", data: { testid: "pane" } });
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  draw() {
    const { pane } = this.app.state;
    const look = JSON.stringify([this.app.viewer, pane ?? null, this.trouble]);
    if (look === this.look) return;
    this.look = look;
    const opens = this.root.hidden && pane;
    if (opens) this.before = document.activeElement;
    this.root.hidden = !pane;
    if (!pane) {
      put(this.root);
      return;
    }
    const restore = keepFocus(this.root);
    put(this.root,
      h("header", { class: "pane-head" }, h("h2", null, "Details"), iconButton("close", "Close", "pane-close", () => this.close())),
      h("div", { class: "pane-body", role: "status" },
        this.trouble && h("p", { class: "trouble", role: "alert" }, icon("alert"), this.trouble),
        pane.entity ? this.object(pane.entity) : pane.error ? this.error(pane.error) : h("p", { class: "explain" }, "Loading…")));
    restore();
    if (opens) this.root.focus();
  }

  object(entity) {
    return [
      headOf(entity),
      h("h3", null, entity.entity_payload.attributes.title.text),
      fieldsOf(entity),
      buttonsOf(actionsOf(entity), (actionId) => this.press(actionId)),
      h("a", { href: entity.url, target: "_blank", rel: "noopener" }, "Open in Jira"),
    ];
  }

  error(error) {
    return [
      h("h3", null, error.custom_title ?? "Something went wrong"),
      h("p", null, error.custom_message ?? ""),
      buttonsOf(error.actions ?? [], (actionId) => this.press(actionId)),
    ];
  }

  async press(actionId) {
    const { error } = await this.app.post("/world/press_in_pane", { user: this.app.viewer, action_id: actionId });
    this.trouble = error ?? "";
    this.draw();
  }

  async close() {
    this.trouble = "";
    await this.app.post("/world/close_pane", { user: this.app.viewer });
    this.before?.focus?.();
  }
}

function headOf(entity) {
  const { attributes } = entity.entity_payload;
  return h("div", { class: "object-head" },
    h("b", null, attributes.product_name ?? ""),
    h("span", null, [attributes.display_type, attributes.display_id].filter(Boolean).join(" · ")));
}

/** Returns the fields in the order that is asked for; those without a label are Slack's own. */
function fieldsOf(entity) {
  const { fields = {}, custom_fields: own = [], display_order: order } = entity.entity_payload;
  const known = new Map([
    ...Object.entries(fields).map(([key, field]) => [key, { label: key[0].toUpperCase() + key.slice(1), ...field }]),
    ...own.map((field) => [field.key, field]),
  ]);
  const shown = (order ?? [...known.keys()]).map((key) => [key, known.get(key)]).filter(([, field]) => field);
  return shown.length > 0 && h("dl", { class: "object-fields" }, shown.map(([key, field]) =>
    h("div", { data: { testid: `field-${key}` } }, h("dt", null, field.label), h("dd", null, String(field.value)))));
}

function actionsOf(entity) {
  const { primary_actions: first = [], overflow_actions: rest = [] } = entity.entity_payload.actions ?? {};
  return [...first, ...rest];
}

function buttonsOf(actions, press) {
  return actions.length > 0 && h("div", { class: "object-actions" }, actions.map((action) => h("button", {
    type: "button", class: `button ${action.style ?? ""}`, "aria-label": action.accessibility_label ?? null,
    data: { testid: `object-${action.action_id}` }, onclick: () => press(action.action_id),
  }, h("span", { class: "button-text" }, action.text))));
}
