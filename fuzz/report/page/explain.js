// The page: what stands at the cursor, and how the reader moves it.
const execution = new Execution(JSON.parse(document.getElementById("data").textContent));
const element = (id) => document.getElementById(id);

const make = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const duration = (ns) => ns < 1000 ? ns + " ns" : ns < 1e6 ? +(ns / 1e3).toFixed(3) + " us" : +(ns / 1e6).toFixed(6) + " ms";

function showVerdict() {
  const verdict = execution.verdict;
  const lock = [execution.lock, execution.revision].filter(Boolean).join(" ");
  const headline = element("headline");
  headline.className = verdict.kind;
  headline.textContent = verdict.kind === "pass" ? `Every promise was kept (${lock})`
      : verdict.kind === "finding" ? `WARNING: ${verdict.title}: ${verdict.oracle} (${lock})`
      : `${verdict.kind}: ${verdict.oracle} (${lock})`;
  element("message").textContent = verdict.message;
  element("promise").textContent = verdict.promise && "Contract, section 10: " + verdict.promise;
  element("explanation").textContent = verdict.explanation;
  element("why").hidden = !verdict.promise;
}

// Those around the cursor: a long execution has tens of thousands.
function showMarks(row) {
  const around = 20;
  const at = execution.markAt(row);
  const first = Math.max(0, at - around);
  element("marks").start = first + 1;
  const items = execution.marks.slice(first, at + around).map((mark) => {
    const where = mark.cpu === null ? "" : `CPU ${mark.cpu}${mark.depth > 0 ? " (nested)" : ""}: `;
    const item = make("li", {textContent: where + mark.text, onclick: () => go(mark.row)});
    item.classList.toggle("decisive", mark.decisive);
    item.classList.toggle("verdict", mark.verdict);
    item.classList.toggle("current", mark.row === row);
    return item;
  });
  element("marks").replaceChildren(...items);
  const current = element("marks").querySelector(".current");
  if (current) element("marks").scrollTop = current.offsetTop - element("marks").offsetTop - 100;
}

function showStep(row) {
  const step = execution.step(row);
  const context = step.depth > 0 || step.context !== "task" ? ` (${step.context})` : "";
  const lines = [`${row + 1} of ${execution.count}, ${duration(step.time_ns)}, CPU ${step.cpu}${context}: ${step.what}`];
  const more = [step.code, step.flags].filter(Boolean).join("; ");
  if (more) lines.push(make("br"), more);
  element("step").replaceChildren(...lines);
  element("step").classList.toggle("decisive", execution.kind[row] === Execution.decisiveKind);
  document.body.dataset.row = row;
}

function showLocks(row) {
  const rows = [];
  execution.locks.forEach((name, lock) => {
    const word = Execution.at(execution.wordsOf[lock], row);
    const [holder, pending, queue] = Execution.at(execution.queuesOf[lock], row) ?? [0, 0, []];
    if (execution.locks.length > 4 && !holder && !pending && queue.length === 0) return;
    const nodes = queue.map((waiter) => make("span", {className: "node", textContent: execution.text(waiter)}));
    rows.push(make("tr", {}, make("th", {textContent: name}),
                   make("td", {className: "mono", textContent: word === undefined ? "0,0,0" : execution.text(word)}),
                   make("td", {textContent: execution.text(holder) || "-"}),
                   make("td", {textContent: execution.text(pending) || "-"})));
    if (nodes.length === 0) return;
    rows.push(make("tr", {}, make("th", {}),
                   make("td", {colSpan: 3}, make("div", {className: "queue"}, "queue: ", ...nodes))));
  });
  const head = ["lock", "tail,pending, locked", "held by", "pending"];
  element("locks").replaceChildren(
      make("table", {}, make("tr", {}, ...head.map((text) => make("th", {textContent: text}))), ...rows));
}

function showTables(row) {
  const rows = execution.tablesOf.map((changes, cpu) => {
    const held = Execution.at(changes, row) ?? [];
    return make("tr", {}, make("th", {textContent: "CPU " + cpu}), make("td", {textContent: held.length}),
                make("td", {textContent: held.map((lock) => execution.text(lock)).join(", ") || "-"}));
  });
  const head = ["CPU", "count", "slots, oldest first"];
  element("tables").replaceChildren(
      make("table", {}, make("tr", {}, ...head.map((text) => make("th", {textContent: text}))), ...rows));
}

// Names that lie on a cycle of the edges.
function onCycle(edges) {
  const reaches = (from, to, seen = new Set()) => edges.some(([waiter, awaited]) => waiter === from &&
      (awaited === to || (!seen.has(awaited) && seen.add(awaited) && reaches(awaited, to, seen))));
  return new Set(edges.map(([waiter]) => waiter).filter((waiter) => reaches(waiter, waiter)));
}

// Boxes below each other, edges as arcs beside them.
function showWaits(row) {
  // One CPU's contexts are one line of waiting: what lies below waits for what lies on top.
  const edges = Execution.at(execution.waitsOf, row) ?? [];
  if (edges.length === 0) {
    element("waits").textContent = "nobody waits for anybody";
    return;
  }
  const names = [...new Set(edges.flatMap(([waiter, awaited]) => [waiter, awaited]))].sort((a, b) =>
      execution.text(a).localeCompare(execution.text(b)));
  const cycle = onCycle(edges);
  const svg = (name, attributes, text) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  };
  const height = names.length * 44 + 10;
  const picture = svg("svg", {viewBox: `0 0 340 ${height}`, width: 340, height});
  picture.append(svg("marker", {id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7,
                                orient: "auto-start-reverse"}));
  picture.firstChild.append(svg("path", {d: "M0,0 L8,4 L0,8 z", fill: "context-stroke"}));
  names.forEach((name, i) => {
    picture.append(svg("rect", {class: "box", x: 2, y: i * 44 + 8, width: 150, height: 28, rx: 4}));
    picture.append(svg("text", {x: 10, y: i * 44 + 26}, execution.text(name)));
  });
  edges.forEach(([waiter, awaited, why], i) => {
    const from = names.indexOf(waiter) * 44 + 18;
    const to = names.indexOf(awaited) * 44 + 28;
    const bend = 152 + 24 + 14 * (i % 3);
    const isCycle = cycle.has(waiter) && cycle.has(awaited);
    picture.append(svg("path", {class: "edge" + (isCycle ? " cycle" : ""), "marker-end": "url(#tip)",
                                d: `M152,${from} C${bend},${from} ${bend},${to} 154,${to}`}));
    picture.append(svg("text", {x: 200, y: from + 4}, execution.text(why)));
  });
  element("waits").replaceChildren(picture);
}

const timeline = new Timeline(element("timeline"), execution, (row) => go(row));
let cursor = 0;
let isDue = false;

// Draws once a frame however many moves there were.
function show() {
  isDue = false;
  timeline.draw();
  showStep(cursor);
  showLocks(cursor);
  showWaits(cursor);
  if (element("tables").closest("details").open) showTables(cursor);
  showMarks(cursor);
}
function showSoon() {
  if (!isDue) requestAnimationFrame(show);
  isDue = true;
}

function go(row) {
  cursor = Math.max(0, Math.min(execution.count - 1, row));
  element("scrubber").value = cursor;
  timeline.moveTo(cursor);
  showSoon();
}

function goToMark(direction) {
  let row = cursor + direction;
  while (row >= 0 && row < execution.count && execution.kind[row] !== Execution.decisiveKind) row += direction;
  if (row >= 0 && row < execution.count) go(row);
}

function zoom(factor) {
  timeline.zoom(factor);
  showSoon();
}

const actions = {
  "first": () => go(0), "previous": () => go(cursor - 1), "next": () => go(cursor + 1), "last": () => go(execution.count - 1),
  "previous-mark": () => goToMark(-1), "next-mark": () => goToMark(1), "out": () => zoom(2), "in": () => zoom(0.5),
};
const keys = {"Home": "first", "End": "last", "p": "previous-mark", "n": "next-mark", "-": "out", "+": "in"};
for (const [id, action] of Object.entries(actions)) element(id).onclick = action;
element("scrubber").max = execution.count - 1;
element("scrubber").oninput = (event) => go(Number(event.target.value));
element("tables").closest("details").ontoggle = showSoon;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const steps = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (steps !== 0) go(cursor + steps * (event.shiftKey ? 10 : 1));
  else if (keys[event.key]) actions[keys[event.key]]();
  else return;
  event.preventDefault();
});
window.addEventListener("resize", showSoon);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showSoon);
// On paper colours are light, and there is no next frame.
matchMedia("print").addEventListener("change", show);

showVerdict();
go(execution.verdictRow);
show();
