import { median } from "../elements/numbers.js";
import { Scale } from "./scale.js";
import { weightedTotal } from "./scoringRules.js";

/** The packet as the page holds it: its items, what is saved of each and what is typed. */
export class Packet {
  /** @param {Welcome} welcome */
  constructor(welcome) {
    /** @type {Item | null} */
    this.current = null;
    this.filter = "all";
    /** @type {number[]} When items were finished in this page, for the pace. */
    this.finishedAt = [];
    /** @type {Item[]} */
    this.items = [];
    this.load(welcome);
  }

  /**
   * Take the state that the kernel sent; what stands typed and unrecorded is kept.
   *
   * @param {Welcome} welcome
   */
  load(welcome) {
    const texts = new Map(this.items.map((item) => [item.key, item.texts]));
    this.code = welcome.packet;
    this.title = welcome.title;
    this.noun = welcome.noun;
    this.material = welcome.material;
    this.activity = welcome.activity;
    this.abilities = welcome.can;
    this.headNote = welcome.note;
    this.rehearsal = welcome.rehearsal;
    this.declared = welcome.declared;
    this.closed = welcome.closed;
    this.questions = welcome.questions;
    this.excludedUnits = welcome.excluded_units ?? [];
    this.relationshipKinds = welcome.relationship_kinds ?? [];
    this.scale = welcome.scale && new Scale(welcome.scale);
    this.rules = JSON.stringify([welcome.questions, welcome.scale, welcome.relationship_kinds]);
    this.setStatus(welcome);
    /** @type {Item[]} */
    this.items = welcome.cases.map((data) => ({ ...data, saved: { ...data }, texts: texts.get(data.key) ?? {} }));
    this.byKey = new Map(this.items.map((item) => [item.key, item]));
  }

  /**
   * Take what became of the packet as a whole.
   *
   * @param {PacketStatus} status
   */
  setStatus(status) {
    this.sealed = status.sealed;
    this.revealedAt = status.revealed_at;
    this.signed = status.signed;
    this.needsNewSignature = status.needs_new_signature;
    this.recused = status.recused;
    this.relationships = status.relationships ?? [];
    this.declarations = status.declarations ?? [];
  }

  /**
   * Lay the requests that are not acknowledged yet over what is saved.
   *
   * @param {PageRequest[]} requests
   */
  overlay(requests) {
    for (const request of requests) {
      const item = this.byKey.get(request.case);
      if (item && request.type === "save") {
        Object.assign(item, { answers: { ...request.answers }, comment: request.comment });
      }
    }
  }

  /**
   * Take the state of an item that the ledger holds now.
   *
   * @param {ItemState | null | undefined} state
   */
  settle(state) {
    const item = state && this.byKey.get(state.key);
    if (item) {
      item.saved = { ...item.saved, ...state };
      item.parked = state.parked;
      item.note = state.note;
    }
    return item;
  }

  /** @param {Item} item */
  revert(item) {
    Object.assign(item, { answers: { ...item.saved.answers }, comment: item.saved.comment, texts: {} });
  }

  /**
   * Take an item off the list; returns the one that follows it.
   *
   * @param {string} key
   * @returns {Item | null}
   */
  remove(key) {
    const index = this.items.findIndex((item) => item.key === key);
    if (index < 0) return null;
    this.items.splice(index, 1);
    this.byKey.delete(key);
    return this.items[Math.min(index, this.items.length - 1)] ?? null;
  }

  /** @param {Item} item */
  criteria(item) {
    return this.questions[item.kind];
  }

  /**
   * Criteria without a score, and those where something stands typed that is not recorded.
   *
   * @param {Item} item
   */
  missing(item) {
    return this.criteria(item).filter((question) => !(question.id in item.answers) || question.id in item.texts);
  }

  /**
   * The weighted total, null while a score is missing.
   *
   * @param {Item} item
   * @returns {number | null}
   */
  total(item) {
    if (!this.scale || this.missing(item).length) return null;
    return weightedTotal(this.criteria(item), item.answers);
  }

  /**
   * Criteria whose score is extreme while the item has no comment.
   *
   * @param {Item} item
   */
  unexplained(item) {
    if (!this.scale || item.comment.trim()) return [];
    return this.criteria(item).filter(({ id }) => id in item.answers && this.scale.isExtreme(Number(item.answers[id])));
  }

  /** @param {Item} item */
  isDone(item) {
    return this.missing(item).length === 0;
  }

  /** @param {Item} item */
  mayPark(item) {
    return item.parked || !this.isDone(item);
  }

  /** @param {Item} item */
  needsComment(item) {
    return this.isDone(item) && this.unexplained(item).length > 0;
  }

  /**
   * @param {Item} item
   * @returns {"done" | "owing" | "parked" | "begun" | "open"}
   */
  state(item) {
    if (this.isDone(item)) return this.needsComment(item) ? "owing" : "done";
    if (item.parked) return "parked";
    return Object.keys(item.answers).length || item.comment ? "begun" : "open";
  }

  /** @param {Item} item */
  passesFilter(item) {
    if (this.filter === "open") return !this.isDone(item);
    return this.filter === "parked" ? item.parked : true;
  }

  /**
   * The nearest item before (-1) or after (1) the current one that passes the filter.
   *
   * @param {number} step
   * @returns {Item | null}
   */
  neighbor(step) {
    for (let index = this.items.indexOf(this.current) + step; this.items[index]; index += step) {
      if (this.passesFilter(this.items[index])) return this.items[index];
    }
    return null;
  }

  /**
   * The next item without all its scores, round to the first; then parked ones; then those that still
   * need a comment.
   *
   * @returns {Item | null}
   */
  nextUnfinished(from = this.current) {
    const index = this.items.indexOf(from) + 1;
    const order = [...this.items.slice(index), ...this.items.slice(0, index)].filter((item) => item !== from || !from);
    const open = order.find((item) => !this.isDone(item) && !item.parked);
    return open ?? order.find((item) => !this.isDone(item)) ?? order.find((item) => this.needsComment(item)) ?? null;
  }

  /** @param {string} ability */
  can(ability) {
    return this.abilities.includes(ability);
  }

  get counts() {
    /** @param {(item: Item) => unknown} test */
    const count = (test) => this.items.filter(test).length;
    return {
      done: count((item) => this.isDone(item)),
      owing: count((item) => this.needsComment(item)),
      parked: count((item) => item.parked),
      commented: count((item) => item.comment.trim()),
      typed: this.items.reduce((sum, item) => sum + Object.keys(item.texts).length, 0),
      total: this.items.length,
    };
  }

  /** Minutes an item, from the items finished in this page; null before the third. */
  pace() {
    const times = this.finishedAt;
    if (times.length < 3) return null;
    return median(times.slice(1).map((time, index) => (time - times[index]) / 60000));
  }
}
