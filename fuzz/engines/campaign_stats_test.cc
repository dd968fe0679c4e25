#include "fuzz/engines/campaign_stats.h"

#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

TEST(CampaignStatsTest, WhatAChildCountsIsSeenAfterItsDeath) {
  CampaignStats* stats = CampaignStats::Create(2);
  ASSERT_NE(stats, nullptr);
  const pid_t child = fork();
  if (child == 0) {
    stats->worker(1).CountExecution();
    stats->worker(1).AddCause(CauseHash("fair", "overtaken"));
    stats->FindingKept();
    _exit(0);
  }
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  stats->worker(0).CountExecution();
  EXPECT_EQ(stats->Executions(), 2u);
  EXPECT_EQ(stats->CauseCount(), 1u);
  EXPECT_TRUE(stats->HasCause(CauseHash("fair", "overtaken")));
  EXPECT_FALSE(stats->worker(0).HasCause(CauseHash("fair", "overtaken")));
  EXPECT_GE(stats->last_finding_seconds(), 0);
}

TEST(CampaignStatsTest, CausesOfDifferentOraclesDiffer) {
  EXPECT_NE(CauseHash("fair", "x"), CauseHash("nmi", "x"));
  EXPECT_NE(CauseHash("a", "bc"), CauseHash("ab", "c"));
}

TEST(CampaignStatsTest, CausesBeyondTheLimitAreNotRemembered) {
  CampaignStats* stats = CampaignStats::Create(1);
  for (unsigned i = 0; i <= kCausesMax; ++i) stats->worker(0).AddCause(CauseHash("fair", std::to_string(i)));
  EXPECT_EQ(stats->CauseCount(), kCausesMax);
  EXPECT_FALSE(stats->HasCause(CauseHash("fair", std::to_string(kCausesMax))));
}

}  // namespace
}  // namespace rqfuzz
