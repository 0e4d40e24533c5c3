// The comment and the phrases that the rubric offers for it: Alt and a digit, or Tab and Enter.

class Comment {
  constructor(packet, on) {
    Object.assign(this, { packet, on, at: 0, about: [] });
    this.field = h("textarea", { rows: "2", maxlength: "4000", "aria-label": "评语", class: "kp-comment",
      oninput: () => on.comment(this.field.value, false), onblur: () => on.comment(this.field.value, true),
      onfocus: (event) => this.node.contains(event.relatedTarget) || this.offer() });
    this.title = h("div", { class: "kj-small kj-muted" });
    this.list = h("div", { class: "kp-list" });
    this.phrases = h("div", { class: "kp-phrases", role: "group", id: "kp-phrases" }, this.title, this.list);
    if (packet.may("phrases")) this.field.setAttribute("aria-describedby", "kp-phrases");
    this.node = h("div", { class: "kp-words" }, this.field, packet.may("phrases") ? this.phrases : null);
  }

  // Begins with a criterion that owes its reason, else with the one that was marked last.
  offer() {
    const one = this.packet.current;
    const active = this.on.active();
    this.about = this.packet.criteria(one).filter((question) => question.phrases?.length);
    const owed = this.packet.unexplained(one);
    const first = owed.find((question) => question === active) ?? owed[0] ?? active;
    this.at = Math.max(0, this.about.indexOf(first));
    this.paint();
  }

  turn(by) {
    this.at = (this.at + by + this.about.length) % this.about.length;
    this.paint();
  }

  paint() {
    const question = this.about[this.at];
    show(this.phrases, Boolean(question));
    if (!question) return;
    setText(this.title, `常用评语：${question.title}（Alt＋数字插入，Alt＋↑↓ 换一项）`);
    this.list.replaceChildren(...question.phrases.map((phrase, at) =>
      h("button", { class: "kp-phrase", "aria-keyshortcuts": `Alt+${at + 1}`, onclick: () => this.put(phrase) },
        h("kbd", { "aria-hidden": "true" }, String(at + 1)), phrase)));
  }

  // Puts a phrase where the cursor is, as typed words are: the browser's own undo takes it back.
  put(phrase) {
    const { field } = this;
    if (field.disabled) return;
    field.focus();
    const before = field.value.slice(0, field.selectionStart).trimEnd();
    const words = before && !/[，。；：、！？,.;:!?\n]$/.test(before) ? `；${phrase}` : phrase;
    if (!document.execCommand("insertText", false, words)) {
      field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
      this.on.comment(field.value, false);
    }
  }

  // Returns whether the key was one of the phrases'.
  press(event) {
    const free = event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing;
    if (!free || !this.about.length || !this.node.contains(event.target)) return false;
    const turn = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    const phrase = this.about[this.at].phrases[Number(digit(event.code)) - 1];
    if (turn) this.turn(turn);
    else if (phrase) this.put(phrase);
    else return false;
    return true;
  }
}

// How many of a kind's comments hold each phrase that was used, the most used first.
function phraseUse(packet, cases) {
  const phrases = cases.length ? packet.criteria(cases[0]).flatMap((question) => question.phrases ?? []) : [];
  return phrases.map((phrase) => [phrase, cases.filter((one) => one.comment.includes(phrase)).length])
    .filter(([, count]) => count).sort((a, b) => b[1] - a[1]);
}
