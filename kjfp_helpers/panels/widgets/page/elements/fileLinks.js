/**
 * Open the file that a link names: it lies at another address than the notebooks. What a unit sent is
 * saved, never shown by the browser.
 *
 * @param {MouseEvent} event
 */
export function openFile(event) {
  const { target } = event;
  const link = target instanceof Element ? target.closest("a[data-file]") : null;
  if (!link) return;
  event.preventDefault();
  const { baseUrl } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const path = link.getAttribute("data-file").split("/").map(encodeURIComponent).join("/");
  const query = link.hasAttribute("data-save") ? "?download=1" : "";
  window.open(`${baseUrl}files/${path}${query}`, "_blank", "noopener");
}
