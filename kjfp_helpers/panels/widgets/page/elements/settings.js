// Settings of this browser: text size, and whether a finished score moves on by itself. A browser
// that stores nothing still works; it forgets at a reload.

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
