// tests/framework/report/chart_test.cpp - data of charts, and the page they stand in.
#include "report/chart.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../temporary_folder.hpp"
#include "base/file.hpp"
#include "report/forms.hpp"
#include "report/page.hpp"

using namespace lyap::framework;

namespace {

Chart a_chart() {
  Chart chart;
  chart.title = "a & b";
  chart.data["x"].numbers = {1, 2, std::nan("")};
  chart.data["which"].texts = {"one", "t,wo", "</script><b>"};
  chart.view = lines_view({.x_title = "x", .y = "x", .y_title = "y", .colour = "which"});
  return chart;
}

std::string page_of(Chart chart, const ChartLibraries& libraries) {
  Page page{"title", "", {{"section", "section", {}, {}, {std::move(chart)}, {}}}};
  return html_of(page, libraries);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

}  // namespace

TEST_CASE("numbers keep four significant digits, whole ones all, and infinities are missing") {
  CHECK(thin(0.123456) == doctest::Approx(0.1235).epsilon(1e-12));
  CHECK(thin(-98765.4321) == doctest::Approx(-98770).epsilon(1e-12));
  CHECK(thin(1234567) == 1234567);
  CHECK(thin(1e-300) == doctest::Approx(1e-300));
  CHECK(std::isnan(thin(-std::numeric_limits<double>::infinity())));
}

TEST_CASE("data are one object of columns, with null for what is missing, and RFC 4180 as CSV") {
  const Chart chart = a_chart();
  CHECK(chart.data.json().dump() == R"({"x":[1,2,null],"which":["one","t,wo","</script><b>"]})");
  CHECK(chart.data.csv() == "x,which\n1,one\n2,\"t,wo\"\n,</script><b>\n");
  CHECK(chart.data.rows() == 3);
  const Json specification = chart.specification();
  CHECK(specification["transform"][0]["flatten"] == Json{"x", "which"});
  CHECK(specification["description"] == "a & b. 3 data points; x from 1 to 2.");
}

TEST_CASE("places that are looked at begin with the first and end with the last") {
  CHECK(spread_out(3, 8) == std::vector<std::size_t>{0, 1, 2});
  CHECK(spread_out(64, 3) == std::vector<std::size_t>{0, 32, 63});
  CHECK(spread_out(0, 8).empty());
}

TEST_CASE("data cannot end the script they stand in, and text is text") {
  const std::string html = page_of(a_chart(), {});
  CHECK(html.find("</script><b>") == std::string::npos);
  CHECK(html.find("\\u003c/script>\\u003cb>") != std::string::npos);
  CHECK(html.find("a &amp; b") != std::string::npos);
  CHECK(count(html, "<script") == count(html, "</script>"));
}

TEST_CASE("the policy names every script by its hash and lets no text become code") {
  const std::string html = page_of(a_chart(), {{"var vega = 1;"}, {}, ""});
  const std::string policy = html.substr(html.find("default-src"), 400);
  CHECK(policy.find("default-src 'none'") == 0);
  CHECK(html.find("unsafe-eval") == std::string::npos);
  CHECK(count(policy.substr(0, policy.find("; style")), "'sha256-") == 2);
  // echo -n 'var vega = 1;' | openssl dgst -sha256 -binary | base64
  CHECK(policy.find("'sha256-N2RwIwLhOJsCsXbDzg92Gq6vFCamqaLulMQaHFuAPOI='") != std::string::npos);
  CHECK(html.find("http://") == std::string::npos);
}

TEST_CASE("without libraries the page says so, and says where the charts are") {
  TemporaryFolder folder;
  const ChartLibraries none = read_libraries(folder.path());
  CHECK(none.scripts.empty());
  CHECK(none.missing.find("vega.min.js is not in its shared files") != std::string::npos);
  CHECK(page_of(a_chart(), none).find("class=\"warning\">Charts are not drawn") !=
        std::string::npos);
}

TEST_CASE("specifications and data stand beside the report, those of an earlier one go") {
  TemporaryFolder folder;
  folder.file("charts/old-1.vl.json", "{}");
  folder.file("charts/kept.txt", "");
  ReportTable table{"t", "", {"name", "a"}, {{"x", "1"}, {"y,z", "2"}}, ""};
  write_parts(folder / "charts", {"", "", {{"s", "s", {}, {table}, {a_chart()}, {}}}});
  CHECK_FALSE(std::filesystem::exists(folder / "charts/old-1.vl.json"));
  CHECK(std::filesystem::exists(folder / "charts/kept.txt"));
  CHECK(std::filesystem::exists(folder / "charts/s-1.csv"));
  const Json specification = Json::parse(read_file(folder / "charts/s-1.vl.json"));
  CHECK(specification["$schema"] == "https://vega.github.io/schema/vega-lite/v6.json");
  CHECK(read_file(folder / "charts/s-table-1.csv") == "name,a\nx,1\n\"y,z\",2\n");
}
