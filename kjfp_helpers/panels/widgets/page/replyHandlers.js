import { Outbox } from "./data/outbox.js";
import { Packet } from "./data/packet.js";
import { printSheet } from "./dialogs/selfCheck.js";
/** @import { ScoringPanel } from "./panel.js" */

/** What the kernel replies, and what becomes of it on the screen. */
export class ReplyHandlers {
  /** @param {ScoringPanel} panel */
  constructor(panel) {
    this.panel = panel;
    /** @type {Record<string, (reply: Reply) => void>} */
    this.handlers = {
      pong: (reply) => panel.setReadonly(reply.readonly),
      readonly: () => panel.setReadonly(true),
      welcome: (reply) => this.onWelcome(/** @type {any} */ (reply)),
      saved: (reply) => this.onSaved(reply),
      refused: (reply) => this.onRefused(reply),
      stale: (reply) => this.onStale(reply),
      sheet: (reply) => printSheet(panel.view.root, reply.page),
      card: (reply) => (reply.renew ? panel.connection.hello() : panel.cards.receive(/** @type {any} */ (reply))),
      photo: (reply) => (reply.renew ? panel.connection.hello() : this.onPhoto(/** @type {any} */ (reply))),
    };
  }

  /** @param {Reply} reply */
  handle(reply) {
    this.handlers[reply.type]?.(reply);
    if (this.panel.outbox) this.panel.connection.pump(this.panel.outbox);
  }

  /** @param {Welcome & Reply} welcome */
  onWelcome(welcome) {
    const { panel } = this;
    panel.flush();
    const { packet } = panel;
    if (packet?.code === welcome.packet) {
      packet.load(welcome);
      panel.chosen = new Set([...panel.chosen].map((item) => packet.byKey.get(item.key)).filter(Boolean));
    } else {
      panel.outbox = new Outbox(welcome.packet, panel.windowId);
      panel.packet = new Packet(welcome);
      panel.chosen = new Set();
    }
    panel.cards.begin(panel.packet);
    panel.readonly = welcome.readonly;
    panel.locked = welcome.locked;
    if (!panel.readonly) panel.outbox.adopt();
    panel.outbox.forget((request) => request.case && !panel.packet.byKey.has(request.case));
    panel.packet.overlay(panel.outbox.requests);
    panel.view.drawHead();
    if (!welcome.declared && !panel.locked) panel.view.showDeclaration();
    else if (!panel.packet.items.length) panel.view.showEmpty("您的清单已空，没有要评的材料。");
    else panel.view.layOut();
    panel.setReadonly(panel.readonly);
    panel.selfCheck?.redraw();
  }

  /** @param {{case: string, photo: string | null}} reply */
  onPhoto({ case: key, photo }) {
    const { packet, view } = this.panel;
    const item = packet.byKey.get(key);
    if (!item) return;
    item.photo = photo;
    if (packet.current === item) view.showPhoto(item);
  }

  /** @param {Reply} reply */
  onSaved(reply) {
    const { panel } = this;
    const { packet } = panel;
    const request = panel.outbox.drop(reply.request_id, reply.event_seq);
    const before = packet.relationships.length;
    if ("sealed" in reply) panel.setStatus(reply);
    if (request?.type === "declare") return this.onDeclared(reply, before);
    if (request?.type === "retract") return this.onRetracted(reply);
    if (reply.gone) return panel.removeItem(reply.gone, `已回避（已保存 #${reply.event_seq}）`);
    const item = packet.settle(reply.case);
    if (!item) {
      panel.selfCheck?.redraw();
      return panel.refreshState();
    }
    item.failed = null;
    const settled = !panel.outbox.of(item.key).length && panel.typing !== item;
    if (settled && request?.type === "undo") this.showUndone(item);
    panel.changed(item);
  }

  /** @param {Item} item */
  showUndone(item) {
    const { packet, view } = this.panel;
    packet.revert(item);
    if (packet.current === item) view.form.fill(item);
    else this.panel.open(item);
    view.form.begin();
  }

  /**
   * The first declaration opens the packet; a later one adds to it.
   *
   * @param {Reply} reply
   * @param {number} before
   */
  onDeclared(reply, before) {
    const { panel } = this;
    if (!panel.packet.declared) return panel.connection.hello();
    panel.relationships?.onSaved(reply.event_seq, panel.packet.relationships.length > before);
    panel.refreshState();
  }

  /**
   * A recusal that was taken back brings its item again, unless it was granted.
   *
   * @param {Reply} reply
   */
  onRetracted(reply) {
    this.panel.relationships?.onRetracted(reply.event_seq);
    this.panel.refreshState();
    this.panel.connection.hello();
  }

  /** @param {Reply} reply */
  onRefused(reply) {
    const { panel } = this;
    const request = panel.outbox?.requests.find((waiting) => waiting.request_id === reply.request_id);
    if (!request) return;
    const item = panel.packet.byKey.get(request.case);
    if (item) item.failed = reply.reason;
    if (!reply.retry) {
      panel.outbox.drop(reply.request_id, item?.saved.event_seq);
      if (request.type === "undo" && item) item.failed = null;
    }
    if (reply.renew) return panel.connection.hello();
    if (reply.gone) return panel.removeItem(reply.gone, "");
    this.showRefusal(request, reply.reason);
    if (item) panel.view.bar?.relabel(item);
    panel.refreshState(request.type === "undo" ? reply.reason : "");
  }

  /** @param {PageRequest} request @param {string} reason */
  showRefusal(request, reason) {
    const { panel } = this;
    if (request.type === "retract") panel.relationships?.showFailure(reason);
    if (request.type === "declare") (panel.view.declaration ?? panel.relationships)?.showFailure(reason);
    panel.selfCheck?.showFailure(reason);
  }

  /** @param {Reply} reply */
  onStale(reply) {
    const { panel } = this;
    const request = panel.outbox.requests.find((waiting) => waiting.request_id === reply.request_id);
    const item = panel.packet.settle(reply.case);
    if (!request || !item) return;
    request.held = true;
    item.newer = reply.case;
    if (request.type === "undo") panel.settleStale(item, false);
    panel.refreshState();
  }
}
