import { formatTotal } from "../data/scoringRules.js";
import { mean } from "../elements/numbers.js";
import { countPhrases } from "../form/commentBox.js";

/** @import { Packet } from "../data/packet.js" */

const FAR = 2; // standard deviations from the member's own mean
const ENOUGH = 5; // scored items from which "far" means anything

/**
 * The member's own ranking of one kind, as the self-check shows it.
 *
 * @param {Packet} packet
 * @param {string} kind
 * @returns {OwnRanking}
 */
export function rankOwnScores(packet, kind) {
  const items = packet.items.filter((item) => item.kind === kind);
  const rows = items
    .map((item, index) => ({ item, index, total: packet.total(item), text: "", rank: 0 }))
    .filter((row) => row.total !== null);
  for (const row of rows) row.text = formatTotal(row.total);
  const sorted = [...rows].sort((a, b) => b.total - a.total || a.index - b.index);
  for (const row of sorted) row.rank = 1 + sorted.filter((other) => Number(other.text) > Number(row.text)).length;
  return { items, rows, sorted };
}

/**
 * Mean and standard deviation of the totals.
 *
 * @param {RankedRow[]} rows
 */
function spread(rows) {
  const totals = rows.map((row) => row.total);
  const average = mean(totals);
  return { average, deviation: Math.sqrt(mean(totals.map((total) => (total - average) ** 2))) };
}

/** @param {RankedRow[]} rows */
function tieTest(rows) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const row of rows) counts.set(row.text, (counts.get(row.text) ?? 0) + 1);
  return (/** @type {RankedRow} */ row) => counts.get(row.text) > 1;
}

/**
 * Level, drift from early to late and ties of the own scores, a line each; none below three items.
 *
 * @param {OwnRanking} ranking
 * @returns {string[]}
 */
export function describeRanking({ rows, sorted }) {
  if (rows.length < 3) return [];
  const third = Math.floor(rows.length / 3);
  const { average, deviation } = spread(rows);
  const early = mean(rows.slice(0, third).map((row) => row.total));
  const late = mean(rows.slice(-third).map((row) => row.total));
  const drift = late - early;
  const change =
    Math.abs(drift) < 0.05 ? "两者持平" : `后者${drift > 0 ? "高" : "低"} ${Math.abs(drift).toFixed(1)} 分`;
  const ties = sorted.filter(tieTest(sorted)).length;
  return [
    `平均 ${average.toFixed(1)}，标准差 ${deviation.toFixed(1)}。`,
    `先评的三分之一平均 ${early.toFixed(1)}，后评的三分之一平均 ${late.toFixed(1)}，${change}。`,
    ties ? `${ties} 件与其他材料同分。` : "没有同分。",
  ];
}

/**
 * Own use of the rubric's phrases, and scores given once names could be seen.
 *
 * @param {Packet} packet
 * @param {OwnRanking} ranking
 */
export function describeHabits(packet, { items }) {
  const used = countPhrases(packet, items).map(([phrase, count]) => `“${phrase}”${count} 件`);
  const after = items.filter((item) => item.saved.after_reveal).length;
  return [
    used.length ? `用过的常用评语：${used.join("，")}。` : "",
    after ? `${after} 件是揭示身份以后评的。` : "",
  ].filter(Boolean);
}

/**
 * What is remarkable about each row of a ranking.
 *
 * @param {OwnRanking} ranking
 * @returns {(row: RankedRow) => string}
 */
export function remarksOn({ rows, sorted }) {
  const isTied = tieTest(sorted);
  const { average, deviation } = rows.length ? spread(rows) : { average: 0, deviation: 0 };
  return (row) => {
    const far = rows.length >= ENOUGH && Math.abs(row.total - average) > FAR * deviation;
    const remarks = [row.item.saved.after_reveal && "揭示身份后评", isTied(row) && "同分", far && "明显偏离本人均分"];
    return remarks.filter(Boolean).join("，");
  };
}
