// How the head of a queue takes the lock (queue step 11 of the description).
#ifndef LOCK_QUEUE_HEAD_H_
#define LOCK_QUEUE_HEAD_H_

#include <cstdint>

#include "lock/lock_word.h"
#include "lock/queue_node.h"

namespace locks {

// Takes the lock for the queue head, and makes its successor, if it has one, the new head. `value`: the word that
// ended the head's wait; `tail` names `node`, the head's; `next` is its successor, or nullptr while none has been
// seen. `kLooksBehind`: a head that has lost its claim and has seen no successor makes sure that there is one before
// it waits for it. REQUIRES: neither locked nor pending is set in `value`.
template <bool kLooksBehind, Build kBuild>
void claim_as_head(LockWord<kBuild>& word, std::uint32_t value, QueueNode& node, std::uint32_t tail,
                   QueueNode* next) {
  if (LockWord<kBuild>::kLayout.Tail(value) == tail && word.try_cmpxchg_relaxed(value, kLockedValue)) return;
  word.set_locked();
  if (next == nullptr) {
    if (kLooksBehind && word.try_clear_tail(tail)) return;
    next = &node.wait_for_next();
  }
  next->hand_over();
}

}  // namespace locks

#endif  // LOCK_QUEUE_HEAD_H_
