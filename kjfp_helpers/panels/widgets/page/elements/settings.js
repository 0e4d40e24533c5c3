// Settings of this browser: the page's scale, and whether a finished score moves on by itself; and the
// item that a tab shows. A browser that stores nothing still works; it forgets at a reload.

/**
 * @param {string} key
 * @returns {string | null}
 */
export function readSetting(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
export function storeSetting(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // the setting holds until the page is closed
  }
}

const PLACE = "kjfp:place:";
const PLACE_TIME = 600_000; // milliseconds after which a page that comes back begins where work is left

/**
 * The item that was on the screen of this tab when its page went away, a short while ago.
 *
 * @param {string} packet
 * @returns {string | undefined}
 */
export function readPlace(packet) {
  try {
    const { key, at } = JSON.parse(sessionStorage.getItem(PLACE + packet) ?? "{}");
    return Date.now() - at < PLACE_TIME ? key : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} packet @param {string} key */
export function storePlace(packet, key) {
  try {
    sessionStorage.setItem(PLACE + packet, JSON.stringify({ key, at: Date.now() }));
  } catch {
    // it begins where work is left
  }
}
