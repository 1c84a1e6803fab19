// framework/report/chart.hpp - a chart: columns of data, and a Vega-Lite specification that draws
// them.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lyap::framework {

using Json = nlohmann::ordered_json;

/// Numbers (NaN = missing) or texts; one of the two is empty.
struct ChartColumn {
  std::string name;
  std::vector<double> numbers;
  std::vector<std::string> texts;
};

/// Columns of one length. Fields of the specification are their names.
class ChartData {
 public:
  /// The column of this name, made when it is not there.
  ChartColumn& operator[](const std::string& name);
  const std::vector<ChartColumn>& columns() const { return columns_; }
  std::size_t rows() const;
  /// One object of columns, which {"flatten": [...]} takes apart: a third of the size of rows.
  Json json() const;
  std::string csv() const;

 private:
  std::vector<ChartColumn> columns_;
};

struct Chart {
  std::string title;    ///< what is seen, with unit
  std::string caption;  ///< how it was made, and how to read it
  ChartData data;
  Json view;  ///< mark, encoding, layer or facet of Vega-Lite; data and transform come in front

  /// The whole specification, as it stands beside the report.
  Json specification() const;
  /// What a screen reader says: the title, the finding, how many rows, the range of every column of
  /// numbers.
  std::string description() const;
};

/// To four significant digits, which is more than a screen shows: an infinity is missing too.
double thin(double value);

/// One channel of an encoding.
Json channel(const std::string& field, const std::string& type, const std::string& title);
/// Colours that the colour-blind tell apart, on white and on black: for words, and for numbers
/// from low to high.
Json word_colours();
Json number_colours();
/// Numbers centred on zero.
Json signed_colours(double extent);

/// Places at which `count` things are looked at when `wanted` suffice: the first, the last, and
/// evenly between.
std::vector<std::size_t> spread_out(std::size_t count, std::size_t wanted);

}  // namespace lyap::framework
