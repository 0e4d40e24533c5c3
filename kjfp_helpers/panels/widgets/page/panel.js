import { CardLoader } from "./data/cardLoader.js";
import { claimWindowId, storeWindowId } from "./data/windowId.js";
import { Comparison } from "./dialogs/comparison.js";
import { askConfirmation } from "./dialogs/dialog.js";
import { RelationshipsDialog } from "./dialogs/relationships.js";
import { SelfCheck } from "./dialogs/selfCheck.js";
import { showShortcutHelp } from "./dialogs/shortcutHelp.js";
import { KernelConnection } from "./kernelConnection.js";
import { PanelView } from "./panelView.js";
import { FILTERS } from "./progressBar.js";
import { ReplyHandlers } from "./replyHandlers.js";

/** @import { Outbox } from "./data/outbox.js" */
/** @import { Packet } from "./data/packet.js" */

const COMMENT_DELAY = 700; // milliseconds without a key after which a comment is saved
const MOST_COMPARED = 4;

/** The panel: everything that the member may do to the item on the screen. */
export class ScoringPanel {
  /** @param {WidgetModel} model @param {HTMLElement} element */
  constructor(model, element) {
    this.windowId = claimWindowId();
    /** @type {Packet | undefined} */
    this.packet = undefined;
    /** @type {Outbox | undefined} */
    this.outbox = undefined;
    /** @type {RelationshipsDialog | undefined} */
    this.relationships = undefined;
    /** @type {SelfCheck | undefined} */
    this.selfCheck = undefined;
    /** @type {Item | null} The item whose comment is being written. */
    this.typing = null;
    /** @type {Set<Item>} Items to be compared. */
    this.chosen = new Set();
    this.readonly = false;
    this.locked = "";
    /** @type {string | null} */
    this.notice = null;
    this.cards = new CardLoader((type, fields) => this.connection.send(type, fields));
    this.view = new PanelView(this, element);
    this.replies = new ReplyHandlers(this);
    this.onLeave = () => {
      this.flush();
      storeWindowId(this.windowId);
      this.connection.send("leave");
    };
    window.addEventListener("pagehide", this.onLeave);
    /** @param {BeforeUnloadEvent} event */
    this.onUnload = (event) => {
      this.flush();
      if (this.outbox?.requests.length || this.packet?.counts.typed) event.preventDefault();
    };
    window.addEventListener("beforeunload", this.onUnload); // "leave?" only while something is unsaved
    this.connection = new KernelConnection(model, this.windowId, {
      message: (reply) => this.replies.handle(reply),
      tick: () => this.onTick(),
      state: (state) => this.onConnection(state),
    });
    this.connection.hello();
  }

  close() {
    this.flush();
    window.removeEventListener("pagehide", this.onLeave);
    window.removeEventListener("beforeunload", this.onUnload);
    this.view.close();
    this.connection.close();
    storeWindowId(this.windowId); // what is shown next in this tab is the same window
  }

  get root() {
    return this.view.root;
  }

  get form() {
    return this.view.form;
  }

  get writable() {
    return Boolean(this.packet && !this.readonly && !this.packet.sealed && !this.connection.lost);
  }

  /** Whether the packet may be sealed. */
  get ready() {
    const { done, owing, total } = this.packet.counts;
    return done === total && !owing && !this.outbox.requests.length && !this.typing;
  }

  /** How many entries the ledger does not hold yet. */
  get unsaved() {
    const requests = this.outbox.requests.filter((request) => request.case).length;
    return requests + (this.typing ? 1 : 0) + this.packet.counts.typed;
  }

  onTick() {
    if (!this.outbox) return;
    this.connection.pump(this.outbox);
    if (!this.connection.lost) this.cards.ask();
  }

  /** @param {PageRequest} request */
  request(request) {
    this.outbox.add(request);
    this.connection.pump(this.outbox);
  }

  /** @param {Item} item */
  save(item) {
    this.typing = this.typing === item ? null : this.typing;
    item.failed = null;
    this.request({
      type: "save",
      case: item.key,
      base_seq: item.saved.event_seq ?? null,
      answers: { ...item.answers },
      comment: item.comment,
    });
  }

  /** @param {string} id @param {number | string | undefined} answer */
  onAnswer(id, answer) {
    const item = this.packet.current;
    if (answer === undefined) delete item.answers[id];
    else item.answers[id] = answer;
    if (!item.finished && this.packet.isDone(item)) {
      item.finished = true;
      this.packet.finishedAt.push(Date.now());
    }
    this.save(item);
    this.changed(item);
  }

  /**
   * Note what stands typed in a criterion and is not recorded; null where nothing does.
   *
   * @param {string} id
   * @param {string | null} text
   */
  onText(id, text) {
    const item = this.packet.current;
    if (text === null && !(id in item.texts)) return;
    if (text === null) delete item.texts[id];
    else item.texts[id] = text;
    this.changed(item);
  }

  /** @param {string} text @param {boolean} now */
  onComment(text, now) {
    const item = this.packet.current;
    if (text !== item.comment) {
      item.comment = text;
      this.typing = item;
      this.changed(item);
    }
    clearTimeout(this.commentTimer);
    if (now) this.flush();
    else if (this.typing) this.commentTimer = setTimeout(() => this.flush(), COMMENT_DELAY);
  }

  /** Save what is still being written. */
  flush() {
    clearTimeout(this.commentTimer);
    this.form?.confirmLeft();
    const item = this.typing;
    if (!item) return;
    this.save(item);
    this.changed(item);
  }

  /** @param {Item | null | undefined} item */
  open(item) {
    if (!item) return;
    const { current, byKey } = this.packet;
    if (current && byKey.get(current.key) === current) this.form.settle();
    this.flush();
    this.packet.current = byKey.get(item.key) ?? item; // a dialog may hold it as it was before the packet came anew
    this.view.show(this.packet.current);
  }

  /** @param {number} by */
  step(by) {
    this.open(this.packet.neighbor(by));
  }

  next() {
    const item = this.packet.nextUnfinished();
    if (item) this.open(item);
    else if (this.packet.can("seal")) this.showSelfCheck();
    else this.refreshState();
  }

  /** @param {string} id */
  filter(id) {
    this.packet.filter = id;
    if (!this.packet.passesFilter(this.packet.current)) this.open(this.packet.neighbor(1) ?? this.packet.neighbor(-1));
    this.view.bar.refresh();
  }

  turnFilter() {
    const index = FILTERS.findIndex(([id]) => id === this.packet.filter);
    const [id, title] = FILTERS[(index + 1) % FILTERS.length];
    this.filter(id);
    return `筛选：${title}`;
  }

  /** @returns {string | undefined} */
  undo() {
    if (!this.writable) return "现在不能撤回";
    if (this.form.drop()) return "已放弃正在输入的";
    this.flush();
    const item = this.lastScored();
    if (item) this.request({ type: "undo", case: item.key, base_seq: item.saved.event_seq ?? null });
    else this.refreshState("没有可撤回的评分");
    return item && `撤回${item.label}的上一次评分`;
  }

  /** The item of the last save: one that waits to be sent, else the one the ledger holds. */
  lastScored() {
    const { packet, outbox } = this;
    const waiting = outbox.requests.filter((request) => request.type === "save").at(-1);
    if (waiting) return packet.byKey.get(waiting.case);
    return packet.items
      .filter((item) => item.saved.undo_seq)
      .reduce(
        (last, item) => (item.saved.undo_seq > (last?.saved.undo_seq ?? 0) ? item : last),
        /** @type {Item | null} */ (null),
      );
  }

  /** An item that has all its scores needs no parking; one that is parked still may be taken back. */
  park() {
    const item = this.packet.current;
    if (!this.writable) return "现在不能搁置";
    if (!this.packet.mayPark(item)) return "本件已评完，不必搁置";
    item.parked = !item.parked;
    this.request({ type: "park", case: item.key, parked: item.parked });
    this.changed(item);
    if (item.parked) this.step(1);
    return `${item.label}：${item.parked ? "已搁置" : "已取消搁置"}`;
  }

  /** @param {string} reason @param {string} kind */
  recuse(reason, kind) {
    const item = this.packet.current;
    const onConfirm = () => {
      this.request({ type: "recuse", case: item.key, reason, kind });
      this.form.recusal.toggle(false);
    };
    askConfirmation(this.root, {
      title: `回避 ${item.label}`,
      yes: "确认回避",
      onConfirm,
      text: `理由：${reason}。确认回避后，该件将移出您的评审清单，由秘书裁定；记错的，在“补充回避声明”里撤回。`,
    });
  }

  /** @param {string} key @param {string} notice */
  removeItem(key, notice) {
    const item = this.packet.byKey.get(key);
    this.outbox.forget((request) => request.case === key);
    this.chosen.delete(item);
    const next = this.packet.remove(key);
    if (this.typing === item) this.typing = null;
    if (!next) return this.view.showEmpty(`${notice}。您的清单已空。`);
    this.view.bar.fillList();
    this.notice = notice;
    if (this.packet.current === item) this.open(next);
    else this.refreshState();
  }

  /** Only what has the same criteria is compared: an item of the other kind begins anew. */
  choose() {
    const item = this.packet.current;
    const out = this.chosen.delete(item);
    if (!out && this.chosen.size >= MOST_COMPARED) return `最多对比 ${MOST_COMPARED} 件`;
    if (!out) this.chosen = new Set([...this.chosen].filter((other) => other.kind === item.kind)).add(item);
    this.view.bar.refresh();
    this.refreshState();
    return `${item.label}${out ? "移出对比" : "选入对比"}（共 ${this.chosen.size} 件）`;
  }

  /** The chosen items, or the one on the screen; others are added inside. */
  compare() {
    const { current } = this.packet;
    const [first] = this.chosen;
    if (this.chosen.size < 2 && first?.kind !== current.kind) this.chosen = new Set([current]);
    this.chosen.add(this.chosen.size < 2 ? current : first);
    new Comparison(this, this.chosen, MOST_COMPARED);
  }

  showSelfCheck() {
    this.form.settle();
    this.flush();
    this.selfCheck = new SelfCheck(this);
  }

  addRelationships() {
    this.relationships = new RelationshipsDialog(this);
  }

  help() {
    showShortcutHelp(this.root, this.packet);
  }

  /** @param {string} text */
  say(text) {
    this.view.say(text);
  }

  /** @param {number} by */
  resize(by) {
    this.view.resize(by);
    this.say(`字号 ${Math.round(100 * this.view.scale)}%`);
  }

  /** @param {number} direction */
  scrollPage(direction) {
    const { article } = this.view;
    article.scrollBy({ top: direction * 0.85 * article.clientHeight });
  }

  /** @param {Item} item */
  changed(item) {
    this.view.bar?.relabel(item);
    this.view.bar?.refresh();
    if (this.packet.current === item) this.form.refresh();
    this.refreshState();
  }

  refreshState(note = "") {
    if (!this.form) return;
    this.selfCheck?.refresh();
    this.view.refreshState(note);
    this.notice = null;
  }

  /**
   * Settle a change made elsewhere: the own state is saved over it, or dropped.
   *
   * @param {Item} item
   * @param {boolean} keepOwn
   */
  settleStale(item, keepOwn) {
    this.outbox.forget((request) => request.case === item.key);
    item.newer = null;
    if (keepOwn) this.save(item);
    else this.packet.revert(item);
    if (this.packet.current === item) {
      this.form.fill(item);
      this.form.begin();
    }
    this.changed(item);
  }

  /** @param {boolean} readonly */
  setReadonly(readonly) {
    const before = this.readonly;
    this.readonly = readonly;
    if (before && !readonly) this.outbox?.adopt();
    this.view.drawBanner();
  }

  takeOver() {
    askConfirmation(this.root, {
      title: "改由本窗口评分",
      yes: "改由本窗口评分",
      onConfirm: () => this.connection.hello("takeover"),
      text: "接手后，您的另一个窗口只能看，那边没有保存的改动不再保存。",
    });
  }

  /**
   * Take what became of the packet as a whole; names that may be seen now are asked for.
   *
   * @param {PacketStatus} status
   */
  setStatus(status) {
    const revealed = this.packet.revealedAt !== status.revealed_at;
    this.packet.setStatus(status);
    this.setReadonly(this.readonly);
    if (revealed) this.connection.hello();
  }

  /** @param {ConnectionState} state */
  onConnection(state) {
    this.flush(); // a comment still being written counts among what is stored here
    this.view.coverWhileLost(state);
    this.refreshState();
  }
}

export default {
  /** @param {{model: WidgetModel, el: HTMLElement}} widget */
  render({ model, el }) {
    const panel = new ScoringPanel(model, el);
    return () => panel.close();
  },
};
