import { h } from "../elements/dom.js";
import { formatScore } from "../elements/numbers.js";
import { remarksOn } from "./ownRanking.js";

/** @import { Packet } from "../data/packet.js" */

/**
 * The scored items of a kind with all their scores, the best first.
 *
 * @param {Packet} packet
 * @param {string} title of the kind
 * @param {OwnRanking} ranking
 * @param {(item: Item) => void} onOpen
 */
export function rankingTable(packet, title, ranking, onOpen) {
  if (!ranking.sorted.length) return h("p", { class: "kj-muted" }, "还没有评完的材料。");
  const remarks = remarksOn(ranking);
  const questions = packet.criteria(ranking.items[0]);
  /** @param {string} text @param {string} [look] */
  const head = (text, look) => h("th", { class: look, scope: "col" }, text);
  /** @param {RankedRow} row */
  const line = (row) =>
    h(
      "tr",
      {},
      h("td", { class: "num" }, String(row.rank)),
      h("td", { class: "nowrap" }, openButton(row.item, onOpen)),
      questions.map(({ id }) => h("td", { class: "num" }, formatScore(row.item.answers[id]))),
      h("td", { class: "num" }, h("b", {}, row.text)),
      h("td", {}, remarks(row)),
    );
  return h(
    "div",
    { class: "kj-scroll", tabindex: "0", role: "region", "aria-label": `${title}名次` },
    h(
      "table",
      { class: "kj kp-ranking" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head("名次", "num"),
          head("材料"),
          questions.map((question) => head(question.title, "num")),
          head("总分", "num"),
          head("提示"),
        ),
      ),
      h("tbody", {}, ranking.sorted.map(line)),
    ),
  );
}

/**
 * What is left of a kind, a line for each state: not finished, parked, owing a comment.
 *
 * @param {Packet} packet
 * @param {Item[]} items
 * @param {(item: Item) => void} onOpen
 */
export function leftOver(packet, items, onOpen) {
  /** @type {[string, (item: Item) => boolean, (item: Item) => string][]} */
  const states = [
    ["未评完", (item) => ["open", "begun"].includes(packet.state(item)), (item) => missingNote(packet, item)],
    ["搁置", (item) => packet.state(item) === "parked", (item) => missingNote(packet, item)],
    ["待补评语", (item) => packet.needsComment(item), () => ""],
  ];
  return states.map(([title, test, note]) => {
    const found = items.filter(test);
    if (!found.length) return null;
    const links = found.map((item) => h("li", {}, openButton(item, onOpen), note(item)));
    return h("div", { class: "kp-left-over" }, h("b", {}, `${title} ${found.length} 件`), h("ul", {}, links));
  });
}

/** @param {Packet} packet @param {Item} item */
function missingNote(packet, item) {
  const missing = packet.missing(item).length;
  return missing === packet.criteria(item).length ? "" : `（缺 ${missing} 项）`;
}

/** @param {Item} item @param {(item: Item) => void} onOpen */
function openButton(item, onOpen) {
  return h("button", { class: "kp-link", onclick: () => onOpen(item) }, item.label);
}
