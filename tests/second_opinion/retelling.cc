#include "tests/second_opinion/retelling.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <regex>

namespace rqfuzz::second_opinion {
namespace {

bool StartsWith(const std::string& text, const std::string& prefix) { return text.rfind(prefix, 0) == 0; }

// The tail in the half-word, as words print it.
std::string TailName(const std::string& half_word) {
  const unsigned long value = std::strtoul(half_word.c_str(), nullptr, 10);
  if (value >> 2 == 0) return "0";
  return "cpu" + std::to_string((value >> 2) - 1) + "." + std::to_string(value & 3);
}

}  // namespace

std::pair<std::string, std::string> SplitLock(const std::string& location) {
  if (!StartsWith(location, "lock ")) return {};
  const std::size_t blank = location.find(' ', 5);
  if (blank == std::string::npos) return {location.substr(5), ""};
  return {location.substr(5, blank - 5), location.substr(blank + 1)};
}

bool SplitPerCpu(const std::string& location, const std::string& what, unsigned& cpu, unsigned& index,
                 std::string& field) {
  char text[32] = "";
  if (std::sscanf(location.c_str(), ("cpu %u " + what + " %u %31s").c_str(), &cpu, &index, text) < 2) return false;
  field = text;
  return true;
}

int Retelling::CurrentOf(unsigned cpu, unsigned depth) {
  const auto current = cpus[cpu].current.find(depth);
  return current == cpus[cpu].current.end() ? kNone : current->second;
}

bool Retelling::HasLower(int id) const {
  const Call& call = calls[id];
  const std::vector<int>& open = cpus.at(call.cpu).open;
  return std::any_of(open.begin(), open.end(),
                     [&](int other) { return other != id && calls[other].lock == call.lock; });
}

bool Retelling::IsOwedLink(int id) const {
  return std::any_of(calls.begin(), calls.end(), [&](const Call& behind) {
    if (behind.ahead != id || behind.linked || !behind.result.empty()) return false;
    const Cpu& cpu = cpus.at(behind.cpu);
    return cpu.stolen || behind.depth + 1 < cpu.contexts.size();
  });
}

bool Retelling::StandsInAbba(int id) {
  const int holder = locks[calls[id].lock].holder;
  const int other = holder == kNone ? kNone : CurrentOf(calls[holder].cpu);
  if (other == kNone || other == id || calls[other].releasing || !calls[other].result.empty()) return false;
  const int held = locks[calls[other].lock].holder;
  return held != kNone && calls[held].cpu == calls[id].cpu;
}

int Retelling::Owner(const std::string& lock) const {
  for (int id = 0; id < static_cast<int>(calls.size()); ++id) {
    const Call& call = calls[id];
    if (call.lock == lock && call.result == "0" && !call.releasing && !call.gone) return id;
  }
  return kNone;
}

void Retelling::PassTime(const TraceLine& line) {
  jump_ns = line.time_ns - now_ns > kJump_ns ? line.time_ns - now_ns : 0;
  now_ns = line.time_ns;
  if (jump_ns == 0) return;
  unsigned disturbed = 0;
  for (const auto& [number, cpu] : cpus) disturbed += cpu.Disturbed();
  for (auto& [number, cpu] : cpus) {
    for (const auto& [depth, id] : cpu.current) {
      if (id == kNone || !calls[id].result.empty()) continue;
      Call& call = calls[id];
      if (disturbed > 0) call.disturbed = true;
      if (Owner(call.lock) != kNone) call.owned_ns += jump_ns;
      call.stood_in_abba = call.stood_in_abba || StandsInAbba(id);
      if (cpu.stolen || depth + 1 < cpu.contexts.size()) continue;
      call.waited_ns += jump_ns;
      call.waited_in_all_ns += jump_ns;
    }
  }
}

void Retelling::Start(Call& call, Wait wait) {
  call.wait = wait;
  call.wait_ns = now_ns;
  call.waited_ns = call.owned_ns = 0;
  call.first_clock_ns = call.last_clock_ns = 0;
  call.disturbed = false;
}

void Retelling::Begin(const TraceLine& line, const std::string& rest) {
  Call call;
  call.cpu = line.cpu;
  call.depth = line.depth;
  call.lock = rest.substr(0, rest.find(' '));
  if (rest.find(' ') != std::string::npos) call.entry_point = rest.substr(rest.find(' ') + 1);
  Cpu& cpu = cpus[line.cpu];
  std::string innermost = "task";
  for (const std::string& context : cpu.contexts) innermost = context == "program" ? innermost : context;
  call.in_nmi = innermost == "nmi";
  call.open_below = static_cast<unsigned>(cpu.open.size());
  call.wait_ns = now_ns;
  const int id = static_cast<int>(calls.size());
  calls.push_back(call);
  cpu.open.push_back(id);
  cpu.current[line.depth] = id;
}

void Retelling::Exchange(const std::string& old_tail, const std::string& new_tail, Lock& lock, int id) {
  Call& call = calls[id];
  unsigned cpu = 0;
  unsigned node = 0;
  if (new_tail == "0" || new_tail == old_tail || !call.result.empty()) return;
  if (std::sscanf(new_tail.c_str(), "cpu%u.%u", &cpu, &node) != 2 || cpu != call.cpu) return;
  call.queued = true;
  call.ahead_count = static_cast<unsigned>(lock.queue.size());
  unsigned ahead_cpu = 0;
  unsigned ahead_node = 0;
  if (std::sscanf(old_tail.c_str(), "cpu%u.%u", &ahead_cpu, &ahead_node) == 2) {
    const auto& users = cpus[ahead_cpu].node_user;
    if (const auto user = users.find(ahead_node); user != users.end()) call.ahead = user->second;
  }
  Start(call, old_tail == "0" ? Wait::kHead : Wait::kBehind);
  cpus[call.cpu].node_user[node] = id;
  lock.queue.push_back(id);
}

void Retelling::WriteWord(const TraceLine& line, const std::string& field, Lock& lock, int id) {
  Lock after = lock;
  const unsigned long number = std::strtoul(line.new_value.c_str(), nullptr, 10);
  if (field.empty()) {
    const std::size_t first = line.new_value.find(',');
    after.tail = line.new_value.substr(0, first);
    after.pending = line.new_value[first + 1] == '1';
    after.locked = line.new_value.substr(first + 3) != "0";
  } else if (field == "locked byte") {
    after.locked = number != 0;
  } else if (field == "pending byte") {
    after.pending = number != 0;
  } else if (field == "locked and pending") {
    after.locked = number % 256 != 0;
    after.pending = number / 256 != 0;
  } else if (field == "tail") {
    after.tail = TailName(line.new_value);
  }
  const std::string old_tail = lock.tail;
  if (id != kNone && calls[id].lock == SplitLock(line.location).first) {
    if (!lock.locked && after.locked) {
      calls[id].took_lock = true;
      after.holder = id;
    }
    if (lock.locked && !after.locked) after.holder = kNone;
    if (!lock.pending && after.pending) {
      after.pending_by = id;
      if (!calls[id].queued) Start(calls[id], Wait::kPending);
    }
    if (lock.pending && !after.pending) after.pending_by = kNone;
    lock = after;
    Exchange(old_tail, after.tail, lock, id);
    return;
  }
  lock = after;
}

void Retelling::Access(const TraceLine& line, int id) {
  unsigned cpu = 0;
  unsigned index = 0;
  std::string field;
  const bool write = line.action != "load";
  if (const auto [name, part] = SplitLock(line.location); !name.empty()) {
    if (write && line.old_value != line.new_value) WriteWord(line, part, locks[name], id);
    return;
  }
  if (id == kNone) return;
  Call& call = calls[id];
  if (SplitPerCpu(line.location, "table slot", cpu, index, field)) {
    if (write || line.new_value != "lock " + call.lock) return;
    if (cpu == line.cpu) {
      call.saw_itself = call.saw_itself || HasLower(id);
    } else {
      const std::vector<int>& open = cpus[cpu].open;
      call.saw_other = call.saw_other || std::any_of(open.begin(), open.end(),
                                                     [&](int other) { return calls[other].lock == call.lock; });
    }
    return;
  }
  if (!SplitPerCpu(line.location, "node", cpu, index, field)) return;
  const unsigned long number = std::strtoul(line.new_value.c_str(), nullptr, 10);
  if (field == "count" && !write && cpu == line.cpu && call.result.empty()) {
    call.lacked_node = call.lacked_node || number >= 4 || (call.in_nmi && number > 0);
  }
  if (field == "next" && write && cpu != line.cpu) call.linked = true;
  if (field != "locked" || !write || cpu == line.cpu) return;
  const auto user = cpus[cpu].node_user.find(index);
  if (user == cpus[cpu].node_user.end() || !calls[user->second].result.empty()) return;
  if (number == 1) Start(calls[user->second], Wait::kHead);
  if (number == 2) calls[user->second].told_by = id;
}

void Retelling::Tell(const TraceLine& line) {
  Cpu& cpu = cpus[line.cpu];
  const int id = Current(line);
  const std::string& action = line.action;
  static const std::regex returns("(acquire|release) (\\S+) returns ?(\\S*)");
  std::smatch match;
  if (std::regex_match(action, match, returns)) {
    Call& call = calls[id];
    if (match[1] == "acquire") {
      call.result = match[3];
      std::erase(locks[call.lock].queue, id);
      if (locks[call.lock].pending_by == id) locks[call.lock].pending_by = kNone;
    }
    call.gone = match[1] == "release" || call.result != "0";
    if (call.gone) std::erase(cpu.open, id);
    cpu.current[line.depth] = kNone;
  } else if (StartsWith(action, "acquire ")) {
    Begin(line, action.substr(8));
  } else if (StartsWith(action, "release ")) {
    cpu.current[line.depth] = cpu.open.back();
    Call& call = calls[cpu.open.back()];
    call.releasing = true;
    call.preempt = call.irq = 0;
  } else if (action.ends_with(" begins")) {
    cpu.contexts.push_back(line.context);
    cpu.current[line.depth] = kNone;
  } else if (action.ends_with(" ends")) {
    cpu.contexts.pop_back();
  } else if (action == "the host takes the CPU away") {
    cpu.stolen = true;
  } else if (action == "the host gives the CPU back") {
    cpu.stolen = false;
  } else if (action == "the CPU goes offline") {
    cpu.offline = any_offline = true;
  } else if (action == "the clock jumps ahead") {
    clock_jumped = true;
  } else if (line.is_access) {
    Access(line, id);
  } else if (id != kNone) {
    Call& call = calls[id];
    if (action == "read clock") {
      if (call.first_clock_ns == 0) call.first_clock_ns = now_ns;
      call.last_clock_ns = now_ns;
    }
    if (action == "contention_end") call.left_queue = true;
    if (action == "preempt_disable") ++call.preempt;
    if (action == "preempt_enable") --call.preempt;
    if (action == "local_irq_save") ++call.irq;
    if (action == "local_irq_restore") --call.irq;
    if (StartsWith(action, "reports ")) {
      ++call.reports;
      call.report_late = call.preempt <= 0;
    }
  }
}

}  // namespace rqfuzz::second_opinion
