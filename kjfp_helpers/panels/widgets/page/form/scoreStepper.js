import { h } from "../elements/dom.js";

/** @import { ScoreInput } from "./scoreInput.js" */

const HOLD = 400; // milliseconds until a pressed − or ＋ repeats
const EVERY = 70;
const RELEASE = ["pointerup", "pointercancel"];

/**
 * The button that lowers (-1) or raises (1) a score by one step of the scale.
 *
 * @param {ScoreInput} input
 * @param {number} by
 */
export function stepButton(input, by) {
  const [sign, verb] = by < 0 ? ["−", "减"] : ["＋", "加"];
  return h(
    "button",
    {
      class: "kp-step",
      tabindex: "-1",
      "aria-label": `${input.question.title}${verb}一档`,
      onpointerdown: (event) => repeatWhileHeld(input, event, by),
      onclick: (event) => event.detail || input.step(by),
    },
    sign,
  );
}

/**
 * A button that is held down repeats; the score is recorded when it is let go.
 *
 * @param {ScoreInput} input
 * @param {PointerEvent} event
 * @param {number} by
 */
function repeatWhileHeld(input, event, by) {
  if (event.button || input.locked) return;
  input.field.focus();
  const gesture = {};
  input.gesture = gesture;
  let score = input.scoreAfter(by);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const repeat = () => {
    if (score === null) return;
    input.preview(score);
    timer = setTimeout(
      () => {
        score = input.scale.neighbor(score, by) ?? score;
        repeat();
      },
      timer === undefined ? HOLD : EVERY,
    );
  };
  repeat();
  const finish = () => {
    clearTimeout(timer);
    for (const kind of RELEASE) window.removeEventListener(kind, finish);
    if (score !== null && input.gesture === gesture) input.choose(score);
  };
  for (const kind of RELEASE) window.addEventListener(kind, finish);
}
