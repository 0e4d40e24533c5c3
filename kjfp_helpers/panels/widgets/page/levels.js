// The levels of the criterion that is being marked: each is a button that gives its mark.

class Levels {
  constructor(question, scale, choose) {
    Object.assign(this, { question, scale });
    const { levels } = question;
    this.buttons = levels.map((level, at) => h("button", {
      class: "kp-level", tabindex: "-1", "aria-pressed": "false", "aria-keyshortcuts": `Alt+${at + 1}`,
      disabled: level.mark === null,
      onmousedown: (event) => event.preventDefault(), onclick: () => choose(at),
      onmouseenter: () => this.tell(at), onmouseleave: () => this.tell(),
    }, h("b", {}, level.title), h("i", {}, this.range(at)), h("span", {}, level.text)));
    this.words = h("div", { class: "kp-level-words" });
    this.hint = h("span", { class: "kp-hint" });
    this.node = h("div", { class: "kp-detail" },
      h("div", { class: "kp-detail-head" }, h("span", { class: "kp-current" }, `当前项：${question.title}`),
        this.hint),
      h("div", { class: "kp-ask" }, question.ask),
      h("div", { class: "kp-levels", role: "group", "aria-label": `${question.title}的档次` }, this.buttons), this.words);
    this.at = -1;
  }

  range(at) {
    const { levels } = this.question;
    const top = at ? this.scale.beside(levels[at - 1].least, -1) ?? levels[at - 1].least : this.scale.most;
    return `${plain(levels[at].least)}–${plain(top)}`;
  }

  paint(mark) {
    this.at = mark === undefined ? -1 : this.question.levels.findIndex((level) => mark >= level.least);
    this.buttons.forEach((node, at) => {
      node.classList.toggle("on", at === this.at);
      node.setAttribute("aria-pressed", String(at === this.at));
      node.title = this.result(at);
    });
    this.tell();
  }

  // What a click on a level does.
  result(at) {
    const { mark } = this.question.levels[at];
    if (at === this.at) return "已是这一档，可用 − ＋ 调整";
    return mark === null ? "" : `点一下记 ${plain(mark)} 分（Alt＋${at + 1}）`;
  }

  // Where the buttons stand in a line, the words of one level stand below them.
  tell(at) {
    const level = this.question.levels[at ?? this.at];
    setText(this.hint, at === undefined ? "点档次记分，可再用 − ＋ 调整" : this.result(at));
    setText(this.words, level ? `${level.title}：${level.text}` : this.question.ask);
  }

  lock(locked) {
    this.buttons.forEach((node, at) => (node.disabled = locked || this.question.levels[at].mark === null));
  }
}
