// my_study.cpp - quantiles of a column of the table of networks.
#include <lyap/lyap.hpp>

#include <algorithm>
#include <cmath>

/// The q-quantile of x_1 <= ... <= x_n is x at place 1 + q (n - 1), linear between two places.
class MyStudy final : public lyap::Analysis {
 public:
  static constexpr lyap::About about{"my_study", "0.1.0", "quantiles over networks",
                                     "Hyndman and Fan, Am. Stat. 50 (1996) 361, definition 7"};

  static void options(lyap::Options& o) {
    o.reals("quantiles").range(0, 1).fallback("[0.25, 0.5, 0.75]").doc("which ones, 0 to 1");
  }
  static void ports(lyap::Ports& p) {
    p.input("value", "value[network]", "a column of the table, missing values are left out");
    p.result("quantile", "value[quantile]", "in the order of the option `quantiles`");
  }

  explicit MyStudy(const lyap::Values& values)
      : wanted_(values.reals("quantiles").begin(), values.reals("quantiles").end()) {}

  void run(lyap::Context& context, const lyap::Host&) override {
    const lyap::ArrayView column = *context.input("value");
    std::vector<double> sorted;
    for (const double value : column.values)
      if (std::isfinite(value)) sorted.push_back(value);
    if (sorted.empty()) throw lyap::BadData("no network has a value at port 'value'");
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> quantiles;
    for (const double q : wanted_) quantiles.push_back(quantile(sorted, q));
    context.result("quantile", {static_cast<std::int64_t>(quantiles.size())}, quantiles);
    context.note("quantile", "networks", std::to_string(sorted.size()));
    std::string table = "quantile  value";  // shown below the headline of the run
    for (std::size_t i = 0; i < quantiles.size(); ++i)
      table += "\n" + std::to_string(wanted_[i]) + "  " + std::to_string(quantiles[i]);
    context.note("quantile", "table", table);
  }

 private:
  static double quantile(const std::vector<double>& sorted, double q) {
    const double place = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
  }

  std::vector<double> wanted_;
};

LYAP_PLUGINS(MyStudy)
