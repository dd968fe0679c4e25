#include "lock/ticket_spinlock.h"

#include <bit>

#include "lock/services.h"
#include "lock/spin_entry_points.h"

namespace locks {

static_assert(std::endian::native == std::endian::little, "the low half of the word comes first");

int TicketSpinlock::acquire() {
  const std::uint32_t before = __atomic_fetch_add(&word_, 1u << 16, __ATOMIC_ACQUIRE);
  const unsigned ticket = kLayout.Next(before);
  if (kLayout.Served(before) == ticket) return 0;
  while (__atomic_load_n(served(), __ATOMIC_ACQUIRE) != ticket) kernel::cpu_relax();
  return 0;
}

void TicketSpinlock::release() {
  const auto next = static_cast<std::uint16_t>(__atomic_load_n(served(), __ATOMIC_RELAXED) + 1);
  __atomic_store_n(served(), next, __ATOMIC_RELEASE);
}

}  // namespace locks

constinit const locks::EntryPoints locks_ticket_spinlock_entry_points =
    locks::spin_entry_points<locks::TicketSpinlock>();
