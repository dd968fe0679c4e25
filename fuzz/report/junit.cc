#include "fuzz/report/junit.h"

#include <sstream>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

#include "absl/strings/str_format.h"

namespace rqfuzz {
namespace {

using Tree = boost::property_tree::ptree;

Tree CaseOf(const RankedFinding& ranked) {
  const Finding& finding = ranked.finding;
  const locks::LockType& type = *finding.scenario.lock_type;
  Tree failure(absl::StrFormat("%s\nrqfuzz replay --trace %s\n", finding.message, ranked.path));
  failure.put("<xmlattr>.type", finding.oracle);
  failure.put("<xmlattr>.message", finding.message);
  Tree test;
  test.put("<xmlattr>.classname",
           absl::StrFormat("rqfuzz.%s%s%s", type.name, type.revision.empty() ? "" : " ", type.revision));
  test.put("<xmlattr>.name", absl::StrFormat("%s %s", finding.oracle, finding.cause));
  test.add_child("failure", failure);
  return test;
}

}  // namespace

std::string JunitOf(std::span<const RankedFinding> findings) {
  Tree suite;
  suite.put("<xmlattr>.name", "rqfuzz");
  suite.put("<xmlattr>.tests", findings.empty() ? 1 : findings.size());
  suite.put("<xmlattr>.failures", findings.size());
  for (const RankedFinding& ranked : findings) suite.add_child("testcase", CaseOf(ranked));
  if (findings.empty()) {
    Tree& passed = suite.add_child("testcase", Tree());
    passed.put("<xmlattr>.classname", "rqfuzz");
    passed.put("<xmlattr>.name", "no findings");
  }
  Tree report;
  report.add_child("testsuites.testsuite", suite);
  std::ostringstream xml;
  boost::property_tree::write_xml(xml, report, boost::property_tree::xml_writer_make_settings<std::string>(' ', 2));
  return xml.str();
}

}  // namespace rqfuzz
