// The keyboard. Keys pressed in the panel never reach JupyterLab, whose command mode would move,
// run or delete the cell, and whose undo would take the place of the text's own; only saving does.

const HELP = [
  ["0–9 .", "打分：两位数打完即记下并到下一项；10 和个位数按 Enter 记下；100 打三位", "undo"],
  ["1–9", "选择；按 Enter 认可程序读出的（虚线框）", "choose"],
  ["Enter", "记下本项，到下一项；都评完后到下一件未评"],
  ["↑ ↓", "上一项、下一项（Tab 也可）"], ["＋ －", "本项加、减一档"],
  ["Backspace", "删去一位；再按清空本项"], ["J  K", "下一件、上一件"], ["N", "下一件未评"], ["G", "跳到某一件"],
  ["F", "筛选"], ["空格", "正文向下翻（Shift＋空格向上）"], ["[  ]", "正文字号"],
  ["U", "撤回上一次评分", "undo"], ["P", "搁置、取消搁置", "park"], ["C", "写评语（Esc 回到打分）"],
  ["Alt＋1–9", "写评语时插入常用评语；Alt＋↑↓ 换一项", "phrases"],
  ["R", "回避", "recuse"], ["B", "选入、移出对比", "compare"], ["V", "并排对比已选的 2–4 件", "compare"],
  ["M", "总览、封存、打印", "seal"], ["?", "本说明"],
];
const PASS = new Set(["F5", "F11", "F12"]);
const SIGN = { Period: ".", NumpadDecimal: "." };

function digit(code) {
  return /^(?:Digit|Numpad)\d$/.test(code) ? code.at(-1) : SIGN[code];
}

// Keeps a key from Lab; returns whether the panel may act on it.
function guard(event) {
  const composing = event.isComposing || event.keyCode === 229;
  const saving = (event.ctrlKey || event.metaKey) && event.code === "KeyS";
  if (!composing && (saving || PASS.has(event.code))) return false;
  event.stopPropagation();
  return !composing && !event.altKey && !event.ctrlKey && !event.metaKey;
}

class Keys {
  constructor(app) {
    this.app = app;
    const may = (what, act) => () => app.packet.may(what) && act();
    this.acts = {
      KeyJ: () => app.step(1), KeyK: () => app.step(-1), KeyN: () => app.next(), KeyG: () => app.bar.jump.focus(),
      KeyF: () => app.turnFilter(), KeyU: may("undo", () => app.undo()), KeyP: may("park", () => app.park()),
      KeyC: () => app.form.comment.focus(), KeyR: may("recuse", () => app.writable && app.form.ask(true)),
      KeyB: may("compare", () => app.choose()), KeyV: may("compare", () => app.compare()),
      Escape: () => app.form.begin(), KeyM: may("seal", () => app.mirror()), BracketLeft: () => app.resize(-1),
      BracketRight: () => app.resize(1), Slash: (event) => (event.shiftKey || event.key === "?") && app.help(),
      Space: (event) => app.page(event.shiftKey ? -1 : 1), PageDown: () => app.page(1), PageUp: () => app.page(-1),
    };
  }

  press(event) {
    const free = guard(event);
    if (event.target.closest("dialog, .kp-cover")) return;
    if (!free) return this.app.form.words.press(event) && event.preventDefault();
    const writing = event.target.matches("textarea, input, select");
    if (writing ? this.write(event) : this.act(event)) event.preventDefault();
  }

  // In a text: Esc leaves it; in the reason, Enter confirms.
  write(event) {
    const { form } = this.app;
    if (event.code === "Escape") {
      form.ask(false);
      form.begin();
      return true;
    }
    if (event.code.includes("Enter") && event.target === form.reason) form.recuse();
    return false;
  }

  act(event) {
    const { app } = this;
    const entry = app.form.entries.find((one) => one.field.contains(event.target));
    if (app.writable && this.enter(event, entry)) return true;
    const button = event.target.matches("button");
    if (button && ["Space", "Enter", "NumpadEnter"].includes(event.code)) return false;
    const act = this.acts[event.code];
    if (!act || (event.shiftKey && !["Slash", "Space"].includes(event.code))) return false;
    act(event);
    return true;
  }

  // Keys of the mark that has the focus; digits outside a mark go nowhere.
  enter(event, entry) {
    const sign = event.shiftKey ? undefined : digit(event.code);
    if (event.code === "ArrowDown" || event.code === "ArrowUp") {
      this.app.form.move(event.code === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (!entry) return false;
    if (sign !== undefined) entry.type(sign);
    else if (event.code === "Backspace" || event.code === "Delete") entry.erase();
    else if (event.code === "Enter" || event.code === "NumpadEnter") entry.commit(true);
    else if (event.code === "Equal" || event.code === "NumpadAdd") entry.step(1);
    else if (event.code === "Minus" || event.code === "NumpadSubtract") entry.step(-1);
    else return false;
    return true;
  }
}
