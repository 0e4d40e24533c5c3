import { h } from "../elements/dom.js";
import { showDialog } from "./dialog.js";

/** @import { Packet } from "../data/packet.js" */

/**
 * Keys, what they do, and the ability of the page without which they do nothing.
 *
 * @type {[string, string, string?][]}
 */
const SHORTCUTS = [
  ["0–9 .", "打分：输入后按 Enter 或 Tab 记下，点别处也记下；只有一位数的须按 Enter 或 Tab", "undo"],
  ["Alt＋1–9", "按档次给分，随即记下（与点档次相同）", "undo"],
  ["Alt＋＋ －", "本项加、减一档，随即记下（与点 ＋ − 相同）", "undo"],
  ["1–9", "选择；按 Enter 认可程序读出的（虚线框）", "choose"],
  ["Enter", "记下本项，到下一项；都评完后跳至下一件未评材料"],
  ["↑ ↓", "上一项、下一项（Tab 也可）"],
  ["＋ －", "换成后一个、前一个选项", "choose"],
  ["Backspace", "删去；删空后按 Enter，本项改回未评"],
  ["Esc", "放弃正在输入的，恢复已记的"],
  ["J  K", "下一件、上一件"],
  ["N", "跳至下一件未评材料"],
  ["G", "跳到某一件"],
  ["F", "筛选"],
  ["空格", "正文向下翻（Shift＋空格向上）"],
  ["[  ]", "全页字号"],
  ["U", "撤回上一次评分", "undo"],
  ["P", "搁置、取消搁置", "park"],
  ["C", "写评语（Esc 回到打分）"],
  ["Alt＋1–9", "写评语时插入常用评语；Alt＋↑↓ 换一项", "phrases"],
  ["R", "回避、补充回避声明", "recuse"],
  ["B", "选入、移出对比", "compare"],
  ["V", "并排对比已选的 2–4 件", "compare"],
  ["M", "总览、封存、打印", "seal"],
  ["?", "本说明"],
];

/** @param {HTMLElement} root @param {Packet} packet */
export function showShortcutHelp(root, packet) {
  const shown = SHORTCUTS.filter(([, , ability]) => !ability || packet.can(ability));
  return showDialog(
    root,
    "按键说明",
    "",
    h(
      "dl",
      { class: "kj-facts kp-keys" },
      shown.map(([keys, text]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, text)]),
    ),
  );
}
