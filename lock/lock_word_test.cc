#include "lock/lock_word.h"

#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>

namespace locks {
namespace {

constexpr Build kSmall = {Layout::kSmall, SetPending::kFetchOr, 1, 1};
constexpr Build kX86 = {Layout::kSmall, SetPending::kBitTestAndSet, 1, 1};
constexpr Build kLarge = {Layout::kLarge, SetPending::kFetchOr, 1, 1};

template <Build kBuild>
class BuildOf {
 public:
  using Word = LockWord<kBuild>;
};

template <typename T>
class LockWordTest : public testing::Test {
 protected:
  using Word = typename T::Word;

  void Set(std::uint32_t value) { std::memcpy(static_cast<void*>(&word_), &value, sizeof(value)); }
  std::uint32_t Get() const { return word_.load_relaxed(); }

  Word word_ = {};
};

using Builds = testing::Types<BuildOf<kSmall>, BuildOf<kX86>, BuildOf<kLarge>>;
TYPED_TEST_SUITE(LockWordTest, Builds);

TYPED_TEST(LockWordTest, TrylockTakesOnlyAFreeLock) {
  EXPECT_TRUE(this->word_.trylock());
  EXPECT_EQ(this->Get(), 1u);
  EXPECT_FALSE(this->word_.trylock());
  this->Set(0x100);
  EXPECT_FALSE(this->word_.trylock());
  EXPECT_EQ(this->Get(), 0x100u);
}

TYPED_TEST(LockWordTest, SetPendingReturnsTheOldWord) {
  const std::uint32_t tail = TestFixture::Word::encode_tail(2, 1);
  for (const std::uint32_t old : {0u, 1u, 0x100u, 0x101u, tail, tail | 0x101u}) {
    this->Set(old);
    EXPECT_EQ(this->word_.fetch_set_pending_acquire(), old);
    EXPECT_EQ(this->Get(), old | 0x100u);
  }
}

TYPED_TEST(LockWordTest, PendingChangesLeaveTheTailAlone) {
  const std::uint32_t tail = TestFixture::Word::encode_tail(3, 2);
  this->Set(tail | 0x101);
  this->word_.clear_pending();
  EXPECT_EQ(this->Get(), tail | 1);
  this->Set(tail | 0x100);
  this->word_.clear_pending_set_locked();
  EXPECT_EQ(this->Get(), tail | 1);
}

TYPED_TEST(LockWordTest, LockedByteIsStoredOnItsOwn) {
  const std::uint32_t rest = TestFixture::Word::encode_tail(3, 3) | 0x100;
  this->Set(rest);
  this->word_.set_locked();
  EXPECT_EQ(this->Get(), rest | 1);
  EXPECT_EQ(this->word_.load_locked_acquire(), 1);
  this->word_.unlock();
  EXPECT_EQ(this->Get(), rest);
}

TYPED_TEST(LockWordTest, TailIsExchangedAndClearedByItsOwner) {
  const std::uint32_t first = TestFixture::Word::encode_tail(0, 0);
  const std::uint32_t second = TestFixture::Word::encode_tail(1, 3);
  this->Set(0x101);
  EXPECT_EQ(this->word_.xchg_tail(first), 0u);
  EXPECT_EQ(this->Get(), first | 0x101);
  EXPECT_EQ(this->word_.xchg_tail(second), first);
  EXPECT_FALSE(this->word_.try_clear_tail(first));
  EXPECT_EQ(this->Get(), second | 0x101);
  EXPECT_TRUE(this->word_.try_clear_tail(second));
  EXPECT_EQ(this->Get(), 0x101u);
}

TYPED_TEST(LockWordTest, TailNamesCpuAndIndex) {
  for (const unsigned cpu : {0u, 1u, 255u, 16'382u}) {
    for (unsigned index = 0; index < 4; ++index) {
      const std::uint32_t tail = TestFixture::Word::encode_tail(cpu, index);
      EXPECT_EQ(TestFixture::Word::kLayout.TailCpu(tail), cpu);
      EXPECT_EQ(TestFixture::Word::kLayout.TailIndex(tail), index);
      EXPECT_EQ(TestFixture::Word::kLayout.Tail(tail), tail);
    }
  }
}

TEST(LockWordLayoutTest, TailBitsAreWhereTheDescriptionPutsThem) {
  EXPECT_EQ(LockWord<kSmall>::encode_tail(0, 0), 1u << 18);
  EXPECT_EQ(LockWord<kSmall>::encode_tail(0, 3), (1u << 18) | (3u << 16));
  EXPECT_EQ(LockWord<kLarge>::encode_tail(0, 0), 1u << 11);
  EXPECT_EQ(LockWord<kLarge>::encode_tail(0, 3), (1u << 11) | (3u << 9));
  EXPECT_EQ(LockWord<kLarge>::kLayout.TailCpu(LockWord<kLarge>::encode_tail(100'000, 1)), 100'000u);
}

}  // namespace
}  // namespace locks
