// The data_visualization block as SVG: bars and pies (docs.slack.dev, data-visualization block).

import { h, svg } from "./dom.js";
import { unknown } from "./mrkdwn.js";

const WIDTH = 520;
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** Returns the chart with its title and legend. */
export function chart(block) {
  const { chart: what = {} } = block;
  const drawn = what.type === "bar" ? bars(what) : what.type === "pie" ? pie(what) : [unknown(`${what.type} chart`)];
  return h("figure", { class: "chart", data: { chart: what.type ?? "" } }, h("figcaption", null, block.title ?? ""), drawn);
}

function bars({ series = [], axis_config: axes = {} }) {
  const names = axes.categories ?? series[0]?.data?.map((point) => point.label) ?? [];
  const value = (line, name) => Number(line.data?.find((point) => point.label === name)?.value ?? 0);
  const values = series.flatMap((line) => names.map((name) => value(line, name)));
  const whole = values.every(Number.isInteger);
  const top = niceTop(Math.max(1, ...values));
  const tilt = names.length * Math.max(...names.map((name) => name.length), 1) > 66;
  const left = (axes.y_label ? 50 : 34) + (tilt ? 36 : 0);
  const height = 168;
  const base = height + 14;
  const total = base + (tilt ? 24 + 4 * Math.max(...names.map((name) => name.length)) : 24) + (axes.x_label ? 20 : 0);
  const slot = (WIDTH - left - 8) / Math.max(1, names.length);
  const thick = Math.min(46, (slot * 0.72) / Math.max(1, series.length));
  const y = (amount) => base - (amount / top) * height;
  const lines = [0, 0.25, 0.5, 0.75, 1].map((part) => part * top)
    .filter((amount) => Number.isInteger(amount) || !whole);

  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${total}`, role: "img", "aria-label": inWords(series, names, value) },
    lines.map((amount) => [
      svg("line", { class: "grid", x1: left, x2: WIDTH - 8, y1: y(amount), y2: y(amount) }),
      svg("text", { class: "tick", x: left - 7, y: y(amount) + 3.5, "text-anchor": "end" }, number.format(amount)),
    ]),
    names.map((name, column) => {
      const middle = left + slot * (column + 0.5);
      return [
        series.map((line, row) => {
          const amount = value(line, name);
          const x = middle - (thick * series.length) / 2 + thick * row;
          return svg("g", null,
            svg("title", null, `${series.length > 1 ? `${line.name}, ` : ""}${name}: ${number.format(amount)}`),
            svg("path", { class: `tone-${row % 6}`, d: roundTop(x + 1, y(amount), Math.max(2, thick - 2), base - y(amount)) }),
            thick > 16 && svg("text", { class: "amount", x: x + thick / 2, y: y(amount) - 5, "text-anchor": "middle" },
              number.format(amount)));
        }),
        svg("text", {
          class: "tick", x: middle, y: base + 16, "text-anchor": tilt ? "end" : "middle",
          transform: tilt ? `rotate(-38 ${middle} ${base + 12})` : null,
        }, name),
      ];
    }),
    axes.x_label && svg("text", { class: "axis", x: left + (WIDTH - left) / 2, y: total - 4, "text-anchor": "middle" },
      axes.x_label),
    axes.y_label && svg("text", {
      class: "axis", x: 12, y: base - height / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${base - height / 2})`,
    }, axes.y_label));
  return [picture, series.length > 1 && legend(series.map((line) => [line.name]))];
}

function inWords(series, names, value) {
  const amounts = (line) => names.map((name) => `${name} ${number.format(value(line, name))}`).join(", ");
  return series.map((line) => `${line.name}: ${amounts(line)}`).join("; ");
}

function niceTop(most) {
  const step = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 6, 8, 10].map((times) => times * step).find((top) => top >= most);
}

function roundTop(x, y, width, height) {
  const corner = Math.min(4, width / 2, height);
  const side = height - corner;
  const flat = width - 2 * corner;
  return `M${x} ${y + height}v${-side}q0 ${-corner} ${corner} ${-corner}h${flat}q${corner} 0 ${corner} ${corner}v${side}Z`;
}

function pie({ segments = [] }) {
  const total = segments.reduce((sum, segment) => sum + Number(segment.value), 0) || 1;
  let turn = -Math.PI / 2;
  const slices = segments.map((segment, index) => {
    const share = Number(segment.value) / total;
    const from = turn;
    turn += share * 2 * Math.PI;
    const point = (angle) => `${(90 + 80 * Math.cos(angle)).toFixed(2)} ${(90 + 80 * Math.sin(angle)).toFixed(2)}`;
    const title = svg("title", null, `${segment.label}: ${number.format(segment.value)} (${percent(share)})`);
    const look = `slice tone-${index % 6}`;
    if (share > 0.9999) return svg("circle", { class: look, cx: 90, cy: 90, r: 80 }, title);
    const arc = `A80 80 0 ${share > 0.5 ? 1 : 0} 1 ${point(turn)}`;
    return svg("path", { class: look, d: `M90 90L${point(from)}${arc}Z` }, title);
  });
  const words = segments.map((segment) => `${segment.label} ${number.format(segment.value)}`).join(", ");
  return h("div", { class: "pie" },
    svg("svg", { viewBox: "0 0 180 180", role: "img", "aria-label": words }, slices),
    legend(segments.map(({ label, value }) => [label, number.format(value), percent(Number(value) / total)])));
}

const percent = (share) => `${Math.round(share * 100)}%`;

function legend(rows) {
  return h("ul", { class: "legend" }, rows.map(([name, ...rest], index) =>
    h("li", null,
      h("span", { class: `swatch tone-${index % 6}` }),
      h("span", null, name),
      rest.map((part) => h("b", null, part)))));
}
