// What the scenarios of a campaign's corpus do: which states of a lock's word they reach, how one leads to another,
// and which injectors they use.
#ifndef FUZZ_REPORT_CORPUS_SURVEY_H_
#define FUZZ_REPORT_CORPUS_SURVEY_H_

#include <array>
#include <cstdint>
#include <string>

#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// Abstract states of a word: tail set or not, pending, locked, in the bits 2, 1 and 0.
inline constexpr unsigned kWordStates = 8;
// "tail,1,1"; 0 is "0,0,0".
std::string WordStateName(unsigned state);

struct CorpusSurvey {
  std::size_t files = 0;                                                             // in the corpus
  std::size_t played = 0;                                                            // of them
  std::array<std::uint64_t, kWordStates> entered = {};                               // how often a write led there
  std::array<std::array<std::uint64_t, kWordStates>, kWordStates> transitions = {};  // [from][to]
  std::array<std::uint64_t, kFaultKinds> faults = {};  // how many of them the scenarios have
};

// Plays the first `played_max` files of the folder, by name. Not for locks with tickets, whose
// words have other fields: they are counted as played and reach no state. A folder that is not there has no files.
CorpusSurvey SurveyCorpus(const std::string& folder, std::size_t played_max);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_CORPUS_SURVEY_H_
