// The overview before sealing: own ranking with ties, drift from early to late, marks far from the
// own usual; then seal, print, open again. Own marks only, and nothing is adjusted here.

const FAR = 2; // standard deviations from the own mean

function tiedWith(rows) {
  const counts = new Map();
  for (const row of rows) counts.set(row.text, (counts.get(row.text) ?? 0) + 1);
  return (row) => counts.get(row.text) > 1;
}

function ranking(packet, kind) {
  const all = packet.list.filter((one) => one.kind === kind);
  const rows = all.map((one, at) => ({ one, at, total: packet.total(one) })).filter((row) => row.total !== null);
  for (const row of rows) row.text = row.total.toFixed(2);
  const sorted = [...rows].sort((a, b) => b.total - a.total || a.at - b.at);
  for (const row of sorted) row.rank = 1 + sorted.filter((other) => Number(other.text) > Number(row.text)).length;
  return { all, rows, sorted };
}

function spread(rows) {
  const totals = rows.map((row) => row.total);
  const centre = mean(totals);
  return { centre, deviation: Math.sqrt(mean(totals.map((total) => (total - centre) ** 2))) };
}

function notes({ rows, sorted }) {
  const words = [];
  if (rows.length < 3) return words;
  const third = Math.floor(rows.length / 3);
  const { centre, deviation } = spread(rows);
  const early = mean(rows.slice(0, third).map((row) => row.total));
  const late = mean(rows.slice(-third).map((row) => row.total));
  const drift = late - early;
  words.push(`平均 ${centre.toFixed(1)}，标准差 ${deviation.toFixed(1)}。`);
  words.push(`前三分之一平均 ${early.toFixed(1)}，后三分之一平均 ${late.toFixed(1)}：后面${
    Math.abs(drift) < 0.05 ? "与前面持平" : `${drift > 0 ? "高" : "低"} ${Math.abs(drift).toFixed(1)} 分`}。`);
  const tied = tiedWith(sorted);
  const ties = sorted.filter(tied).length;
  words.push(ties ? `${ties} 件与别件同分。` : "没有同分。");
  return words;
}

// Own use of the rubric's phrases, and marks given once names could be seen.
function habits(packet, { all }) {
  const used = phraseUse(packet, all).map(([phrase, count]) => `“${phrase}”${count} 件`);
  const after = all.filter((one) => one.saved.after).length;
  return [used.length ? `用过的常用评语：${used.join("，")}。` : "",
    after ? `${after} 件是揭示身份以后评的。` : ""].filter(Boolean);
}

function dots({ rows }, open) {
  if (rows.length < 2) return null;
  const [width, height] = [320, 72];
  const totals = rows.map((row) => row.total);
  const [low, high] = [Math.min(...totals), Math.max(...totals)];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("class", "kp-dots");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "按阅读先后的总分");
  rows.forEach((row, at) => {
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    dot.setAttribute("cx", 6 + (at * (width - 12)) / Math.max(rows.length - 1, 1));
    dot.setAttribute("cy", height - 6 - ((row.total - low) * (height - 12)) / Math.max(high - low, 1));
    dot.setAttribute("r", 3);
    dot.addEventListener("click", () => open(row.one));
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = `${row.one.label}　${row.text}`;
    dot.append(title);
    svg.append(dot);
  });
  return h("figure", { class: "kp-figure" }, svg, h("figcaption", { class: "kj-small kj-muted" },
    `按阅读先后，由左到右：最低 ${low.toFixed(2)}，最高 ${high.toFixed(2)}`));
}

function table(found, open) {
  const tied = tiedWith(found.sorted);
  const { centre, deviation } = found.rows.length ? spread(found.rows) : { centre: 0, deviation: 0 };
  const far = (row) => found.rows.length > 4 && Math.abs(row.total - centre) > FAR * deviation;
  return h("table", { class: "kj" }, h("thead", {}, h("tr", {}, ["名次", "材料", "总分", "留意"].map((text, at) =>
    h("th", { class: at === 1 || at === 3 ? "" : "num" }, text)))),
  h("tbody", {}, found.sorted.map((row) => h("tr", {},
    h("td", { class: "num" }, String(row.rank)),
    h("td", {}, h("button", { class: "kp-link", onclick: () => open(row.one) }, row.one.label)),
    h("td", { class: "num" }, row.text),
    h("td", {}, [row.one.saved.after ? "揭示身份后评" : "", tied(row) ? "同分" : "", far(row) ? "离您的平均较远" : ""].filter(Boolean).join("，"))))));
}

function mirrorDialog(app) {
  const { packet } = app;
  const open = (one) => { node.close(); app.open(one); };
  const parts = [["team", "先进团队"], ["individual", "先进个人"]].map(([kind, title]) => {
    const found = ranking(packet, kind);
    if (!found.all.length) return null;
    return h("section", { class: "kp-rank" }, h("h3", {}, `${title}：已评 ${found.rows.length}/${found.all.length}`),
      [...notes(found), ...habits(packet, found)].map((text) => h("div", { class: "kj-small" }, text)), dots(found, open),
      h("div", { class: "kj-scroll" }, table(found, open)));
  });
  const { done, owing, total } = packet.counts;
  const { ready } = app;
  const state = h("div", { class: "kp-state", role: "status" });
  const reason = h("input", { type: "text", maxlength: "4000", placeholder: "启封理由（必填）", "aria-label": "启封理由" });
  const seal = h("button", { class: "kp-primary kp-seal", disabled: !ready || !app.writable,
    onclick: () => askSeal(app) }, "封存本卷");
  const act = packet.sealed
    ? [h("span", { class: "kj-chip good" }, `已封存 #${packet.sealed}`), signature(packet), reason,
        h("button", { class: "kp-danger kp-reopen", onclick: () => reason.value.trim()
          ? askReopen(app, reason.value.trim()) : reason.focus() }, "启封…")]
    : [seal, signature(packet), h("span", { class: "kj-small kj-muted" }, ready ? "封存后改动须写明理由启封。"
        : `还有 ${total - done} 件未评完，${owing} 件待补评语${app.outbox.items.length ? "，有未保存的改动" : ""}。`)];
  const node = dialog(app.root, "总览：只有您自己的评分", "wide", h("div", { class: "kp-ranks" }, parts),
    h("div", { class: "kp-line kp-buttons" }, act,
      h("button", { class: "kp-more-ties", onclick: () => { node.close(); app.addTies(); } }, "补充回避声明…"),
      h("button", { class: "kp-print", onclick: () => app.link.say("sheet", { id: name() }) }, "打印签字表")), state);
  node.classList.add("kp-mirror-page");
  node.ready = ready;
  node.querySelector("h2").focus(); // not a button: the Enter that came here must press nothing
  node.say = (text) => {
    state.className = "kp-state failed";
    setText(state, text);
  };
  return node;
}

// Says what is sealed, and seals when that is agreed to.
function askSeal(app) {
  const { counts: { done, commented }, recused } = app.packet;
  confirmDialog(app.root, { title: "封存本卷", yes: "确认封存", act: () => app.request({ type: "seal" }),
    words: `${done} 件已评完，${commented} 件有评语${recused ? `，${recused} 件回避` : ""}；封存后改动须写明理由。` });
}

function askReopen(app, reason) {
  confirmDialog(app.root, { title: "启封", yes: "确认启封", act: () => app.request({ type: "reopen", reason }),
    words: `理由：${reason}。启封记入台账；改动后须重新封存，签字表也须重新打印签字。` });
}

// Whether the signed sheet came back, and whether it still holds.
function signature({ signed, resign }) {
  if (!signed) return "";
  return resign ? h("span", { class: "kj-chip warn" }, "签字后又启封：封存后请重新打印签字")
    : h("span", { class: "kj-chip good" }, `签字表已收 #${signed}`);
}

// Prints the sheet that the kernel rendered, from a frame of its own.
function printSheet(root, page) {
  root.querySelector("iframe.kp-sheet")?.remove();
  const frame = h("iframe", { class: "kp-sheet", title: "签字表", srcdoc: page, "aria-hidden": "true" });
  frame.addEventListener("load", () => frame.contentWindow.print());
  root.append(frame);
}
