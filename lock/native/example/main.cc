// Two threads move money between two accounts, each account with its lock, and take the locks in opposite orders.
// With plain locks that is a deadlock sooner or later. Here one of the two is told, gives back what it holds, and
// tries again.
#include <cstdio>
#include <thread>

#include "lock/native/resilient_spin_lock.h"

namespace {

struct Account {
  locks::native::ResilientSpinLock lock;
  long money = 1'000'000;
};

Account accounts[2];

bool move_one(Account& from, Account& to) {
  if (from.lock.lock() != 0) return false;
  if (to.lock.lock() != 0) {
    from.lock.unlock();
    return false;
  }
  --from.money;
  ++to.money;
  to.lock.unlock();
  from.lock.unlock();
  return true;
}

void move_many(Account& from, Account& to, long count, long& refused) {
  locks::native::RegisteredThread registered;
  while (count > 0) {
    if (move_one(from, to)) {
      --count;
    } else {
      ++refused;
    }
  }
}

}  // namespace

int main() {
  long refused[2] = {};
  std::thread there([&] { move_many(accounts[0], accounts[1], 100'000, refused[0]); });
  std::thread back([&] { move_many(accounts[1], accounts[0], 100'000, refused[1]); });
  there.join();
  back.join();
  std::printf("accounts: %ld and %ld; deadlocks resolved: %ld\n", accounts[0].money, accounts[1].money,
              refused[0] + refused[1]);
  return accounts[0].money == 1'000'000 && accounts[1].money == 1'000'000 ? 0 : 1;
}
