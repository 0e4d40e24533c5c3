// The line to the kernel: one request at a time, sent again when no answer comes, and a watch that
// tells a kernel that is gone from one that is merely busy.

const GONE = new Set(["dead", "autorestarting", "restarting", "terminating"]);
const PING = 1000;
const LIMIT = 1900; // a kernel at rest that is silent for so long no longer knows this page
const AGAIN = 2000;
const STUCK = 8000; // after so long it will not answer by itself

class Link {
  constructor(model, window, on) {
    Object.assign(this, { model, window, on, greeted: false, lost: false, state: "" });
    this.asked = null; // the ping that waits for its answer
    this.rested = performance.now(); // since when the kernel has not been busy
    this.flying = null;
    this.hear = (message) => message.to === this.window && this.take(message);
    model.on("msg:custom", this.hear);
    this.timer = setInterval(() => this.tick(), 200);
    this.status = () => this.tick();
    this.kernel = this.connection();
    this.kernel?.statusChanged.connect(this.status);
  }

  connection() {
    try {
      return this.model.widget_manager?.kernel ?? null;
    } catch {
      return null;
    }
  }

  say(type, more = {}) {
    try {
      this.model.send({ ...more, type, window: this.window });
    } catch {
      this.judge("lost");
    }
  }

  hello(type = "hello") {
    this.greeted = false;
    this.asked ??= { at: performance.now() };
    this.say(type);
  }

  // Sends the first request of the outbox, unless one is on its way.
  pump(outbox) {
    const item = outbox.items.find((one) => !one.held);
    if (!item || this.flying || this.lost || !this.greeted || performance.now() < (this.pause ?? 0)) return;
    item.sent = true;
    outbox.keep();
    this.flying = { id: item.id, at: performance.now() };
    const { sent, held, ...message } = item;
    this.say(item.type, { ...message, packet: outbox.packet });
  }

  take(message) {
    this.asked = null;
    if (message.type === "welcome") this.greeted = true;
    if (this.flying?.id === message.id) this.flying = null;
    if (message.type === "refused" && message.retry) this.pause = performance.now() + AGAIN;
    if (!this.ended) this.judge("");
    this.on.message(message);
  }

  tick() {
    const now = performance.now();
    const kernel = this.connection();
    if (GONE.has(kernel?.status) || (this.kernel && !kernel)) this.ended = true;
    if (this.ended || kernel?.isDisposed) return this.judge("ended");
    if (kernel && kernel.connectionStatus !== "connected") return this.judge("lost");
    if (kernel?.status === "busy") this.rested = now + 300;
    const silent = this.asked ? now - Math.max(this.asked.at, this.rested) : 0;
    if (silent > LIMIT) this.judge(silent > STUCK ? "stuck" : "lost");
    if (!this.asked || now - this.asked.at > 3 * PING) {
      if (now - (this.pinged ?? 0) >= PING && (this.greeted || this.asked)) {
        this.pinged = now;
        this.asked ??= { at: now };
        this.say(this.greeted ? "ping" : "hello");
      }
    }
    if (this.flying && now - this.flying.at > 3 * PING && now > this.rested) this.flying = null;
    this.on.tick();
  }

  // Says once that the line is "lost", that it is "stuck" when waiting does not help, that the kernel
  // has "ended", or, with nothing, that all is well again.
  judge(state) {
    if (state === this.state) return;
    this.state = state;
    this.lost = Boolean(state);
    this.flying = null;
    this.on.lost(state);
  }

  close() {
    clearInterval(this.timer);
    this.kernel?.statusChanged.disconnect(this.status);
    this.model.off("msg:custom", this.hear);
    this.say("leave");
    OPEN.delete(this.window);
  }
}
