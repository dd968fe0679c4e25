#include "fuzz/report/explain_page.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "fuzz/report/execution_json.h"
#include "fuzz/report/page_files.h"
#include "fuzz/report/plot.h"

namespace rqfuzz {

std::string ExplainPage(const Execution& execution, std::string_view title) {
  // No text in the data may end its element.
  const std::string data = absl::StrReplaceAll(ExecutionJson(execution), {{"</", "<\\/"}});
  const std::string scripts =
      absl::StrCat(std::string(kPage_execution_js), std::string(kPage_timeline_js), std::string(kPage_explain_js));
  return absl::StrReplaceAll(std::string(kPage_explain_html), {{"@TITLE@", EscapeHtml(title)},
                                                               {"@CSS@", std::string(kPage_explain_css)},
                                                               {"@DATA@", data},
                                                               {"@JS@", scripts}});
}

}  // namespace rqfuzz
