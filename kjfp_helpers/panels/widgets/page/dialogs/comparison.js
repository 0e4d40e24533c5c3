import { formatTotal } from "../data/scoringRules.js";
import { h, setText } from "../elements/dom.js";
import { formatScore } from "../elements/numbers.js";
import { showDialog } from "./dialog.js";
/** @import { ScoringPanel } from "../panel.js" */

/**
 * Two to four items in columns, and one criterion across them: the member's own scores only.
 *
 * @param {ScoringPanel} panel
 * @param {Item[]} items
 */
export function showComparison(panel, items) {
  const { packet } = panel;
  const shared = packet
    .criteria(items[0])
    .filter(({ id }) => items.every((item) => packet.criteria(item).some((other) => other.id === id)));
  const criterion = h(
    "select",
    { "aria-label": "评分项", onchange: () => refresh() },
    h("option", { value: "" }, "加权总分"),
    shared.map(({ id, title }) => h("option", { value: id }, title)),
  );
  const heads = items.map(() => h("b", { class: "kp-total" }));
  const node = showDialog(
    panel.root,
    `对比 ${items.length} 件`,
    "wide",
    h("div", { class: "kp-line" }, h("label", {}, "对比指标 ", criterion)),
    h(
      "div",
      { class: "kp-columns", style: `--kp-columns: ${items.length}` },
      items.map((item, index) =>
        h(
          "div",
          { class: "kp-column" },
          h(
            "div",
            { class: "kp-line kp-column-head" },
            heads[index],
            h(
              "button",
              {
                onclick: () => {
                  node.close();
                  panel.open(item);
                },
              },
              "返回评分",
            ),
          ),
          h("div", { class: "kj-pane", html: item.page }),
        ),
      ),
    ),
  );
  const refresh = () =>
    items.forEach((item, index) => {
      const score = criterion.value ? item.answers[criterion.value] : packet.total(item);
      const format = criterion.value ? formatScore : formatTotal;
      const shown = score === undefined || score === null ? "未评完" : format(Number(score));
      setText(heads[index], `${item.label}　${shown}`);
    });
  refresh();
  criterion.focus();
  return node;
}
