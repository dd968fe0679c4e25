// The canvas: words of the locks above, a lane for each CPU below, contexts as depth. Only what is visible is drawn, and
// nothing that is narrower than a pixel beside another: a frame costs one look at each row in view and what is drawn.
class Timeline {
  static wordHeight = 22;
  static levelHeight = 16;
  static gap = 8;
  static left = 52;

  constructor(canvas, execution, onPick) {
    this.canvas = canvas;
    this.picture = document.createElement("canvas");
    this.execution = execution;
    this.cursor = 0;
    this.span = Math.min(execution.count, 160);  // rows in view
    this.begin = 0;                              // the first of them
    this.lanes = [];
    this.wordLocks = execution.locks.map((name, lock) => lock)
        .filter((lock) => execution.wordsOf[lock].some((change, i) => i > 0));
    if (this.wordLocks.length === 0) this.wordLocks = [0];
    this.wordLocks = this.wordLocks.slice(0, 6);
    let y = this.wordLocks.length * Timeline.wordHeight + Timeline.gap;
    for (let cpu = 0; cpu < execution.cpus; ++cpu) {
      const height = Math.max(1, execution.contexts[cpu].length) * Timeline.levelHeight + 12;
      this.lanes.push({y, height});
      y += height + Timeline.gap;
    }
    this.height = y;
    canvas.addEventListener("pointerdown", (event) => {
      const row = this.rowAt(event.offsetX);
      if (row !== null) onPick(row);
    });
  }

  rowAt(x) {
    const row = Math.floor(this.begin + (x - Timeline.left) / this.rowWidth());
    return x < Timeline.left || row < 0 || row >= this.execution.count ? null : row;
  }
  rowWidth() { return (this.width - Timeline.left) / this.span; }
  x(row) { return Timeline.left + (row - this.begin) * this.rowWidth(); }

  zoom(factor) {
    this.span = Math.max(Math.min(16, this.execution.count), Math.min(this.execution.count, Math.round(this.span * factor)));
    this.begin = this.cursor - this.span / 2;
    this.keepInside();
  }
  moveTo(row) {
    this.cursor = row;
    const margin = this.span / 8;
    if (row < this.begin + margin || row > this.begin + this.span - margin) this.begin = row - this.span / 2;
    this.keepInside();
  }
  keepInside() { this.begin = Math.round(Math.max(0, Math.min(this.execution.count - this.span, this.begin))); }

  // What is in view is drawn anew only when that changes; the cursor moves over it.
  draw() {
    const style = getComputedStyle(document.documentElement);
    const scale = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    const view = [this.begin, this.span, this.width, scale, style.getPropertyValue("--paper")].join();
    const context = this.canvas.getContext("2d");
    if (view !== this.view) {
      this.view = view;
      const colours = {};
      this.colour = (name) => colours[name] ??= style.getPropertyValue("--" + name).trim();
      this.canvas.style.height = this.height + "px";
      this.canvas.width = this.picture.width = Math.round(this.width * scale);
      this.canvas.height = this.picture.height = Math.round(this.height * scale);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      this.drawPicture(scale);
    }
    context.clearRect(0, 0, this.width, this.height);
    context.drawImage(this.picture, 0, 0, this.width, this.height);
    context.fillStyle = this.colour("accent");
    context.globalAlpha = 0.35;
    context.fillRect(this.x(this.cursor), 0, Math.max(2, this.rowWidth()), this.height);
    context.globalAlpha = 1;
  }

  drawPicture(scale) {
    const context = this.picture.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.font = '12px "DejaVu Sans Mono", monospace';
    context.textBaseline = "middle";
    this.drawWords(context);
    this.drawContexts(context);
    this.drawSteps(context);
    this.drawLabels(context);
  }

  // Calls draw(x, width, stretch) for each of a list of [first row, ...] in view, in order; where several begin in one
  // pixel, for the first. until(i): the row where the i-th ends.
  eachInView(list, until, draw) {
    const end = Math.min(this.execution.count, this.begin + this.span);
    let i = Math.max(0, Execution.indexAt(list, this.begin));
    while (i < list.length && list[i][0] < end) {
      const x = Math.max(Timeline.left, this.x(list[i][0]));
      const width = Math.min(this.width, this.x(until(i))) - x;
      if (width > 0) draw(x, width, list[i]);
      const nextPixel = this.begin + (Math.floor(x) + 1 - Timeline.left) / this.rowWidth();
      i = Math.max(i + 1, width < 1 ? Execution.indexAt(list, nextPixel) : 0);
    }
  }

  drawWords(context) {
    this.wordLocks.forEach((lock, line) => {
      const changes = this.execution.wordsOf[lock];
      const y = line * Timeline.wordHeight;
      const until = (i) => i + 1 < changes.length ? changes[i + 1][0] : this.execution.count;
      this.eachInView(changes, until, (x, width, change) => {
        const text = this.execution.text(change[2]);
        const isWaitedFor = /,1,/.test(text) || !text.startsWith("0,");
        context.fillStyle = this.colour(text === "0,0,0" ? "panel" : isWaitedFor ? "hardirq" : "task");
        context.fillRect(x, y + 1, Math.max(1, width - 1), Timeline.wordHeight - 3);
        if (width <= 8 * text.length) return;
        context.fillStyle = this.colour("ink");
        context.fillText(text, x + 3, y + Timeline.wordHeight / 2);
      });
    });
  }

  drawContexts(context) {
    this.execution.contexts.forEach((levels, cpu) => levels.forEach((contexts, depth) => {
      const lane = this.lanes[cpu];
      const y = lane.y + depth * Timeline.levelHeight;
      this.eachInView(contexts, (i) => contexts[i][1], (x, width, [, , name]) => {
        context.fillStyle = this.colour(name);
        context.fillRect(x, y, Math.max(1, width), lane.y + lane.height - y);
        if (depth === 0 || width < 8 * name.length) return;
        context.fillStyle = this.colour("ink");
        context.fillText(name, x + 3, y + Timeline.levelHeight / 2);
      });
    }));
  }

  // One tick a pixel at most, of the most telling step there.
  drawSteps(context) {
    const names = ["wait", "load", "store", "rmw", "call", "mark"];
    const {kind, cpu, count} = this.execution;
    const end = Math.min(count, this.begin + this.span);
    const rowWidth = this.rowWidth();
    const best = new Int16Array(Math.ceil(this.width) * this.execution.cpus).fill(-1);
    for (let row = this.begin; row < end; ++row) {
      const at = Math.floor(Timeline.left + (row - this.begin) * rowWidth) * this.execution.cpus + cpu[row];
      if (kind[row] > best[at]) best[at] = kind[row];
    }
    const colours = names.map((name) => this.colour(name));
    for (let at = 0; at < best.length; ++at) {
      if (best[at] < 0) continue;
      const lane = this.lanes[at % this.execution.cpus];
      const x = Math.floor(at / this.execution.cpus);
      const height = best[at] === Execution.decisiveKind ? lane.height : 12;
      context.fillStyle = colours[best[at]];
      context.fillRect(x, lane.y + lane.height - height, Math.max(1, Math.min(6, rowWidth - 1)), height);
    }
  }

  drawLabels(context) {
    context.fillStyle = this.colour("paper");
    context.fillRect(0, 0, Timeline.left - 2, this.height);
    context.fillStyle = this.colour("ink");
    this.wordLocks.forEach((lock, line) => {
      context.fillText("lock " + this.execution.locks[lock], 2, (line + 0.5) * Timeline.wordHeight);
    });
    this.lanes.forEach((lane, cpu) => context.fillText("CPU " + cpu, 2, lane.y + lane.height / 2));
  }
}
