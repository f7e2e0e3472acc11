// Block Kit's interactive elements (docs.slack.dev, "Block elements").
//
// A surface is where they live, a message or a form: it remembers values, sends presses and choices,
// and says which of them are under way or went wrong.

import { confirmed } from "./confirm.js";
import { arrowKeys, h, icon, popover, put } from "./dom.js";
import { textObject, unknown } from "./mrkdwn.js";
import { external } from "./suggest.js";

const INPUTS = { email_text_input: "email", number_input: "text", url_text_input: "url" };
const DATES = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

/**
 * Returns the plain value that an element starts with: text, an option's value, a list of those, or null; of a menu
 * that the app fills the whole option, since nobody else knows what it is called.
 */
export function initialValue(element, surface) {
  const values = (options) => (options ?? []).map((option) => option.value);
  switch (element.type) {
    case "checkboxes": case "multi_static_select": case "multi_external_select": return values(element.initial_options);
    case "multi_users_select": return element.initial_users ?? [];
    case "multi_conversations_select": return element.initial_conversations ?? [];
    case "multi_channels_select": return element.initial_channels ?? [];
    case "static_select": case "radio_buttons": return element.initial_option?.value ?? null;
    case "external_select": return element.initial_option ?? null;
    case "users_select": return element.initial_user ?? null;
    case "channels_select": return element.initial_channel ?? null;
    case "conversations_select":
      return element.initial_conversation ?? (element.default_to_current_conversation ? surface.currentChannel : null);
    case "datepicker": return element.initial_date ?? null;
    case "timepicker": return element.initial_time ?? null;
    case "datetimepicker": return element.initial_date_time ?? null;
    default: return element.initial_value ?? null;
  }
}

const STATELESS = ["button", "icon_button", "overflow", "workflow_button"];

/** Says whether the element has a value of its own. */
export const isStateful = (element) => Boolean(element?.action_id) && !STATELESS.includes(element.type);

/** Returns the element as a node. `label` names it for screen readers, `input` is the input block around it. */
export function element(spec, blockId, surface, { label = "", input = null } = {}) {
  const draw = DRAW[spec.type];
  if (!draw) return unknown(spec.type);
  const node = draw(spec, {
    label: label || spec.accessibility_label || spec.placeholder?.text || "",
    input,
    surface,
    get value() {
      return surface.value(blockId, spec);
    },
    marks: { "data-action-id": spec.action_id, "data-block-id": blockId },
    // An element of an input block tells the app at once only where the block asks for it (dispatch_action).
    changed: (value) => surface.change(blockId, spec, value, !input || input.dispatch_action === true),
    kept: (value) => surface.change(blockId, spec, value, false),
    press: (value) => surface.press(blockId, spec, value),
    suggest: (typed) => surface.suggest?.(blockId, spec, typed),
    confirm: () => (spec.confirm ? confirmed(spec.confirm, surface.directory) : true),
  });
  return h("span", { class: `control control-${spec.type}`, data: { key: surface.key(spec) } }, node);
}

const DRAW = {
  button: (spec, part) => h("button", {
    ...part.marks, type: "button", class: `button ${spec.style ?? ""}`, "data-value": spec.value,
    "aria-label": spec.accessibility_label, title: spec.text?.text?.length > 32 ? spec.text.text : null,
    onclick: async () => {
      if (!(await part.confirm())) return;
      openLink(spec.url);
      part.press(spec.value ?? null);
    },
  }, h("span", { class: "button-text" }, textObject(spec.text)), spec.url && icon("out")),

  overflow: (spec, part) => h("button", {
    ...part.marks, type: "button", class: "button overflow",
    "aria-label": part.label || "More actions", "aria-haspopup": "menu",
    onclick: (event) => {
      if (event.currentTarget.getAttribute("aria-expanded") === "true") return;
      const menu = h("div", { class: "menu", role: "menu", onkeydown: (key) => arrowKeys(key, [...menu.children]) },
        spec.options.map((option) => h("button", {
          type: "button", role: "menuitem", "data-value": option.value,
          onclick: async () => {
            close();
            if (!(await part.confirm())) return;
            openLink(option.url);
            part.changed(option.value);
          },
        }, textObject(option.text), describe(option))));
      const close = popover(event.currentTarget, menu);
      menu.firstChild.focus();
    },
  }, icon("more")),

  static_select: select((spec) => spec.option_groups
    ? spec.option_groups.map((group) => ({ label: group.label.text, options: group.options }))
    : [{ options: spec.options ?? [] }]),
  external_select: external,
  users_select: select((spec, part) => [{ options: people(part) }]),
  channels_select: select((spec, part) => [{ options: channels(part, isPublic) }]),
  conversations_select: select((spec, part) => [{ options: channels(part, allowed(spec)) }]),

  multi_static_select: multi((spec) => spec.options ?? (spec.option_groups ?? []).flatMap((group) => group.options)),
  multi_users_select: multi((spec, part) => people(part)),
  multi_channels_select: multi((spec, part) => channels(part, isPublic)),
  multi_conversations_select: multi((spec, part) => channels(part, allowed(spec))),

  radio_buttons: picks("radio", (spec, part) => [part.value]),
  checkboxes: picks("checkbox", (spec, part) => part.value ?? []),

  datepicker: date, timepicker: date, datetimepicker: date,
  plain_text_input: text, email_text_input: text, url_text_input: text, number_input: text,
};

const option = (value, words) => ({ value, text: { type: "plain_text", text: words } });
const people = (part) => part.surface.directory.people.map((person) => option(person.id, person.name));
const channels = (part, wanted) => part.surface.directory.channels.filter((one) => !one.is_home && wanted(one))
  .map((channel) => option(channel.id, channel.is_private ? `${channel.name} (private)` : `# ${channel.name}`));
const kind = (channel) => (channel.is_im ? "im" : channel.is_private ? "private" : "public");
const isPublic = (channel) => kind(channel) === "public";

function allowed({ filter = {} }) {
  return (channel) => !filter.include || filter.include.includes(kind(channel));
}

function openLink(url) {
  if (/^https?:/i.test(url ?? "")) window.open(url, "_blank", "noopener");
}

function describe(spec) {
  return spec.description && h("small", null, textObject(spec.description));
}

function select(groups) {
  return (spec, part) => {
    const choices = groups(spec, part);
    const optional = !part.input || part.input.optional;
    const draw = (one) => h("option", { value: one.value, selected: one.value === part.value }, one.text.text);
    const node = h("select", {
      ...part.marks, class: "select", "aria-label": part.label,
      onchange: async () => {
        if (await part.confirm()) part.changed(node.value || null);
        else node.value = part.value ?? "";
      },
    },
    h("option", { value: "", selected: part.value === null, hidden: !optional, disabled: !optional },
      spec.placeholder?.text ?? "Choose…"),
    choices.map(({ label, options }) =>
      (label ? h("optgroup", { label }, options.map(draw)) : options.map(draw))));
    return node;
  };
}

function multi(choicesOf) {
  return (spec, part) => {
    const choices = choicesOf(spec, part);
    let chosen = [...(part.value ?? [])];
    const most = spec.max_selected_items ?? Infinity;
    const node = h("button", {
      ...part.marks, type: "button", class: "select multi", "aria-haspopup": "listbox", "aria-label": part.label,
      onclick: () => {
        if (node.getAttribute("aria-expanded") === "true") return;
        const before = chosen.join("\n");
        const boxes = choices.map(({ value }) => h("input", { type: "checkbox", value, checked: chosen.includes(value) }));
        const limit = () => boxes.forEach((box) => {
          box.disabled = !box.checked && chosen.length >= most;
        });
        const menu = h("div", {
          class: "menu menu-multi", role: "group", "aria-label": part.label,
          onkeydown: (event) => arrowKeys(event, boxes),
          onchange: () => {
            chosen = boxes.filter((box) => box.checked).map((box) => box.value);
            limit();
            show();
            part.kept(chosen);
          },
        },
        choices.map((one, index) => h("label", { class: "pick" },
          boxes[index], h("span", null, textObject(one.text), describe(one)))),
        h("button", { type: "button", class: "button menu-done", onclick: () => close() }, "Done"));
        limit();
        const close = popover(node, menu, () => {
          if (chosen.join("\n") !== before) part.changed(chosen);
        });
        boxes[0]?.focus();
      },
    });
    const show = () => {
      const chips = choices.filter((one) => chosen.includes(one.value))
        .map((one) => h("span", { class: "chip" }, textObject(one.text)));
      put(node, chips.length
        ? h("span", { class: "chips" }, chips)
        : h("span", { class: "placeholder" }, spec.placeholder?.text ?? "Choose…"));
    };
    show();
    return node;
  };
}

function picks(type, chosenOf) {
  return (spec, part) => {
    const name = `${part.surface.id}|${part.marks["data-block-id"]}|${spec.action_id}`;
    const boxes = spec.options.map((one) => h("input", {
      ...part.marks, type, name, value: one.value, "data-value": one.value, checked: chosenOf(spec, part).includes(one.value),
      onchange: async () => {
        if (!(await part.confirm())) {
          boxes.forEach((box) => { box.checked = chosenOf(spec, part).includes(box.value); });
          return;
        }
        const now = boxes.filter((box) => box.checked).map((box) => box.value);
        part.changed(type === "radio" ? now[0] : now);
      },
    }));
    return h("span", { class: "picks", role: type === "radio" ? "radiogroup" : "group", "aria-label": part.label },
      spec.options.map((one, index) => h("label", { class: "pick" }, boxes[index],
        h("span", null, textObject(one.text, part.surface.directory), describe(one)))));
  };
}

function date(spec, part) {
  const stamped = spec.type === "datetimepicker";
  const { clock } = part.surface.directory;
  const show = (value) => (value === null || value === undefined ? "" : stamped ? clock.wall(value) : value);
  const read = () => (node.value === "" ? null : stamped ? clock.unwall(node.value) : node.value);
  let typing = false;
  let untold = false;
  const settle = async () => {
    untold = false;
    if (await part.confirm()) part.changed(read());
    else node.value = show(part.value);
  };
  const node = h("input", {
    ...part.marks, type: DATES[spec.type], class: "text", "aria-label": part.label, value: show(part.value),
    // Typed digit by digit, the browser calls each of them a change: the year 0002, 0020, 0202, 2025.
    onkeydown: (event) => { typing = /^(\d|Arrow.+|Backspace|Delete|[ap])$/i.test(event.key); },
    onpointerdown: () => { typing = false; },
    onchange: () => {
      untold = typing;
      if (typing) part.kept(read());
      else settle();
    },
    onblur: () => untold && settle(),
  });
  return node;
}

function text(spec, part) {
  const dispatch = part.input?.dispatch_action === true;
  const on = spec.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const count = h("small", { class: "count", "aria-live": "polite" });
  const measure = () => {
    const left = (spec.max_length ?? Infinity) - [...node.value].length;
    count.textContent = left <= 60 ? String(left) : "";
    count.classList.toggle("over", left < 0);
  };
  let typing;
  const node = h(spec.multiline ? "textarea" : "input", {
    ...part.marks, class: "text",
    type: spec.multiline ? null : INPUTS[spec.type] ?? "text", rows: spec.multiline ? 4 : null,
    inputmode: spec.type === "number_input" ? (spec.is_decimal_allowed ? "decimal" : "numeric") : null,
    placeholder: spec.placeholder?.text, "aria-label": part.label, autocomplete: "off",
    oninput: () => {
      measure();
      part.kept(node.value || null);
      clearTimeout(typing);
      if (!dispatch || !on.includes("on_character_entered")) return;
      typing = setTimeout(() => part.changed(node.value || null), 250);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing || spec.multiline) return;
      if (!dispatch || !on.includes("on_enter_pressed")) return;
      event.preventDefault();
      part.changed(node.value || null);
    },
  });
  node.value = part.value ?? "";
  measure();
  return [node, count];
}
