// What was typed and is not acknowledged yet, in order. A copy stands in the browser's storage
// until the kernel has said that the ledger holds it, so that a reload or a crash loses nothing.

class Outbox {
  constructor(packet, window) {
    this.packet = packet;
    this.window = window;
    this.items = [];
  }

  get key() {
    return `kjfp:${this.packet}:${this.window}`;
  }

  // Takes over what other windows of this packet left behind; only the window that may write does.
  adopt() {
    const found = [];
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(`kjfp:${this.packet}:`));
      for (const key of keys.sort()) {
        found.push(...JSON.parse(localStorage.getItem(key)));
        if (key !== this.key) localStorage.removeItem(key);
      }
    } catch {
      // nothing was kept, or it cannot be read
    }
    const known = new Set(this.items.map((item) => item.id));
    const fresh = found.filter((item) => item?.id && !known.has(item.id));
    this.items = [...fresh.map((item) => ({ ...item, sent: true, held: false })), ...this.items];
    this.keep();
  }

  // Adds a request. A save that was not sent yet takes the place of the earlier one of its case.
  add(item) {
    const last = this.items.at(-1);
    if (item.type === "save" && last?.type === "save" && last.case === item.case && !last.sent) {
      Object.assign(last, { answers: item.answers, comment: item.comment });
    } else {
      const follows = this.items.some((other) => other.case === item.case && "base" in other);
      if ("base" in item && follows) item.base = "follows";
      this.items.push({ id: name(), ...item });
    }
    this.keep();
  }

  // Takes a request off; those that follow it on the same case stand on what it left.
  drop(id, seq) {
    const gone = this.items.find((item) => item.id === id);
    this.items = this.items.filter((item) => item.id !== id);
    const next = gone && this.items.find((item) => item.case === gone.case && "base" in item);
    if (next?.base === "follows" && seq !== undefined) next.base = seq;
    this.keep();
    return gone;
  }

  forget(test) {
    this.items = this.items.filter((item) => !test(item));
    this.keep();
  }

  of(key) {
    return this.items.filter((item) => item.case === key);
  }

  keep() {
    try {
      if (this.items.length) localStorage.setItem(this.key, JSON.stringify(this.items));
      else localStorage.removeItem(this.key);
    } catch {
      // storage is full or forbidden: the requests still stand in this page
    }
  }
}

// A name nobody else gives: of a request or of a window.
function name() {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (one) => one.toString(36)).join("");
}

// The name of this window. It survives a reload; a copied tab does not take it along, since it is
// put down only when the page goes away.
const OPEN = new Set();

function windowName() {
  let own = null;
  try {
    own = sessionStorage.getItem("kjfp:window");
    sessionStorage.removeItem("kjfp:window");
  } catch {
    // no storage: a reload counts as another window
  }
  own = own && !OPEN.has(own) ? own : name();
  OPEN.add(own);
  return own;
}

function putDown(own) {
  try {
    sessionStorage.setItem("kjfp:window", own);
  } catch {
    // see above
  }
}
