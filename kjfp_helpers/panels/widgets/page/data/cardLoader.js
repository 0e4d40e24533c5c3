/** @import { Packet } from "./packet.js" */

const LATE = 5000; // milliseconds after which a card is asked for again

/**
 * What is read of the items comes from the kernel one by one: first what is on the screen, then the
 * others in reading order from there, so that they are here before they are opened.
 */
export class CardLoader {
  /** @param {(type: string, fields: object) => void} send */
  constructor(send) {
    this.send = send;
    /** @type {Packet | undefined} */
    this.packet = undefined;
    /** @type {Map<string, (page: string) => void>} What waits for a card, by item; the first comes first. */
    this.waiting = new Map();
    /** @type {{key: string, at: number} | null} */
    this.pending = null;
  }

  /** @param {Packet} packet */
  begin(packet) {
    this.packet = packet;
    this.waiting.clear();
    this.pending = null;
  }

  /**
   * Hand over an item's card, at once where it is here.
   *
   * @param {Item} item
   * @param {(page: string) => void} show
   */
  load(item, show) {
    if (typeof item.page === "string") return show(item.page);
    const earlier = this.waiting.get(item.key);
    this.waiting.set(item.key, (page) => {
      earlier?.(page);
      show(page);
    });
    this.ask();
  }

  /**
   * An item without a card is asked for again when it is opened again.
   *
   * @param {{case: string, page: string | null}} reply
   */
  receive({ case: key, page }) {
    if (this.pending?.key === key) this.pending = null;
    const item = this.packet?.byKey.get(key);
    const show = this.waiting.get(key);
    this.waiting.delete(key);
    if (item) {
      item.page = page;
      if (page !== null) show?.(page);
    }
    this.ask();
  }

  /** Ask for the next card, unless one is on its way. */
  ask() {
    const now = performance.now();
    if (!this.packet || (this.pending && now - this.pending.at < LATE)) return;
    const [key] = this.waiting.keys();
    const wanted = key ?? this.nextMissing()?.key;
    this.pending = wanted === undefined ? null : { key: wanted, at: now };
    if (this.pending) this.send("card", { case: wanted });
  }

  nextMissing() {
    const { items, current } = this.packet;
    const here = Math.max(0, items.indexOf(current));
    return [...items.slice(here), ...items.slice(0, here)].find((item) => item.page === undefined);
  }
}
