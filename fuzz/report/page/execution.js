// What the page knows of the execution: JSON as README.md describes it, and what is true after a row.
class Execution {
  static decisiveKind = 5;

  constructor(data) {
    Object.assign(this, data);
    this.count = this.steps.length;
    this.column = Object.fromEntries(this.columns.map((name, index) => [name, index]));
    this.wordsOf = Execution.byIndex(this.words, this.locks.length);
    this.queuesOf = Execution.byIndex(this.queues, this.locks.length);
    this.tablesOf = Execution.byIndex(this.tables, this.cpus);
    this.waitsOf = Execution.byIndex(this.waits, 1)[0];
    const verdict = this.marks.find((mark) => mark.verdict);
    this.verdictRow = verdict ? verdict.row : this.count - 1;
    this.classify();
    this.findContexts();
  }

  // Lists of [row, index, value], one for each index.
  static byIndex(changes, count) {
    const lists = Array.from({length: count}, () => []);
    for (const change of changes) lists[change[1]].push(change);
    return lists;
  }

  // The index of the last of a list of [row, ...], in order, that is at or before the row; -1 if there is none.
  static indexAt(list, row) {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle][0] <= row) low = middle + 1; else high = middle;
    }
    return low - 1;
  }

  // The value of the last change at or before the row; undefined if there was none yet.
  static at(changes, row) { return changes[Execution.indexAt(changes, row)]?.[2]; }

  // A number for each row: how it is drawn, more telling kinds higher.
  classify() {
    const kinds = {"relax": 0, "read clock": 0, "fence": 0, "load": 1, "store": 2, "read-modify-write": 3};
    this.kind = new Uint8Array(this.count);
    this.cpu = new Uint8Array(this.count);
    this.steps.forEach((step, row) => {
      this.kind[row] = kinds[this.strings[step[this.column.action]]] ?? 4;
      this.cpu[row] = step[this.column.cpu];
    });
    for (const mark of this.marks) if (mark.decisive) this.kind[mark.row] = Execution.decisiveKind;
  }

  // Stretches in which a context stands on its CPU: [first row, last row, name] in contexts[cpu][depth], in order.
  findContexts() {
    this.contexts = Array.from({length: this.cpus}, () => []);
    const open = Array.from({length: this.cpus}, () => []);
    const close = (cpu, depth, row) => {
      while (open[cpu].length > depth) open[cpu].pop()[1] = row;
    };
    this.steps.forEach((step, row) => {
      const [cpu, depth] = [step[this.column.cpu], step[this.column.depth]];
      close(cpu, depth + 1, row);
      while (open[cpu].length <= depth) {
        const level = open[cpu].length;
        const context = [row, row, level === depth ? this.strings[step[this.column.context]] : "task"];
        open[cpu].push(context);
        (this.contexts[cpu][level] ??= []).push(context);
      }
    });
    for (let cpu = 0; cpu < this.cpus; ++cpu) close(cpu, 0, this.count);
  }

  // The index of the last mark at or before the row; 0 if there is none.
  markAt(row) {
    let low = 0;
    let high = this.marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.marks[middle].row <= row) low = middle + 1; else high = middle;
    }
    return Math.max(0, low - 1);
  }

  text(number) { return this.strings[number]; }

  step(row) {
    const values = this.steps[row];
    const get = (name) => values[this.column[name]];
    const text = (name) => this.text(get(name));
    let what = text("action");
    if (text("location")) what += " " + text("location");
    if (text("new")) what += text("old") === text("new") ? " = " + text("new") : ` ${text("old")} -> ${text("new")}`;
    const flags = [];
    if (get("interrupts_off")) flags.push("interrupts off");
    if (get("preempt_count")) flags.push("preemption off");
    if (get("reschedule_due")) flags.push("reschedule due");
    return {row, what, step: get("step"), time_ns: get("time_ns"), cpu: get("cpu"), depth: get("depth"),
            context: text("context"), code: text("code"), flags: flags.join(", ")};
  }
}
