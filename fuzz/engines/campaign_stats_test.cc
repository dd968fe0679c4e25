#include "fuzz/engines/campaign_stats.h"

#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

TEST(CampaignStatsTest, WhatAChildCountsIsSeenAfterItsDeath) {
  CampaignStats* stats = CampaignStats::Create(2, 7, false);
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
  CampaignStats* stats = CampaignStats::Create(1, 7, false);
  for (unsigned i = 0; i <= kCausesMax; ++i) stats->worker(0).AddCause(CauseHash("fair", std::to_string(i)));
  EXPECT_EQ(stats->CauseCount(), kCausesMax);
  EXPECT_FALSE(stats->HasCause(CauseHash("fair", std::to_string(kCausesMax))));
}

TEST(CampaignStatsTest, AnotherProgramSeesTheSame) {
  CampaignStats* stats = CampaignStats::Create(2, 7, true);
  ASSERT_NE(stats, nullptr);
  CampaignStats* attached = CampaignStats::Attach(stats->descriptor());
  ASSERT_NE(attached, nullptr);
  EXPECT_NE(attached, stats);
  attached->worker(1).CountExecution();
  EXPECT_EQ(stats->Executions(), 1u);
  EXPECT_EQ(attached->seed(), 7u);
  EXPECT_TRUE(attached->is_strict());
  EXPECT_EQ(CampaignStats::Attach(-1), nullptr);
  EXPECT_EQ(CampaignStats::Attach(0), nullptr);
}

TEST(CampaignStatsTest, OnlyMoreThanEverIsAGain) {
  CampaignStats* stats = CampaignStats::Create(1, 7, false);
  ASSERT_NE(stats, nullptr);
  stats->ExpectCorpus(10, 5);
  stats->SetCorpus(3, 10, 5);
  EXPECT_LT(stats->corpus().last_gain_seconds, 0);
  stats->SetCorpus(4, 10, 6);
  const double gain_seconds = stats->corpus().last_gain_seconds;
  EXPECT_GE(gain_seconds, 0);
  stats->SetCorpus(4, 9, 6);
  EXPECT_EQ(stats->corpus().last_gain_seconds, gain_seconds);
  EXPECT_EQ(stats->corpus().files, 4u);
  EXPECT_EQ(stats->corpus().features, 9u);
}

}  // namespace
}  // namespace rqfuzz
