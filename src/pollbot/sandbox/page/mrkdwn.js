// Slack's text formats as DOM nodes: mrkdwn, plain_text, rich_text and the markdown block.
// What they mean: docs.slack.dev, "Formatting message text".

import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";

const ENTITIES = { amp: "&", lt: "<", gt: ">" };
const decode = (text) => text.replace(/&(amp|lt|gt);/g, (_, name) => ENTITIES[name]);
const LINK = /^(https?:|mailto:|tel:)/i;
const WRAPS = { "*": "strong", _: "em", "~": "s" };

/** Returns the nodes of a text object: plain_text knows only emoji, mrkdwn knows the dialect. */
export function textObject(text, directory) {
  if (!text?.text) return [];
  return text.type === "mrkdwn" ? mrkdwn(text.text, directory) : plain(text.text);
}

/** Returns plain text as nodes; line breaks are kept by the style sheet. */
export function plain(text) {
  return withEmoji(String(text ?? ""));
}

/** Returns mrkdwn as nodes. `directory` finds people and channels by id. */
export function mrkdwn(text, directory) {
  const parts = String(text ?? "").split(/```\n?([\s\S]*?)\n?```/);
  return parts.flatMap((part, index) => {
    if (index % 2) return [h("pre", null, decode(part))];
    const from = index > 0 && part.startsWith("\n") ? 1 : 0;
    const to = index < parts.length - 1 && part.endsWith("\n") ? -1 : undefined;
    return quotes(part.slice(from, to), directory);
  });
}

function quotes(text, directory) {
  if (!text) return [];
  const nodes = [];
  let lines = [];
  let quoted = false;
  const flush = () => {
    if (!lines.length) return;
    const inner = inline(lines.join("\n"), directory);
    nodes.push(...(quoted ? [h("blockquote", null, inner)] : inner));
    lines = [];
  };
  let rest = false;
  for (const line of text.split("\n")) {
    const whole = !rest && line.match(/^(?:>|&gt;){3} ?([\s\S]*)/);
    const mark = whole || line.match(/^(?:>|&gt;) ?([\s\S]*)/);
    if (!rest && Boolean(mark) !== quoted) flush();
    quoted = rest || Boolean(mark);
    rest ||= Boolean(whole);
    lines.push(mark ? mark[1] : line);
  }
  flush();
  return nodes;
}

function inline(text, directory) {
  const nodes = [];
  let words = "";
  const flush = () => {
    if (words) nodes.push(...links(words));
    words = "";
  };
  for (let at = 0; at < text.length; ) {
    const letter = text[at];
    const code = letter === "`" && text.slice(at).match(/^`([^`\n]+)`/);
    const angle = letter === "<" && text.slice(at).match(/^<([^<>\n]+)>/);
    const end = WRAPS[letter] ? closing(text, at) : -1;
    if (code) {
      flush();
      nodes.push(h("code", null, decode(code[1])));
      at += code[0].length;
    } else if (angle) {
      flush();
      nodes.push(...reference(angle[1], directory));
      at += angle[0].length;
    } else if (end > 0) {
      flush();
      nodes.push(h(WRAPS[letter], null, inline(text.slice(at + 1, end), directory)));
      at = end + 1;
    } else {
      words += letter;
      at += 1;
    }
  }
  flush();
  return nodes;
}

/** Returns where the mark opened at `at` closes, or -1: marks touch their words and stand at word borders. */
function closing(text, at) {
  const mark = text[at];
  const border = (letter) => letter === undefined || /[^\p{L}\p{N}]/u.test(letter);
  if (!border(text[at - 1]) || /[\s]|^$/.test(text[at + 1] ?? "") || text[at + 1] === mark) return -1;
  for (let end = at + 1; end < text.length && text[end] !== "\n"; end += 1) {
    const skip = text.slice(end).match(/^(?:`[^`\n]+`|<[^<>\n]+>|:[a-z0-9_+-]+:)/);
    if (skip) end += skip[0].length - 1;
    else if (text[end] === mark && !/\s/.test(text[end - 1]) && border(text[end + 1]) && text[end + 1] !== mark) {
      return end;
    }
  }
  return -1;
}

function links(text) {
  return text.split(/(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]}"'])/).flatMap((part, index) =>
    index % 2 ? [anchor(decode(part), decode(part))] : withEmoji(decode(part)));
}

function reference(inside, directory) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : inside.slice(bar + 1);
  if (target.startsWith("@")) return [person(target.slice(1), directory, decode(label))];
  if (target.startsWith("#")) return [channel(target.slice(1), directory, decode(label))];
  if (/^!(channel|here|everyone)\b/.test(target)) return [mention(`@${target.slice(1).split("^")[0]}`, true)];
  if (target.startsWith("!subteam^")) return [mention(decode(label) || "@group")];
  if (target.startsWith("!date^")) return [date(target.slice(6).split("^"), decode(label), directory.clock)];
  if (LINK.test(target)) return [anchor(decode(target), label ? withEmoji(decode(label)) : decode(target))];
  return [`<${decode(inside)}>`];
}

function mention(text, everyone = false) {
  return h("span", { class: everyone ? "mention mention-all" : "mention" }, text);
}

function person(id, directory, label = "") {
  return mention(`@${directory.person(id)?.name ?? (label || id)}`);
}

function channel(id, directory, label = "") {
  return mention(`#${directory.channel(id)?.name ?? (label || id)}`);
}

/** Returns a link that opens a new tab; anything but web and mail addresses stays text. */
export function anchor(url, label) {
  if (!LINK.test(url)) return h("span", null, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

function date([seconds, format = "{date_short_pretty} {time}", link], fallback, clock) {
  const when = new Date(Number(seconds) * 1000);
  if (Number.isNaN(when.getTime())) return h("span", null, fallback);
  const node = h("time", { datetime: when.toISOString(), title: clock.whole(Number(seconds)) },
    formatDate(Number(seconds), format, clock));
  return link ? anchor(link, node) : node;
}

function formatDate(when, format, clock) {
  const show = (options) => clock.words(when, options);
  const near = { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[clock.days(when)];
  const long = show({ weekday: "long", month: "long", day: "numeric", year: "numeric" });
  const short = show({ month: "short", day: "numeric", year: "numeric" });
  const middle = show({ month: "long", day: "numeric", year: "numeric" });
  const known = {
    date: middle, date_short: short, date_long: long,
    date_pretty: near ?? middle, date_short_pretty: near ?? short, date_long_pretty: near ?? long,
    date_num: show({ year: "numeric", month: "2-digit", day: "2-digit" }),
    date_slash: show({ year: "2-digit", month: "2-digit", day: "2-digit" }),
    day_divider_pretty: near ?? long,
    time: clock.time(when),
    time_secs: clock.time(when, true),
    ago: ago(when - clock.now()),
  };
  return format.replace(/\{(\w+)\}/g, (token, name) => known[name] ?? token);
}

function ago(seconds) {
  const minutes = seconds / 60;
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(Math.round(minutes), "minute");
  if (Math.abs(minutes) < 36 * 60) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

/** Returns a rich_text block, or a cell of that type, as nodes. */
export function richText(block, directory) {
  const leaf = (element) => {
    const { bold, italic, strike, code } = element.style ?? {};
    let node;
    if (element.type === "text") node = h("span", null, element.text);
    else if (element.type === "link") node = anchor(element.url ?? "", element.text || element.url || "");
    else if (element.type === "emoji") node = emoji(element.name) ?? h("span", null, `:${element.name}:`);
    else if (element.type === "user") node = person(element.user_id, directory);
    else if (element.type === "channel") node = channel(element.channel_id, directory);
    else if (element.type === "usergroup") node = mention("@group");
    else if (element.type === "broadcast") node = mention(`@${element.range}`, true);
    else if (element.type === "date") node = date([element.timestamp, element.format, element.url], element.fallback ?? "", directory.clock);
    else if (element.type === "color") node = h("code", null, element.value);
    else node = unknown(element.type);
    if (code) node = h("code", null, node);
    if (bold) node = h("strong", null, node);
    if (italic) node = h("em", null, node);
    return strike ? h("s", null, node) : node;
  };
  const leaves = (part) => (part.elements ?? []).map(leaf);
  return (block.elements ?? []).map((part) => {
    if (part.type === "rich_text_section") return h("div", { class: "rich" }, leaves(part));
    if (part.type === "rich_text_preformatted") return h("pre", null, leaves(part));
    if (part.type === "rich_text_quote") return h("blockquote", null, leaves(part));
    if (part.type !== "rich_text_list") return unknown(part.type);
    const ordered = part.style === "ordered";
    const list = h(ordered ? "ol" : "ul", ordered ? { start: (part.offset ?? 0) + 1 } : null,
      (part.elements ?? []).map((item) => h("li", null, leaves(item))));
    list.style.marginInlineStart = `${(part.indent ?? 0) * 1.4}em`;
    return list;
  });
}

/** Returns a visible sign in place of something that this page cannot draw. */
export function unknown(type) {
  return h("span", { class: "unknown", data: { testid: "unknown", type: String(type) } }, `not drawn here: ${type}`);
}

const RUNS = [[/^\s*[-*+]\s+/, "ul"], [/^\s*\d+[.)]\s+/, "ol"], [/^>\s?/, "blockquote"]];
const STARTS = /^(#{1,6}\s|```|>|\s*[-*+]\s|\s*\d+[.)]\s)/;

/** Returns a markdown block as nodes: headings, lists, quotes, rules, code, emphasis and links. */
export function markdown(text) {
  const nodes = [];
  const lines = String(text ?? "").split("\n");
  const take = (pattern, from) => {
    const found = [];
    while (from < lines.length && pattern.test(lines[from])) found.push(lines[from++].replace(pattern, ""));
    return found;
  };
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    const heading = line.match(/^(#{1,6})\s+(.*)/);
    const kind = RUNS.find(([pattern]) => pattern.test(line));
    if (/^```/.test(line)) {
      const end = lines.findIndex((other, index) => index > at && /^```/.test(other));
      const stop = end < 0 ? lines.length : end;
      nodes.push(h("pre", null, lines.slice(at + 1, stop).join("\n")));
      at = stop + 1;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      nodes.push(h("hr"));
      at += 1;
    } else if (heading) {
      nodes.push(h(`h${Math.min(6, heading[1].length + 2)}`, null, markdownInline(heading[2])));
      at += 1;
    } else if (kind) {
      const found = take(kind[0], at);
      nodes.push(kind[1] === "blockquote" ? h("blockquote", null, markdownInline(found.join("\n")))
        : h(kind[1], null, found.map((item) => h("li", null, markdownInline(item)))));
      at += found.length;
    } else if (!line.trim()) {
      at += 1;
    } else {
      let end = at + 1;
      while (end < lines.length && lines[end].trim() && !STARTS.test(lines[end])) end += 1;
      nodes.push(h("p", null, markdownInline(lines.slice(at, end).join("\n"))));
      at = end;
    }
  }
  return nodes;
}

const MARKDOWN = new RegExp([
  /`([^`\n]+)`/, /\[([^\]\n]+)\]\(([^()\s]+)\)/, /\*\*(.+?)\*\*/, /__(.+?)__/, /~~(.+?)~~/,
  /\*([^*\s][^*\n]*?)\*/, /\b_([^_\s][^_\n]*?)_\b/,
].map((pattern) => pattern.source).join("|"));

function markdownInline(text) {
  const match = text.match(MARKDOWN);
  if (!match) return withEmoji(text);
  const [all, code, label, url, bold, bold2, strike, italic, italic2] = match;
  let node;
  if (code) node = h("code", null, code);
  else if (label) node = anchor(url, markdownInline(label));
  else if (bold || bold2) node = h("strong", null, markdownInline(bold ?? bold2));
  else if (strike) node = h("s", null, markdownInline(strike));
  else node = h("em", null, markdownInline(italic ?? italic2));
  return [...withEmoji(text.slice(0, match.index)), node, ...markdownInline(text.slice(match.index + all.length))];
}
