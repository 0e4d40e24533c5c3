import { releaseWindowId } from "./data/windowId.js";

/** @import { Outbox } from "./data/outbox.js" */

const GONE = new Set(["dead", "autorestarting", "restarting", "terminating"]);
const PING = 1000; // all times in milliseconds
const TICK = 200;
const ASLEEP = 5 * TICK; // a tick so late: the page itself stood still, and replies still wait to be read
const SILENCE = 1900; // a kernel at rest that is silent for so long no longer knows this page
const RETRY = 2000;
const STUCK = 8000; // after so long it will not answer by itself
const BUSY = 8000; // a kernel that is "busy" for longer may be one that is out of reach
const RESEND = 3 * PING;

/**
 * The connection to the kernel: one request at a time, sent again when no reply comes, and a watch that
 * tells a kernel that is gone from one that is busy.
 */
export class KernelConnection {
  /**
   * @param {WidgetModel} model
   * @param {string} windowId
   * @param {ConnectionListener} on
   */
  constructor(model, windowId, on) {
    this.model = model;
    this.windowId = windowId;
    this.on = on;
    this.greeted = false;
    this.lost = false;
    this.ended = false;
    /** @type {ConnectionState} */
    this.state = "";
    /** @type {{at: number} | null} The ping that waits for its reply. */
    this.pending = null;
    this.pingedAt = 0;
    this.idleSince = performance.now();
    /** @type {number | null} */
    this.busySince = null;
    this.pausedUntil = 0;
    /** @type {{id: string, at: number} | null} The request that is on its way. */
    this.inFlight = null;
    /** @param {Reply} reply */
    this.onMessage = (reply) => reply.to === this.windowId && this.receive(reply);
    model.on("msg:custom", this.onMessage);
    this.tickedAt = performance.now();
    this.timer = setInterval(() => this.tick(), TICK);
    this.onStatus = () => this.tick();
    this.kernel = this.currentKernel();
    this.kernel?.statusChanged.connect(this.onStatus);
  }

  currentKernel() {
    try {
      return this.model.widget_manager?.kernel ?? null;
    } catch {
      return null;
    }
  }

  /** @param {string} type @param {object} [fields] */
  send(type, fields = {}) {
    try {
      this.model.send({ ...fields, type, window: this.windowId });
    } catch {
      this.setState("lost");
    }
  }

  hello(type = "hello") {
    this.greeted = false;
    this.pending ??= { at: performance.now() };
    this.send(type);
  }

  /**
   * Send the first request of the outbox, unless one is on its way.
   *
   * @param {Outbox} outbox
   */
  pump(outbox) {
    const request = outbox.requests.find((waiting) => !waiting.held);
    if (!request || this.inFlight || this.lost || !this.greeted || performance.now() < this.pausedUntil) return;
    request.sent = true;
    outbox.store();
    this.inFlight = { id: request.request_id, at: performance.now() };
    const { sent: _, held: __, ...message } = request;
    this.send(request.type, { ...message, packet: outbox.packet });
  }

  /** @param {Reply} reply */
  receive(reply) {
    this.pending = null;
    if (reply.type === "welcome") this.greeted = true;
    if (this.inFlight?.id === reply.request_id) this.inFlight = null;
    if (reply.type === "refused" && reply.retry) this.pausedUntil = performance.now() + RETRY;
    if (!this.ended) this.setState("");
    this.on.message(reply);
  }

  tick() {
    const now = performance.now();
    const kernel = this.currentKernel();
    if (GONE.has(kernel?.status) || (this.kernel && !kernel)) this.ended = true;
    if (this.ended || kernel?.isDisposed) return this.setState("ended");
    if (kernel && kernel.connectionStatus !== "connected") return this.setState("lost");
    this.busySince = kernel?.status === "busy" ? (this.busySince ?? now) : null;
    if (this.busySince !== null && now - this.busySince < BUSY) this.idleSince = now + 300;
    if (now - this.tickedAt > ASLEEP) this.idleSince = now;
    this.tickedAt = now;
    const silence = this.pending ? now - Math.max(this.pending.at, this.idleSince) : 0;
    if (silence > SILENCE) this.setState(silence > STUCK ? "stuck" : "lost");
    this.ping(now);
    if (this.inFlight && now - this.inFlight.at > RESEND && now > this.idleSince) this.inFlight = null;
    this.on.tick();
  }

  /**
   * Ask whether the kernel still knows this page, at most once a second.
   *
   * @param {number} now
   */
  ping(now) {
    if (this.pending && now - this.pending.at <= RESEND) return;
    if (now - this.pingedAt < PING || !(this.greeted || this.pending)) return;
    this.pingedAt = now;
    this.pending ??= { at: now };
    this.send(this.greeted ? "ping" : "hello");
  }

  /**
   * Report a change once: the connection is "lost", it is "stuck" when waiting does not help, the kernel
   * has "ended", or, with "", all is well again.
   *
   * @param {ConnectionState} state
   */
  setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.lost = Boolean(state);
    this.inFlight = null;
    this.on.state(state);
  }

  close() {
    clearInterval(this.timer);
    this.kernel?.statusChanged.disconnect(this.onStatus);
    this.model.off("msg:custom", this.onMessage);
    this.send("leave");
    releaseWindowId(this.windowId);
  }
}
