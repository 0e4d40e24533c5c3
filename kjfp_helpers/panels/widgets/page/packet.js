// The packet as the page holds it: cases, what is saved of each and what is typed.

class Packet {
  constructor(welcome) {
    this.take(welcome);
    this.current = null;
    this.filter = "all";
    this.finished = []; // when cases were finished in this page, for the pace
  }

  take(welcome) {
    const texts = new Map(this.list?.map((one) => [one.key, one.texts]));
    Object.assign(this, welcome);
    this.list = welcome.cases.map((one) => ({ ...one, saved: { ...one }, texts: texts.get(one.key) ?? {} }));
    this.byKey = new Map(this.list.map((one) => [one.key, one]));
    this.scale = welcome.scale && new Scale(welcome.scale);
  }

  // Lays what is not acknowledged yet over what is saved.
  overlay(items) {
    for (const item of items) {
      const one = this.byKey.get(item.case);
      if (one && item.type === "save") Object.assign(one, { answers: { ...item.answers }, comment: item.comment });
    }
  }

  settle(state) {
    const one = state && this.byKey.get(state.key);
    if (one) {
      one.saved = { ...one.saved, ...state };
      one.parked = state.parked;
      one.note = state.note;
    }
    return one;
  }

  revert(one) {
    Object.assign(one, { answers: { ...one.saved.answers }, comment: one.saved.comment, texts: {} });
  }

  remove(key) {
    const at = this.list.findIndex((one) => one.key === key);
    if (at < 0) return null;
    this.list.splice(at, 1);
    this.byKey.delete(key);
    return this.list[Math.min(at, this.list.length - 1)] ?? null;
  }

  criteria(one) {
    return this.questions[one.kind];
  }

  // Criteria without a mark, and those where something stands typed that is not recorded.
  missing(one) {
    return this.criteria(one).filter((question) => !(question.id in one.answers) || question.id in one.texts);
  }

  total(one) {
    if (!this.scale || this.missing(one).length) return null;
    return this.criteria(one).reduce((sum, question) => sum + question.weight * one.answers[question.id], 0);
  }

  unexplained(one) {
    if (!this.scale || one.comment.trim()) return [];
    return this.criteria(one).filter(
      (question) => question.id in one.answers && this.scale.extreme(one.answers[question.id]),
    );
  }

  done(one) {
    return this.missing(one).length === 0;
  }

  owing(one) {
    return this.done(one) && this.unexplained(one).length > 0;
  }

  state(one) {
    if (this.done(one)) return this.owing(one) ? "owing" : "done";
    if (one.parked) return "parked";
    return Object.keys(one.answers).length || one.comment ? "begun" : "open";
  }

  passes(one) {
    if (this.filter === "open") return !this.done(one);
    return this.filter === "parked" ? one.parked : true;
  }

  beside(step) {
    for (let at = this.list.indexOf(this.current) + step; this.list[at]; at += step) {
      if (this.passes(this.list[at])) return this.list[at];
    }
    return null;
  }

  // The next case without all its marks, round to the first; then parked ones; then what still owes.
  unfinished(from = this.current) {
    const at = this.list.indexOf(from) + 1;
    const order = [...this.list.slice(at), ...this.list.slice(0, at)].filter((one) => one !== from || !from);
    const open = order.find((one) => !this.done(one) && !one.parked);
    return open ?? order.find((one) => !this.done(one)) ?? order.find((one) => this.owing(one)) ?? null;
  }

  may(what) {
    return this.can.includes(what);
  }

  get counts() {
    const done = this.list.filter((one) => this.done(one)).length;
    return { done, owing: this.list.filter((one) => this.owing(one)).length,
      parked: this.list.filter((one) => one.parked).length,
      commented: this.list.filter((one) => one.comment.trim()).length,
      typed: this.list.reduce((sum, one) => sum + Object.keys(one.texts).length, 0), total: this.list.length };
  }

  // Minutes a case, from the cases finished in this page; none before the third.
  pace() {
    const times = this.finished;
    if (times.length < 3) return null;
    return middle(times.slice(1).map((time, at) => (time - times[at]) / 60000));
  }
}
