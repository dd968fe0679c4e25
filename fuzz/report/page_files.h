// The files of page/, embedded by embed_page.cmake.
#ifndef FUZZ_REPORT_PAGE_FILES_H_
#define FUZZ_REPORT_PAGE_FILES_H_

#include <string_view>

namespace rqfuzz {

extern const std::string_view kPage_campaign_html;
extern const std::string_view kPage_campaign_css;
extern const std::string_view kPage_explain_html;
extern const std::string_view kPage_explain_css;
extern const std::string_view kPage_execution_js;
extern const std::string_view kPage_timeline_js;
extern const std::string_view kPage_explain_js;

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_PAGE_FILES_H_
