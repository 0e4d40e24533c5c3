// The keyboard. Keys pressed in the panel never reach JupyterLab, whose command mode would move,
// run or delete the cell, and whose undo would take the place of the text's own; only saving does.

const HELP = [
  ["0–9 .", "打分：输入后按 Enter 或 Tab 记下，点别处也记下；只有一位数的须按 Enter 或 Tab", "undo"],
  ["Alt＋1–9", "按档次给分，随即记下（与点档次相同）", "undo"],
  ["Alt＋＋ －", "本项加、减一档，随即记下（与点 ＋ − 相同）", "undo"],
  ["1–9", "选择；按 Enter 认可程序读出的（虚线框）", "choose"],
  ["Enter", "记下本项，到下一项；都评完后到下一件未评"],
  ["↑ ↓", "上一项、下一项（Tab 也可）"], ["＋ －", "换成后一个、前一个选项", "choose"],
  ["Backspace", "删去；删空后按 Enter，本项改回未评"], ["Esc", "放弃正在输入的，恢复已记的"], ["J  K", "下一件、上一件"], ["N", "下一件未评"], ["G", "跳到某一件"],
  ["F", "筛选"], ["空格", "正文向下翻（Shift＋空格向上）"], ["[  ]", "正文字号"],
  ["U", "撤回上一次评分", "undo"], ["P", "搁置、取消搁置", "park"], ["C", "写评语（Esc 回到打分）"],
  ["Alt＋1–9", "写评语时插入常用评语；Alt＋↑↓ 换一项", "phrases"],
  ["R", "回避、补充回避声明", "recuse"], ["B", "选入、移出对比", "compare"], ["V", "并排对比已选的 2–4 件", "compare"],
  ["M", "总览、封存、打印", "seal"], ["?", "本说明"],
];
const PASS = new Set(["F5", "F11", "F12"]);
const SIGN = { Period: ".", NumpadDecimal: "." };

const PLUS_MINUS = { Equal: 1, NumpadAdd: 1, Minus: -1, NumpadSubtract: -1 };

function isEnter(event) {
  return event.code === "Enter" || event.code === "NumpadEnter";
}

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
      Escape: () => app.form.active?.drop?.() || app.form.begin(), KeyM: may("seal", () => app.mirror()), BracketLeft: () => app.resize(-1),
      BracketRight: () => app.resize(1), Slash: (event) => (event.shiftKey || event.key === "?") && app.help(),
      Space: (event) => app.page(event.shiftKey ? -1 : 1), PageDown: () => app.page(1), PageUp: () => app.page(-1),
    };
  }

  press(event) {
    const free = guard(event);
    if (event.target.closest("dialog, .kp-cover")) return;
    const taken = free ? this.pressFree(event) : this.app.form.words.press(event) || this.pressWithAlt(event);
    if (taken) event.preventDefault();
  }

  // Returns whether the key was taken.
  pressFree(event) {
    const sign = event.shiftKey ? undefined : digit(event.code);
    if (this.app.form.resume(sign, isEnter(event), event.timeStamp)) return true;
    const writing = event.target.matches("textarea, select, input:not(.kp-mark, [type=checkbox])");
    return writing ? this.write(event) : this.act(event, sign);
  }

  // Alt and a digit: the level of the current criterion; with + or -, one step of its mark.
  pressWithAlt(event) {
    const { form: { active }, writable } = this.app;
    const alone = event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing;
    if (!alone || !writable || !active?.levels) return false;
    const at = Number(digit(event.code)) - 1;
    const by = PLUS_MINUS[event.code];
    if (by) active.step(by);
    else if (active.question.levels[at]) active.chooseLevel(at);
    else return false;
    return true;
  }

  // In a text: Esc leaves it; in the reason, Enter confirms.
  write(event) {
    const { form } = this.app;
    if (event.code === "Escape") {
      form.ask(false);
      form.begin();
      return true;
    }
    if (!isEnter(event) || event.target !== form.reason) return false;
    form.recuse();
    return true; // else the same Enter would press what is asked
  }

  act(event, sign) {
    const { app } = this;
    const entry = app.form.entries.find((one) => one.field.contains(event.target));
    if (app.writable && this.enter(event, sign, entry)) return true;
    const button = event.target.matches("button, input[type=checkbox]");
    if (button && ["Space", "Enter", "NumpadEnter"].includes(event.code)) return false;
    const act = this.acts[event.code];
    if (!act || (event.shiftKey && !["Slash", "Space"].includes(event.code))) return false;
    act(event);
    return true;
  }

  // Keys of the mark that has the focus; digits elsewhere go to the current criterion.
  enter(event, sign, entry) {
    if (event.code === "ArrowDown" || event.code === "ArrowUp") {
      this.app.form.move(event.code === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (entry) return entry.press(event, sign);
    return sign !== undefined && this.send(event);
  }

  // Moves to the current criterion; the browser then puts the digit there. On the way to the next
  // case a digit is not meant for this one.
  send({ target }) {
    const { app } = this;
    const { form, packet } = app;
    if (!form.active?.detail) return false;
    if (target === form.next && packet.done(packet.current)) {
      app.refreshState("本件已评完；改分请先点那一项");
      return true;
    }
    form.active.field.focus();
    return false;
  }
}
