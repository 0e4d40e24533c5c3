import { digitOf, guardKey, isAltOnly, isEnter, PLUS_MINUS } from "./elements/keyboard.js";

/** @import { ScoringPanel } from "./panel.js" */
/** @import { Input } from "./form/scoreForm.js" */
/** @typedef {KeyboardEvent & {target: HTMLElement}} Key */

/**
 * What single keys do; each returns in a few words what it did, where the page does not show it by itself.
 *
 * @param {ScoringPanel} panel
 * @returns {Record<string, (event: Key) => unknown>}
 */
function shortcutsOf(panel) {
  /** @param {string} ability @param {() => unknown} act */
  const ifAble = (ability, act) => () => (panel.packet.can(ability) ? act() : undefined);
  /** @param {number} by @param {string} none */
  const step = (by, none) => {
    if (!panel.packet.neighbor(by)) return none;
    panel.step(by);
    return panel.packet.current.label;
  };
  const { view } = panel;
  return {
    KeyJ: () => step(1, "已是最后一件"),
    KeyK: () => step(-1, "已是第一件"),
    KeyN: () => panel.next(),
    KeyG: () => focus(view.bar.jump, "选择要跳到的一件"),
    KeyF: () => panel.turnFilter(),
    KeyU: ifAble("undo", () => panel.undo()),
    KeyP: ifAble("park", () => panel.park()),
    KeyC: () => focus(panel.form.comment, "写评语，Esc 返回评分"),
    KeyR: ifAble("recuse", () => {
      if (!panel.writable) return "现在不能改动";
      panel.form.recusal.toggle(true);
      return "填写回避理由，Esc 取消";
    }),
    KeyB: ifAble("compare", () => panel.choose()),
    KeyV: ifAble("compare", () => panel.compare()),
    KeyM: ifAble("seal", () => panel.showSelfCheck()),
    Escape: () => panel.form.active?.drop() || panel.form.begin(),
    BracketLeft: () => panel.resize(-1),
    BracketRight: () => panel.resize(1),
    Slash: (event) => (event.shiftKey || event.key === "?") && panel.help(),
    Space: (event) => panel.scrollPage(event.shiftKey ? -1 : 1),
    PageDown: () => panel.scrollPage(1),
    PageUp: () => panel.scrollPage(-1),
  };
}

/** @param {HTMLElement} node @param {string} text */
function focus(node, text) {
  node.focus();
  return text;
}

/** The keyboard of a panel; keys that it handles do nothing else. */
export class Shortcuts {
  /** @param {ScoringPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.actions = shortcutsOf(panel);
  }

  /** @param {Key} event */
  press(event) {
    const free = guardKey(event);
    if (event.target.closest("dialog, .kp-cover")) return;
    const handled = free ? this.pressFree(event) : this.panel.form.commentBox.press(event) || this.pressWithAlt(event);
    if (handled) event.preventDefault();
  }

  /**
   * Returns whether the key was handled.
   *
   * @param {Key} event
   */
  pressFree(event) {
    const digit = event.shiftKey ? undefined : digitOf(event.code);
    if (this.panel.form.resume(digit, isEnter(event), event.timeStamp)) return true;
    const writing = event.target.matches("textarea, select, input:not(.kp-mark, [type=checkbox])");
    return writing ? this.write(event) : this.act(event, digit);
  }

  /**
   * Alt and a digit: the level of the current criterion; with + or -, one step of its score.
   *
   * @param {Key} event
   */
  pressWithAlt(event) {
    const {
      form: { active },
      writable,
    } = this.panel;
    if (!isAltOnly(event) || !writable || !active || !("levels" in active)) return false;
    const index = Number(digitOf(event.code)) - 1;
    const by = PLUS_MINUS[event.code];
    if (by) active.step(by);
    else if (active.question.levels[index]) active.chooseLevel(index);
    else return false;
    return true;
  }

  /**
   * In a text: Esc leaves it; in the reason of a recusal, Enter confirms.
   *
   * @param {Key} event
   */
  write(event) {
    const { form } = this.panel;
    if (event.code === "Escape") {
      form.recusal.toggle(false);
      form.begin();
      return true;
    }
    if (!isEnter(event) || event.target !== form.recusal.reason) return false;
    form.recusal.submit();
    return true; // else the same Enter would press what is asked
  }

  /** @param {Key} event @param {string | undefined} digit */
  act(event, digit) {
    const { panel } = this;
    const input = panel.form.inputs.find((candidate) => candidate.field.contains(event.target));
    if (panel.writable && this.enter(event, digit, input)) return true;
    const button = event.target.matches("button, input[type=checkbox]");
    if (button && ["Space", "Enter", "NumpadEnter"].includes(event.code)) return false;
    const action = this.actions[event.code];
    if (!action || (event.shiftKey && !["Slash", "Space"].includes(event.code))) return false;
    const told = action(event);
    if (typeof told === "string") panel.say(told);
    return true;
  }

  /**
   * Keys of the input that has the focus; digits elsewhere go to the current criterion.
   *
   * @param {Key} event
   * @param {string | undefined} digit
   * @param {Input | undefined} input
   */
  enter(event, digit, input) {
    if (event.code === "ArrowDown" || event.code === "ArrowUp") {
      this.panel.form.move(event.code === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (input) return input.press(event, digit);
    return digit !== undefined && this.redirectDigit(event);
  }

  /**
   * Focus the current criterion; the browser then puts the digit there. On the way to the next item a
   * digit is not meant for this one.
   *
   * @param {Key} event
   */
  redirectDigit({ target }) {
    const { panel } = this;
    const { form, packet } = panel;
    if (!form.active?.detail) return false;
    if (target === form.next && packet.isDone(packet.current)) {
      panel.refreshState("本件已评完；改分请先点那一项");
      return true;
    }
    form.active.field.focus();
    return false;
  }
}
