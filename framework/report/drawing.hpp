// framework/report/drawing.hpp - one requested chart while it is made.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/chart_request.hpp"
#include "report/named_values.hpp"

namespace lyap::framework {

class Drawing {
 public:
  Drawing(const Found& found, const ChartRequest& request, Section& section)
      : found_(found), request_(request), section_(section) {}

  /// Adds what is asked for to the section, or a sentence about what is not there.
  void add();

 private:
  using Places = std::vector<std::int64_t>;

  void add_scatter();
  void add_histogram();
  void add_lines();
  void add_table();

  void tell(const std::string& reference);
  std::optional<Alongside> along(const std::string& reference) const;
  bool choose_panels();
  bool choose_colour();
  std::string panel_of(const Places& places) const;
  void note_panel(const Places& places, Chart& chart);
  void note_colour(const Places& places, Chart& chart) const;
  std::vector<std::string> colour_order() const;
  void finish(Chart chart, const std::string& title);

  const Found& found_;
  const ChartRequest& request_;
  Section& section_;
  std::optional<NamedValues> values_;
  const ResultGroup* group_ = nullptr;
  std::optional<Alongside> colour_;
  std::vector<Alongside> panels_;
  std::vector<std::string> panel_order_;
};

}  // namespace lyap::framework
