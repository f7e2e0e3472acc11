// A small set of emoji, drawn here: a bare Linux has no emoji font, and the card should look the same there.

import { h, svg } from "./dom.js";

const GOLD = "#f2b632";
const RED = "#d8483b";
const GREEN = "#2f9e62";
const BLUE = "#3d7fd0";
const GREY = "#8a929b";
const INK = "#4a3510";

// A stroke is [path, colour, width]; a filled shape is [path, colour].
const disc = (colour) => ["M10 1.6a8.4 8.4 0 1 0 0 16.8 8.4 8.4 0 0 0 0-16.8Z", colour];
const box = (colour) => ["M4 2h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2Z", colour];
const tick = (colour) => ["M5.6 10.4 8.8 13.6 14.6 6.8", colour, 2.2];
const eyes = ["M7 7.4v1.2M13 7.4v1.2", INK, 1.8];
const face = (...features) => [disc(GOLD), eyes, ...features];
const star = "M10 1.8 12.5 7l5.7.7-4.2 4 1.1 5.7L10 14.6l-5.1 2.8L6 11.7l-4.2-4L7.5 7Z";
const heart = "M10 17.6C3.6 13 1.8 10 1.8 6.9a4.3 4.3 0 0 1 8.2-1.7 4.3 4.3 0 0 1 8.2 1.7c0 3.1-1.8 6.1-8.2 10.7Z";
const thumb = "M6.6 9.2 9.8 2.4c1.5 0 2.4 1 2.2 2.5L11.6 7.6h4.3c1.3 0 2.1 1 1.8 2.2l-1.3 5.8c-.2 1-1 1.7-2 1.7H6.6Z";
const glass = [["M5 2h10v3.4L11.4 10 15 14.6V18H5v-3.4L8.6 10 5 5.4Z", "#cfe3ea"], ["M4.2 2.2h11.6M4.2 17.8h11.6", "#a5793a", 2.2], ["M6.6 16.8 10 12.6l3.4 4.2ZM7 6h6l-3 3.4Z", GOLD]];

const bell = [["M10 2a5.5 5.5 0 0 0-5.5 5.5c0 4-1.5 5.5-2 6.7h15c-.5-1.2-2-2.7-2-6.7A5.5 5.5 0 0 0 10 2Z", GOLD], ["M8 16.2a2 2 0 0 0 4 0Z", "#a5793a"]];

const DRAWN = {
  angry: ["😠", face(["M6.6 14.4c2-2 4.8-2 6.8 0M5.8 5.6l2.4 1.2M14.2 5.6l-2.4 1.2", INK, 1.5])],
  arrows_counterclockwise: ["🔄", [box(BLUE), ["M6 9a4.2 4.2 0 0 1 7.6-1.6M14 11a4.2 4.2 0 0 1-7.6 1.6M14 4.8v2.8h-2.8M6 15.2v-2.8h2.8", "#fff", 1.6]]],
  ballot_box_with_check: ["☑", [box(BLUE), tick("#fff")]],
  ballot_box_with_ballot: ["🗳️", [["M6 1.8h8v9H6Z", "#eef1f4"], ["M7.8 5.4 9.4 7l3-3.4", GREEN, 1.5], ["M2 9h16v8.5a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1Z", "#7f93a8"], ["M5 11h10", "#3d4a57", 1.6]]],
  bar_chart: ["📊", [box("#eef1f4"), ["M5 16v-5.5h2.6V16Z", GREEN], ["M8.7 16V5h2.6v11Z", RED], ["M12.4 16V8H15v8Z", BLUE]]],
  bell: ["🔔", bell],
  bulb: ["💡", [["M10 1.8a5.8 5.8 0 0 0-3 10.8V15h6v-2.4a5.8 5.8 0 0 0-3-10.8Z", GOLD], ["M7.6 17h4.8", GREY, 1.8]]],
  bust_in_silhouette: ["👤", [["M10 10a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM3 17.6c.4-4 3-6 7-6s6.6 2 7 6Z", "#6b8399"]]],
  busts_in_silhouette: ["👥", [["M7 10.4a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM1 17c.3-3.5 2.5-5.3 6-5.3s5.7 1.8 6 5.3Z", "#6b8399"], ["M14 9.6a2.6 2.6 0 1 0-1.2-5c1 1.5 1 3.5 0 4.8M14.4 17H19c-.2-3-1.8-4.8-4.6-5", "#9db0c1"]]],
  calendar: ["📅", [box("#eef1f4"), ["M2 7V4a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v3Z", RED], ["M6 11h.1M10 11h.1M14 11h.1M6 14.6h.1M10 14.6h.1", GREY, 2.2]]],
  checkered_flag: ["🏁", [["M3.5 2v16.5", GREY, 1.8], ["M4.5 2.5h13v9h-13Z", "#eef1f4"], ["M4.5 2.5h3.25v3H4.5ZM11 2.5h3.25v3H11ZM7.75 5.5H11v3H7.75ZM14.25 5.5h3.25v3h-3.25ZM4.5 8.5h3.25v3H4.5ZM11 8.5h3.25v3H11Z", "#3d4a57"]]],
  clock3: ["🕒", [disc("#eef1f4"), ["M10 2.4a7.6 7.6 0 1 0 0 15.2 7.6 7.6 0 0 0 0-15.2Z", GREY, 1.6], ["M10 5.5V10h4", INK, 1.7]]],
  double_vertical_bar: ["⏸️", [box(BLUE), ["M7.4 6v8M12.6 6v8", "#fff", 2.6]]],
  eyes: ["👀", [["M5.6 3.4c-2.2 0-3.9 2.9-3.9 6.6s1.7 6.6 3.9 6.6 3.9-2.9 3.9-6.6-1.7-6.6-3.9-6.6ZM14.4 3.4c-2.2 0-3.9 2.9-3.9 6.6s1.7 6.6 3.9 6.6 3.9-2.9 3.9-6.6-1.7-6.6-3.9-6.6Z", "#eef1f4"], ["M5.6 3.4c-2.2 0-3.9 2.9-3.9 6.6s1.7 6.6 3.9 6.6 3.9-2.9 3.9-6.6-1.7-6.6-3.9-6.6ZM14.4 3.4c-2.2 0-3.9 2.9-3.9 6.6s1.7 6.6 3.9 6.6 3.9-2.9 3.9-6.6-1.7-6.6-3.9-6.6Z", GREY, 1], ["M4.6 10.4v1.2M13.4 10.4v1.2", "#3d4a57", 3]]],
  gear: ["⚙️", [["M10 3v14M3 10h14M5 5l10 10M15 5 5 15", GREY, 2.8], ["M10 5a5 5 0 1 0 0 10 5 5 0 0 0 0-10Z", GREY], ["M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z", "#fff"]]],
  heart: ["❤️", [[heart, RED]]],
  heavy_check_mark: ["✔️", [["M3.6 10.8 8 15.2 16.6 5.4", "currentColor", 2.8]]],
  hourglass: ["⌛", glass],
  hourglass_flowing_sand: ["⏳", glass],
  heavy_minus_sign: ["➖", [["M3.5 10h13", INK, 2.8]]],
  information_source: ["ℹ️", [box(BLUE), ["M10 9.2V15M10 5.8v.1", "#fff", 2.2]]],
  key: ["🔑", [["M13 2.5a4.6 4.6 0 0 0-4.4 6L2.4 14.7v3h3.2l.4-2 2-.4.4-2 1.6-1.6a4.6 4.6 0 1 0 3-9.2Z", GOLD], ["M14 6h.1", INK, 2]]],
  large_blue_circle: ["🔵", [disc(BLUE)]],
  large_green_circle: ["🟢", [disc(GREEN)]],
  large_yellow_circle: ["🟡", [disc(GOLD)]],
  link: ["🔗", [["M8.6 11.4a3.4 3.4 0 0 0 4.8 0l3-3a3.4 3.4 0 0 0-4.8-4.8l-1 1M11.4 8.6a3.4 3.4 0 0 0-4.8 0l-3 3a3.4 3.4 0 0 0 4.8 4.8l1-1", "#7f93a8", 2]]],
  lock: ["🔒", [["M6 9V6.4a4 4 0 0 1 8 0V9", GREY, 2.2], ["M4 8.6h12a1 1 0 0 1 1 1V17a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9.6a1 1 0 0 1 1-1Z", GOLD], ["M10 12v2.5", INK, 1.8]]],
  mag: ["🔍", [["M8.2 2.5a5.7 5.7 0 1 0 0 11.4 5.7 5.7 0 0 0 0-11.4Z", "#cfe3ea"], ["M8.2 2.5a5.7 5.7 0 1 0 0 11.4 5.7 5.7 0 0 0 0-11.4ZM12.4 12.4 17.4 17.4", GREY, 2]]],
  memo: ["📝", [box("#f4f1e6"), ["M5.5 6.5h7M5.5 10h5M5.5 13.5h3.5", GREY, 1.5], ["M10.5 14.5 17 8l1.6 1.6L12 16l-2 .5Z", GOLD]]],
  mute: ["🔇", [["M2.5 7.5h3.4L11 3.4v13.2L5.9 12.5H2.5Z", GREY], ["M13.2 7.4l5 5.2M18.2 7.4l-5 5.2", RED, 1.9]]],
  neutral_face: ["😐", face(["M6.6 13.2h6.8", INK, 1.6])],
  no_bell: ["🔕", [...bell, ["M3.5 17.5 16.5 2.5", RED, 2]]],
  no_entry: ["⛔", [disc(RED), ["M5.5 10h9", "#fff", 3]]],
  no_entry_sign: ["🚫", [["M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM5 5l10 10", RED, 2.4]]],
  outbox_tray: ["📤", [["M2 11h4l1.5 2.5h5L14 11h4v6a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1Z", GREY], ["M10 11V3M6.8 5.8 10 2.6l3.2 3.2", BLUE, 2]]],
  pencil2: ["✏️", [["M4.6 11.8 13.2 3.2l3.6 3.6-8.6 8.6Z", GOLD], ["M4.6 11.8l3.6 3.6L2.6 17.4Z", INK]]],
  pushpin: ["📌", [["M10 12v6", GREY, 1.8], ["M6.5 2h7l-1 2.5.6 3.5 2.4 3.5h-11L6.9 8l.6-3.5Z", RED]]],
  question: ["❓", [["M6.4 6.2a3.7 3.7 0 1 1 5.4 3.4c-1.3.8-1.8 1.5-1.8 3M10 16.5v.2", RED, 2.7]]],
  red_circle: ["🔴", [disc(RED)]],
  rocket: ["🚀", [["M11 13.5 6.5 9C8 4.5 11.5 2 17.5 2.5 18 8.5 15.5 12 11 13.5Z", "#9fb3c5"], ["M6.5 9 3 9.5 5.5 6H8.4ZM11 13.5l-.5 3.5 3.5-2.5v-2.9Z", RED], ["M5.5 12 3 17l5-2.5Z", GOLD], ["M13 7h.1", BLUE, 2.6]]],
  scales: ["⚖️", [["M10 2.5v14M6 17h8M3.5 5h13", GREY, 1.6], ["M1.2 11.5 4 5.4l2.8 6.1a2.9 2.9 0 0 1-5.6 0ZM13.2 11.5 16 5.4l2.8 6.1a2.9 2.9 0 0 1-5.6 0Z", GOLD]]],
  slightly_frowning_face: ["🙁", face(["M6.6 14c1.9-1.7 4.9-1.7 6.8 0", INK, 1.6])],
  slightly_smiling_face: ["🙂", face(["M6.4 12.2c1.9 2.2 5.3 2.2 7.2 0", INK, 1.6])],
  smile: ["😄", face(["M5.8 11.2c.6 5.4 7.8 5.4 8.4 0Z", INK])],
  speech_balloon: ["💬", [["M3 3.5h14a1.5 1.5 0 0 1 1.5 1.5v7.5A1.5 1.5 0 0 1 17 14h-7l-4 3.6V14H3a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 3 3.5Z", "#b7c6d4"], ["M6 8.8h.1M10 8.8h.1M14 8.8h.1", "#fff", 2.2]]],
  star: ["⭐", [[star, GOLD]]],
  tada: ["🎉", [["M2 18 6.5 7.5l6 6Z", GOLD], ["M9 6.5c1-1.5.8-3-.2-4.5M13.5 11c1.5-1.2 3-1.2 4.5-.2M11.5 8.5 16 4", RED, 1.5], ["M13 3h.1M17.5 7h.1M14.5 15h.1", BLUE, 2]]],
  thumbsdown: ["👎", [[flip(thumb), GOLD], [flip("M2.4 9h2.8v8.4H2.4Z"), BLUE]]],
  thumbsup: ["👍", [[thumb, GOLD], ["M2.4 9h2.8v8.4H2.4Z", BLUE]]],
  trophy: ["🏆", [["M5 4H2.5c0 3.5 1.5 5 3.5 5M15 4h2.5c0 3.5-1.5 5-3.5 5", GOLD, 1.6], ["M5.5 2.5h9V7c0 3-1.7 5-4.5 5S5.5 10 5.5 7ZM9 11.5h2V15h2.5v2.5h-7V15H9Z", GOLD]]],
  unlock: ["🔓", [["M6 9V6.4a4 4 0 0 1 7.8-1.2", GREY, 2.2], ["M4 8.6h12a1 1 0 0 1 1 1V17a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9.6a1 1 0 0 1 1-1Z", GOLD]]],
  warning: ["⚠️", [["M8.7 2.9a1.5 1.5 0 0 1 2.6 0l7 12.6a1.5 1.5 0 0 1-1.3 2.2H3a1.5 1.5 0 0 1-1.3-2.2Z", GOLD], ["M10 7.4v4.6M10 14.8v.1", INK, 1.9]]],
  wastebasket: ["🗑️", [["M4 6.5h12l-1.2 11.2a1 1 0 0 1-1 .8H6.2a1 1 0 0 1-1-.8Z", "#9fb3c5"], ["M2.8 5.2h14.4M8 3h4M8 9.5l.3 6M12 9.5l-.3 6", "#5f7386", 1.7]]],
  wave: ["👋", [["M6 9 4.5 5.5M8.5 8 7 3.5M11 7.5l-1-4.3M13.3 8.5 13 5.5", GOLD, 2.2], ["M5 9.5 13.5 7l1.8 2.7 1.5-2.2c1.3.2 1.5 1.2 1 2.5l-1.8 4.5c-2 3.7-6.8 4.2-9 0Z", GOLD]]],
  white_check_mark: ["✅", [box(GREEN), tick("#fff")]],
  white_circle: ["⚪", [["M10 2.4a7.6 7.6 0 1 0 0 15.2 7.6 7.6 0 0 0 0-15.2Z", GREY, 1.5]]],
  x: ["❌", [["M4 4 16 16M16 4 4 16", RED, 3]]],
};

const ALSO = {
  "+1": "thumbsup", "-1": "thumbsdown", cry: "slightly_frowning_face", face_with_rolling_eyes: "neutral_face",
  frowning: "slightly_frowning_face", grinning: "smile", rage: "angry", rotating_light: "bell", stopwatch: "clock3",
  alarm_clock: "clock3", pencil: "memo", spiral_calendar_pad: "calendar", date: "calendar", smiley: "smile", grin: "smile",
};

/** Mirrors a path top to bottom by giving its coordinates to an SVG transform. */
function flip(path) {
  return { d: path, transform: "matrix(1 0 0 -1 0 20)" };
}

const BY_CHARACTER = new Map(Object.entries(DRAWN).map(([name, [character]]) => [character.replace("\ufe0f", ""), name]));
const CHARACTERS = [...BY_CHARACTER.keys()].join("|");
const ANY = new RegExp(`:([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?|(${CHARACTERS})\ufe0f?`, "gu");

/** Returns the emoji of that name as a node, or null when we have none. */
export function emoji(name) {
  const [character, shapes] = DRAWN[ALSO[name] ?? name] ?? [];
  if (!character) return null;
  const drawing = svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, shapes.map(([path, colour, width]) => {
    const shape = typeof path === "string" ? { d: path } : path;
    return svg("path", width
      ? { ...shape, fill: "none", stroke: colour, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" }
      : { ...shape, fill: colour });
  }));
  return h("span", { class: "emoji", title: `:${name}:` }, h("span", { class: "unseen" }, character), drawing);
}

/** Returns the text as nodes, with `:name:` and the characters that we can draw as pictures. */
export function withEmoji(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ANY)) {
    const picture = emoji(match[1] ?? BY_CHARACTER.get(match[2]));
    if (!picture) continue;
    if (match.index > end) nodes.push(text.slice(end, match.index));
    nodes.push(picture);
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}
