import { formatScore } from "../elements/numbers.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [480, 150];
const [LEFT, RIGHT, TOP, BOTTOM] = [36, 10, 8, 24];
const STEPS = [1, 2, 5, 10, 20, 50];
const MOST_TICKS = 4;

/**
 * The totals in reading order, with both axes; null below two.
 *
 * @param {RankedRow[]} rows
 * @param {(item: Item) => void} onOpen
 */
export function dotPlot(rows, onOpen) {
  if (rows.length < 2) return null;
  const { bottom, top, step } = axisOf(rows.map((row) => row.total));
  const x = (/** @type {number} */ index) => LEFT + 8 + (index * (WIDTH - LEFT - RIGHT - 16)) / (rows.length - 1);
  const y = (/** @type {number} */ total) => TOP + ((top - total) * (HEIGHT - TOP - BOTTOM)) / (top - bottom);
  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "kp-dots", role: "img" });
  const range = rows.map((row) => row.total);
  svg.setAttribute(
    "aria-label",
    `按阅读先后的总分，${rows.length} 件，最低 ${formatScore(Math.min(...range))}，最高 ${formatScore(Math.max(...range))}`,
  );
  for (let total = bottom; total <= top; total += step) {
    svg.append(node("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(total), y2: y(total) }));
    svg.append(text(LEFT - 6, y(total) + 5, formatScore(total), "end"));
  }
  svg.append(text(LEFT + 8, HEIGHT - 6, "先读", "start"), text(WIDTH - RIGHT, HEIGHT - 6, "后读", "end"));
  rows.forEach((row, index) => {
    const dot = node("circle", { cx: x(index), cy: y(row.total), r: 4 });
    dot.addEventListener("click", () => onOpen(row.item));
    const title = node("title", {});
    title.textContent = `${row.item.label}　${row.text}`;
    dot.append(title);
    svg.append(dot);
  });
  return svg;
}

/**
 * The least and the greatest tick around some totals, and the step between ticks.
 *
 * @param {number[]} totals
 */
function axisOf(totals) {
  const [low, high] = [Math.min(...totals), Math.max(...totals)];
  const step = STEPS.find((candidate) => (high - low) / candidate <= MOST_TICKS) ?? STEPS.at(-1);
  const bottom = Math.floor(low / step) * step;
  return { bottom, top: Math.max(Math.ceil(high / step) * step, bottom + step), step };
}

/** @param {number} x @param {number} y @param {string} words @param {string} anchor */
function text(x, y, words, anchor) {
  const label = node("text", { x, y, "text-anchor": anchor });
  label.textContent = words;
  return label;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function node(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
