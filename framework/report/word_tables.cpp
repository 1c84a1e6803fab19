// framework/report/word_tables.cpp - results along axes of words: scores of rules, counts of a
// confusion.
#include "report/word_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/forms.hpp"

namespace lyap::framework {
namespace {

using Axes = std::vector<std::string>;

std::string shown(double value) {
  if (!std::isfinite(value)) return "–";
  return value == std::floor(value) && std::abs(value) < 1e9 ? fmt::format("{:.0f}", value)
                                                             : fmt::format("{:.4g}", value);
}

const MeasuredArray* end_of(const ResultGroup& group, const MeasuredArray& array,
                            const std::string& which) {
  for (const std::string& name : {array.port + "_" + which, which})
    if (const MeasuredArray* found = group.find(name);
        found && found->quantity.axes == array.quantity.axes && found->shape == array.shape)
      return found;
  return nullptr;
}

/// One table's worth: rows x columns of words.
struct Block {
  std::string name;
  MeasuredArray value, low, high;
};

class Words {
 public:
  Words(const ResultGroup& group, const MeasuredArray& array) : group_(group), array_(array) {
    const Axes& axes = array.quantity.axes;
    for (std::size_t a = axes.size(); a-- > 0;) {
      if (!group.has_words(array, axes[a])) break;
      words_.insert(words_.begin(), axes[a]);
    }
    while (words_.size() > 2) words_.erase(words_.begin());
    low_ = end_of(group, array, "lower");
    high_ = end_of(group, array, "upper");
  }

  bool fits() const {
    if (words_.empty() || array_.size() > 5000) return false;
    for (const std::string& axis : array_.quantity.axes) {
      const bool leading = std::find(words_.begin(), words_.end(), axis) == words_.end();
      if (leading && axis != "seed" && axis != "checkpoint" && !group_.has_words(array_, axis))
        return false;
    }
    return array_.quantity.axes.back() == words_.back();
  }

  /// The same of every seed stands beside the mean over seeds.
  bool is_told_by_mean() const {
    if (!has_axis(array_, "seed")) return false;
    const Axes without = picked(array_, "seed", 0).quantity.axes;
    return std::any_of(group_.arrays.begin(), group_.arrays.end(), [&](const auto& other) {
      return other.quantity.axes == without && other.quantity.unit == array_.quantity.unit;
    });
  }

  void add(Section& section) const {
    if (words_.size() == 1)
      section.tables.push_back(list());
    else
      for (const Block& block : blocks()) section.tables.push_back(table(block));
    if (low_ && high_ && words_.size() <= 2) section.charts.push_back(chart());
  }

 private:
  std::vector<Block> blocks() const {
    std::vector<Block> all{{"", averaged(array_, {"seed"}).mean, low_ ? *low_ : MeasuredArray{},
                            high_ ? *high_ : MeasuredArray{}}};
    for (const std::string& axis : averaged(array_, {"seed"}).mean.quantity.axes) {
      if (std::find(words_.begin(), words_.end(), axis) != words_.end()) continue;
      const Axes names = group_.names(array_, axis);
      std::vector<Block> apart;
      for (const Block& block : all)
        for (std::size_t i = 0; i < names.size(); ++i) {
          const auto place = static_cast<std::int64_t>(i);
          const std::string name = names.size() > 1 ? names[i] : "";
          apart.push_back({block.name + (block.name.empty() || name.empty() ? "" : ", ") + name,
                           picked(block.value, axis, place), picked(block.low, axis, place),
                           picked(block.high, axis, place)});
        }
      all = std::move(apart);
    }
    return all;
  }

  std::string cell(const Block& block, std::size_t at) const {
    const std::string value = shown(block.value.values[at]);
    if (!low_ || !high_ || !std::isfinite(block.low.values[at])) return value;
    return fmt::format("{} [{}, {}]", value, shown(block.low.values[at]),
                       shown(block.high.values[at]));
  }

  ReportTable headed(const std::string& called) const {
    ReportTable made;
    made.title = group_.name + ": " + array_.port + (called.empty() ? "" : ", " + called);
    made.caption = array_.doc + (low_ && high_ ? "; in brackets the interval" : "") +
                   (has_axis(array_, "seed") && extent_of(array_, "seed") > 1
                        ? fmt::format("; mean over {} seeds", extent_of(array_, "seed"))
                        : "");
    made.columns = {words_[0]};
    return made;
  }

  ReportTable table(const Block& block) const {
    const Axes rows = group_.names(array_, words_[0]);
    const Axes columns = group_.names(array_, words_.back());
    ReportTable made = headed(block.name);
    made.columns.insert(made.columns.end(), columns.begin(), columns.end());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      Axes cells = {rows[r]};
      for (std::size_t c = 0; c < columns.size(); ++c)
        cells.push_back(cell(block, r * columns.size() + c));
      made.rows.push_back(std::move(cells));
    }
    return made;
  }

  /// A row a word; checkpoints, where there are several, beside each other.
  ReportTable list() const {
    ReportTable made = headed("");
    const Axes rows = group_.names(array_, words_[0]);
    for (const std::string& row : rows) made.rows.push_back({row});
    for (const Block& block : blocks()) {
      made.columns.push_back(block.name.empty() ? array_.port : block.name);
      for (std::size_t r = 0; r < rows.size(); ++r) made.rows[r].push_back(cell(block, r));
    }
    return made;
  }

  /// Points with their intervals, a panel a column of the table.
  Chart chart() const {
    Chart made;
    const Axes rows = words_.size() > 1 ? group_.names(array_, words_[0]) : Axes{};
    const Axes columns = group_.names(array_, words_.back());
    Axes blocks_order;
    for (const Block& block : blocks()) {
      blocks_order.push_back(block.name);
      for (std::size_t at = 0; at < block.value.values.size(); ++at) {
        made.data["value"].numbers.push_back(block.value.values[at]);
        made.data["low"].numbers.push_back(block.low.values[at]);
        made.data["high"].numbers.push_back(block.high.values[at]);
        made.data["row"].texts.push_back(rows.empty() ? columns[at % columns.size()]
                                                      : rows[at / columns.size()]);
        made.data["panel"].texts.push_back(rows.empty() ? "" : columns[at % columns.size()]);
        made.data["of"].texts.push_back(block.name);
      }
    }
    made.title = group_.name + ": " + array_.port + " with intervals";
    made.caption = array_.doc;
    Json y = channel("row", "nominal", words_[0]);
    y["sort"] = rows.empty() ? columns : rows;
    y["title"] = nullptr;
    Json x = channel("value", "quantitative", array_.port);
    x["scale"] = {{"zero", false}};
    Json encoding = {{"y", y}, {"x", x}};
    if (blocks_order.size() > 1) {
      encoding["color"] = channel("of", "nominal", "");
      encoding["color"]["scale"] = word_colours();
      encoding["color"]["sort"] = blocks_order;
      encoding["yOffset"] = {{"field", "of"}, {"sort", blocks_order}};
    } else {
      encoding["color"] = {{"value", "#2C84C4"}};
    }
    Json layers = Json::array();
    layers.push_back(
        {{"mark", {{"type", "rule"}, {"strokeWidth", 2}}},
         {"encoding",
          {{"x", channel("low", "quantitative", array_.port)}, {"x2", {{"field", "high"}}}}}});
    layers.push_back(
        {{"mark",
          {{"type", "point"}, {"filled", true}, {"size", 60}, {"opacity", 1}, {"tooltip", true}}}});
    const std::size_t lines = rows.empty() ? columns.size() : rows.size();
    const std::size_t height = lines * (blocks_order.size() > 1 ? 14 * blocks_order.size() : 26);
    made.view = {
        {"width", "container"}, {"height", height}, {"encoding", encoding}, {"layer", layers}};
    if (!rows.empty()) {
      made.view = in_panels(made.view, "panel", columns, 2);
      made.view["spec"]["height"] = height;
    }
    return made;
  }

  const ResultGroup& group_;
  const MeasuredArray& array_;
  Axes words_;
  const MeasuredArray *low_ = nullptr, *high_ = nullptr;
};

}  // namespace

bool add_words(const ResultGroup& group, const MeasuredArray& array, Section& section) {
  const Words words(group, array);
  if (!words.fits()) return false;
  if (!words.is_told_by_mean()) words.add(section);
  return true;
}

}  // namespace lyap::framework
