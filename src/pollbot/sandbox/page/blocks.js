// Block Kit's blocks as DOM nodes (docs.slack.dev, "Blocks"), for messages and forms alike.

import { chart } from "./charts.js";
import { h, icon } from "./dom.js";
import { element } from "./elements.js";
import { markdown, plain, richText, textObject, unknown } from "./mrkdwn.js";
import { dataTable, table } from "./tables.js";

/** Returns the blocks as nodes. `surface` is the message or form they belong to; see elements.js. */
export function blocks(list, surface) {
  return (list ?? []).map((block) => blockNode(block, surface));
}

export function blockNode(block, surface) {
  const draw = BLOCKS[block.type];
  return h("div", { class: `block block-${block.type}`, data: { block: block.type, blockId: block.block_id ?? "" } },
    draw ? draw(block, surface) : unknown(block.type));
}

const BLOCKS = {
  actions: (block, surface) => block.elements.map((spec) => element(spec, block.block_id, surface)),

  alert: (block, surface) => h("div", { class: `alert ${block.level ?? "default"}`, role: "note" },
    icon("alert"), h("span", null, textObject(block.text, surface.directory))),

  context: (block, surface) => block.elements.map((item) => item.type === "image"
    ? image(item, "context-image")
    : h("span", { class: "words" }, textObject(item, surface.directory))),

  data_table: dataTable,

  data_visualization: (block) => chart(block),

  divider: () => h("hr"),

  header: (block) => h("h3", null, textObject(block.text)),

  image: (block) => h("figure", { class: "picture" },
    block.title && h("figcaption", null, textObject(block.title)),
    image(block)),

  input: (block, surface) => {
    const label = block.label?.text ?? "";
    const error = surface.error?.(block.block_id);
    return [
      h("span", { class: "label" }, plain(label), block.optional && h("span", { class: "optional" }, "optional")),
      element(block.element, block.block_id, surface, { label, input: block }),
      block.hint && h("small", { class: "hint" }, textObject(block.hint)),
      h("span", { class: "field-error", role: "alert", data: { testid: "field-error", blockId: block.block_id ?? "" } },
        error && [icon("alert"), error]),
    ];
  },

  markdown: (block) => h("div", { class: "words markdown" }, markdown(block.text)),

  rich_text: (block, surface) => h("div", { class: "words" }, richText(block, surface.directory)),

  section: (block, surface) => [
    h("div", { class: "section-main" },
      block.text && h("div", { class: "words" }, textObject(block.text, surface.directory)),
      block.fields && h("div", { class: "fields" }, block.fields.map((field) =>
        h("div", { class: "words" }, textObject(field, surface.directory))))),
    block.accessory && h("div", { class: "accessory" }, block.accessory.type === "image"
      ? image(block.accessory, "accessory-image")
      : element(block.accessory, block.block_id, surface, { label: block.text?.text })),
  ],

  table,
};

function image(spec, className = "") {
  const words = spec.alt_text || "image";
  const url = spec.image_url ?? spec.slack_file?.url ?? "";
  const missing = () => h("span", { class: `image-missing ${className}` }, words);
  if (!/^(https?:|data:image\/)/i.test(url)) return missing();
  const node = h("img", {
    class: className, src: url, alt: words, referrerpolicy: "no-referrer",
    onerror: () => node.replaceWith(missing()),
  });
  return node;
}

/** Returns every interactive element of the blocks as `[block, element]`. */
export function elementsOf(list) {
  return (list ?? []).flatMap((block) =>
    [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])]
      .filter((spec) => spec?.action_id)
      .map((spec) => [block, spec]));
}
