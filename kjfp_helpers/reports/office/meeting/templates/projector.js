"use strict";
(() => {
  const slides = [...document.querySelectorAll(".slide")];
  let shown = 0;
  let typed = "";
  function show(number) {
    shown = Math.min(Math.max(number, 0), slides.length - 1);
    slides.forEach((slide, index) => { slide.hidden = index !== shown; });
    slides[shown].focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  const steps = new Map([
    ["ArrowRight", 1], ["ArrowDown", 1], ["PageDown", 1], [" ", 1],
    ["ArrowLeft", -1], ["ArrowUp", -1], ["PageUp", -1],
  ]);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (/^\d$/.test(event.key)) { typed += event.key; return; }
    if (event.key === "Enter" && typed) { show(Number(typed)); }
    else if (steps.has(event.key)) { show(shown + steps.get(event.key)); }
    else if (event.key === "Home") { show(0); }
    else if (event.key === "End") { show(slides.length - 1); }
    else { typed = ""; return; }
    typed = "";
    event.preventDefault();
  });
  show(0);
})();
