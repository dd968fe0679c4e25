// A campaign as a page for a browser: one file that loads nothing and needs no server, written anew while the
// campaign runs. Drawn from what the campaign keeps in its folder: progress.jsonl, corpus/ and findings/.
#ifndef FUZZ_REPORT_CAMPAIGN_PAGE_H_
#define FUZZ_REPORT_CAMPAIGN_PAGE_H_

#include <string>

#include "absl/status/status.h"

namespace rqfuzz {

// The page. What cannot be read is left out, and it says so.
std::string CampaignPage(const std::string& folder);
// Replaces `folder`/index.html in one step. Errors: it cannot be written.
absl::Status WriteCampaignPage(const std::string& folder);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_CAMPAIGN_PAGE_H_
