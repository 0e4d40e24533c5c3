import { randomId } from "./windowId.js";

/**
 * Requests that are not acknowledged yet, in order. A copy stands in the browser's storage until the
 * kernel has said that the ledger holds it, so that a reload or a crash loses nothing.
 */
export class Outbox {
  /** @param {string} packet @param {string} windowId */
  constructor(packet, windowId) {
    this.packet = packet;
    this.windowId = windowId;
    /** @type {PageRequest[]} */
    this.requests = [];
  }

  get key() {
    return `kjfp:${this.packet}:${this.windowId}`;
  }

  /** Take over what other windows of this packet left; only the window that may write does. */
  adopt() {
    /** @type {PageRequest[]} */
    const stored = [];
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(`kjfp:${this.packet}:`));
      for (const key of keys.sort()) {
        stored.push(...JSON.parse(localStorage.getItem(key)));
        if (key !== this.key) localStorage.removeItem(key);
      }
    } catch {
      // nothing was stored, or it cannot be read
    }
    const known = new Set(this.requests.map((request) => request.request_id));
    const fresh = stored.filter((request) => request?.request_id && !known.has(request.request_id));
    this.requests = [...fresh.map((request) => ({ ...request, sent: true, held: false })), ...this.requests];
    this.store();
  }

  /**
   * Add a request. A save that was not sent yet takes the place of the earlier one of its item.
   *
   * @param {PageRequest} request
   */
  add(request) {
    const last = this.requests.at(-1);
    if (request.type === "save" && last?.type === "save" && last.case === request.case && !last.sent) {
      Object.assign(last, { answers: request.answers, comment: request.comment });
    } else {
      const follows = this.requests.some((other) => other.case === request.case && "base_seq" in other);
      if ("base_seq" in request && follows) request.base_seq = "follows";
      this.requests.push({ request_id: randomId(), ...request });
    }
    this.store();
  }

  /**
   * Take a request off; the one that follows it on the same item is based on what it left.
   *
   * @param {string} id
   * @param {number} [seq]
   */
  drop(id, seq) {
    const dropped = this.requests.find((request) => request.request_id === id);
    this.requests = this.requests.filter((request) => request.request_id !== id);
    const next = dropped && this.requests.find((request) => request.case === dropped.case && "base_seq" in request);
    if (next?.base_seq === "follows" && seq !== undefined) next.base_seq = seq;
    this.store();
    return dropped;
  }

  /** @param {(request: PageRequest) => unknown} test */
  forget(test) {
    this.requests = this.requests.filter((request) => !test(request));
    this.store();
  }

  /** @param {string} key */
  of(key) {
    return this.requests.filter((request) => request.case === key);
  }

  store() {
    try {
      if (this.requests.length) localStorage.setItem(this.key, JSON.stringify(this.requests));
      else localStorage.removeItem(this.key);
    } catch {
      // storage is full or forbidden: the requests still stand in this page
    }
  }
}
