// What stands over the case for a moment: help, declaration, comparison, overview, the veil.

function dialog(root, title, look, ...children) {
  const close = h("button", { class: "kp-close", "aria-label": "关闭（Esc）", onclick: () => node.close() }, "关闭");
  const node = h("dialog", { class: `kp-dialog ${look}`, "aria-label": title, onclose: () => node.remove() },
    h("div", { class: "kp-line kp-dialog-head" }, h("h2", { tabindex: "-1" }, title), close), children);
  root.append(node);
  node.showModal();
  return node;
}

const SETTLE = 500; // milliseconds in which a click is the second one of a double click

// Asks before what cannot be undone, or is recorded at once. 取消 has the focus, so that the Enter
// which came here agrees to nothing, however often it is pressed.
function confirmDialog(root, { title, words, yes, act }) {
  const agree = h("button", { class: "kp-danger kp-agree", onclick: () => { node.close(); act(); } }, yes);
  const cancel = h("button", { class: "kp-cancel", onclick: () => node.close() }, "取消");
  const node = dialog(root, title, "ask", h("p", {}, words), h("div", { class: "kp-line kp-buttons" }, cancel, agree));
  node.setAttribute("role", "alertdialog");
  agree.style.pointerEvents = "none";
  setTimeout(() => (agree.style.pointerEvents = ""), SETTLE);
  cancel.focus();
  return node;
}

function helpDialog(root, packet) {
  return dialog(root, "按键说明", "", h("dl", { class: "kj-facts kp-keys" },
    HELP.filter(([, , what]) => !what || packet.may(what)).map(([key, words]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, words)])));
}

// Before the first case: what the rules found already, and what only the member knows.
function declaration(packet, declare) {
  const none = h("input", { type: "checkbox", id: "kp-none", onchange: () => refresh() });
  const words = h("textarea", { rows: "4", maxlength: "4000", "aria-label": "利害关系", oninput: () => refresh(),
    placeholder: "例如：与某单位有合作、曾指导某团队、与某人有亲属关系。没有则勾选下面一项。" });
  const start = h("button", { class: "kp-primary kp-start", disabled: true, onclick: () => send() }, "声明并开始");
  const state = h("div", { class: "kp-state", role: "status" });
  const refresh = () => {
    if (words.value.trim()) none.checked = false;
    start.disabled = !(none.checked || words.value.trim());
  };
  const send = () => {
    start.disabled = true;
    setText(state, "正在保存…");
    declare({ statement: words.value.trim(), none: none.checked });
  };
  const found = packet.found.map((one) => h("li", {}, one));
  const node = h("section", { class: "kj-pane kp-declare", "aria-label": "回避声明" },
    h("h3", {}, "评分之前：回避声明"),
    h("p", {}, "按规则，下列单位推荐的材料不会分给您："),
    h("ul", { class: "kj-plain" }, found.length ? found : h("li", {}, "没有（名册中您的所在地、任职单位、已申报关联都不在推荐单位之列）")),
    h("p", {}, "名册有误，请告诉工作人员更正。此外如有其他利害关系，请写明："), words,
    h("label", { class: "kp-none", for: "kp-none" }, none, " 除上述以外，我与被推荐的团队和个人没有利害关系"),
    h("p", { class: "kj-small kj-muted" }, "评分中遇到与本人有关的材料，随时可按“回避”。声明记入台账。"),
    h("div", { class: "kp-line" }, start), state);
  node.fail = (reason) => {
    state.className = "kp-state failed";
    setText(state, `未保存：${reason}`);
    refresh();
  };
  node.first = none;
  return node;
}

// One of the own ties: its words, what was ruled, and the way to take it back, with a reason.
function ownTie(one, retract) {
  const reason = h("input", { type: "text", maxlength: "4000", placeholder: "撤回理由（必填）", "aria-label": "撤回理由",
    oninput: () => (yes.disabled = !reason.value.trim()) });
  const yes = h("button", { class: "kp-danger kp-retract-yes", disabled: true, onclick: () => retract(reason.value.trim()) }, "确认撤回");
  const line = h("span", { class: "kp-line", hidden: true }, reason, yes);
  const ask = h("button", { class: "kp-link kp-retract", onclick: () => { show(line, true); reason.focus(); } }, "撤回…");
  return h("li", {}, h("span", {}, one.words), " ", h("span", { class: "kj-small kj-muted" }, `（${one.state}，#${one.seq}）`), " ",
    one.open ? ask : null, line);
}

// A tie that came to mind after the declaration: it is added to what was declared.
function tiesDialog(app) {
  const { packet } = app;
  const words = h("textarea", { rows: "4", maxlength: "4000", "aria-label": "补充的利害关系",
    placeholder: "例如：与某单位有合作、曾指导某团队、与某人有亲属关系。", oninput: () => refresh() });
  const add = h("button", { class: "kp-primary kp-add-ties", disabled: true, onclick: () => send() }, "补充声明");
  const own = h("ul", { class: "kj-plain kp-own-ties" });
  const state = h("div", { class: "kp-state", role: "status" });
  const refresh = () => (add.disabled = !words.value.trim());
  const before = h("p", {});
  const list = () => {
    setText(before, packet.own.length ? "您声明过的利害关系和申请的回避：" : "声明时您没有写明名册以外的利害关系。");
    own.replaceChildren(...packet.own.map((one) => ownTie(one, (reason) => {
      say("dirty", "正在保存…");
      app.request({ type: "retract", seq: one.seq, reason });
    })));
  };
  const say = (look, text) => {
    state.className = `kp-state ${look}`;
    setText(state, text);
    refresh();
  };
  const send = () => {
    say("dirty", "正在保存…");
    add.disabled = true;
    app.request({ type: "declare", statement: words.value.trim(), none: false });
  };
  const node = dialog(app.root, "补充回避声明", "kp-ties",
    before, own,
    h("p", {}, "另有利害关系的，写在这里，记入台账；已声明的不变。与某一件有关的，另在该件按“回避”。"), words,
    h("div", { class: "kp-line kp-buttons" }, add, state));
  list();
  node.list = list;
  node.fail = (reason) => say("failed", `未保存：${reason}`);
  node.retracted = (seq) => {
    say("saved", seq ? `已撤回，已保存 #${seq}` : "已撤回过，没有另记");
    list();
  };
  node.saved = (seq, fresh) => {
    if (fresh) words.value = "";
    words.focus(); // the button that was pressed is disabled now
    say("saved", fresh ? `已保存 #${seq}` : `这些已声明过（#${seq}），没有另记`);
    list();
  };
  words.focus();
  return node;
}

// Two to four cases in columns, and one criterion across them: own marks only.
function compareDialog(app, chosen) {
  const { packet } = app;
  const kinds = packet.questions[chosen[0].kind].filter((question) =>
    chosen.every((one) => packet.criteria(one).some((other) => other.id === question.id)));
  const pick = h("select", { "aria-label": "评分项", onchange: () => refresh() },
    h("option", { value: "" }, "加权总分"), kinds.map((question) => h("option", { value: question.id }, question.title)));
  const heads = chosen.map(() => h("b", { class: "kp-total" }));
  const node = dialog(app.root, `对比 ${chosen.length} 件`, "wide", h("div", { class: "kp-line" }, h("label", {}, "看哪一项 ", pick)),
    h("div", { class: "kp-columns", style: `--kp-columns: ${chosen.length}` }, chosen.map((one, at) =>
      h("div", { class: "kp-column" },
        h("div", { class: "kp-line kp-column-head" }, heads[at],
          h("button", { onclick: () => { node.close(); app.open(one); } }, "去评这件")),
        h("div", { class: "kj-pane", html: one.page })))));
  const refresh = () => chosen.forEach((one, at) => {
    const mark = pick.value ? one.answers[pick.value] : packet.total(one);
    setText(heads[at], `${one.label}　${mark === undefined || mark === null ? "未评完" : plain(Number(mark).toFixed(2))}`);
  });
  refresh();
  pick.focus();
  return node;
}

// A lost line or kernel: nothing can be typed into what would not be kept.
function cover(root) {
  const title = h("b", {});
  const words = h("p", {});
  const time = h("p", { class: "kj-muted kj-number kp-away", "aria-live": "off" });
  const again = h("button", { class: "kp-primary", onclick: () =>
    root.dispatchEvent(new CustomEvent("kjfp:reopen", { bubbles: true })) }, "重新打开本页");
  const node = h("div", { class: "kp-cover", role: "alertdialog", "aria-label": "暂停", tabindex: "-1", hidden: true },
    h("div", { class: "kp-cover-box" }, title, words, time, again));
  let timer = null;
  let since = 0;
  const count = () => setText(time, `正在重新连接，已中断 ${duration(Date.now() - since)}`);
  node.put = (state, unsaved, what) => {
    const ended = state === "ended";
    if (state && node.hidden) since = Date.now();
    clearInterval(timer);
    if (state && !ended) {
      count();
      timer = setInterval(count, 1000);
    }
    setText(title, ended ? "页面与服务器断开，暂不能保存" : "与服务器的连接中断");
    setText(words, coverWords(state, unsaved, what));
    show(time, !ended);
    show(again, state !== "lost");
    show(node, Boolean(state));
    if (state) (state === "lost" ? node : again).focus();
  };
  return node;
}

function coverWords(state, unsaved, what) {
  const ended = state === "ended";
  const kept = unsaved ? `您的 ${unsaved} 项${what}已留在本机，${ended ? "重新打开" : "连上"}后自动保存`
    : "此前显示“已保存”的都在台账中";
  if (ended) return `${kept}。请按“重新打开本页”；没有反应时，刷新浏览器页面，内容不会丢失。`;
  const wait = unsaved ? "" : "，连上后自动继续";
  return `${kept}${wait}，请不要关闭本页。${state === "stuck" ? "长时间没有恢复的，请按“重新打开本页”。" : ""}`;
}

function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒`;
}
