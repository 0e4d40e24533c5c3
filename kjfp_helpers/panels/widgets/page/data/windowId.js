// The identifier of this window. It survives a reload; a copied tab does not take it along, since it is
// stored only when the page goes away.

const KEY = "kjfp:window";
/** @type {Set<string>} */
const OPEN = new Set();

/** An identifier that nobody else gives: of a request or of a window. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(36)).join("");
}

export function claimWindowId() {
  let id = null;
  try {
    id = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
  } catch {
    // no storage: a reload counts as another window
  }
  id = id && !OPEN.has(id) ? id : randomId();
  OPEN.add(id);
  return id;
}

/** @param {string} id */
export function releaseWindowId(id) {
  OPEN.delete(id);
}

/**
 * Store the identifier for the page that is shown next in this tab.
 *
 * @param {string} id
 */
export function storeWindowId(id) {
  try {
    sessionStorage.setItem(KEY, id);
  } catch {
    // no storage: a reload counts as another window
  }
}
