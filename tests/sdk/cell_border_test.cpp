// tests/sdk/cell_border_test.cpp - what the border says to operands and equations that do not fit.
#include <doctest/doctest.h>

#include "cell_trial.hpp"

using namespace lyap;
using namespace lyap::testing;

namespace {

/// Equations with one mistake each.
class Mistaken final : public AutoCell {
 public:
  static void options(Options& o) { o.text("mistake").fallback("none"); }
  Mistaken(const Values& values, Index) : mistake_(values.text("mistake")) {
    h_ = layout.state("h", 3), c_ = layout.state("c", 2);
    W_ = layout.weight("W", 3, 2, "zeros");
    L_ = layout.weight("L", 3, 3, "zeros", LYAP_LIVE);
    if (mistake_ == "name") layout.weight("W", 1, 1, "zeros");
    layout.normal_noise(3);
  }
  void equations(Step& s) const override {
    if (mistake_ == "rows") s.next(h_, s[h_] + s[c_]);
    if (mistake_ == "product") s.next(h_, s[W_] * s[h_]);
    if (mistake_ == "weights") s.next(h_, (s[W_] + transpose(s[W_])) * s[c_]);
    if (mistake_ == "bias") s.next(h_, s[h_] + s[W_]);
    if (mistake_ == "part") s.next(h_, rows(s[h_], 1, 3));
    if (mistake_ == "block") s.next(h_, s[c_]);
    if (mistake_ == "noise") s.next(h_, s[h_] + s.normal());
    if (mistake_ == "live") s.next(h_, (2 * s[L_]) * s[h_]);
    if (mistake_ == "no id of a weight") s.next(h_, s[WeightId{}] * s[h_]);
    if (mistake_ == "no id of a block") s.next(h_, s[StateId{}]);
    if (mistake_ == "twice") s.next(h_, s[h_]);
    if (mistake_ != "missing") s.next(c_, s[c_]);
    if (mistake_ == "none" || mistake_ == "twice" || mistake_ == "missing") s.next(h_, s[h_]);
  }

 private:
  std::string mistake_;
  StateId h_, c_;
  WeightId W_, L_;
};

std::string sentence_of(const std::string& mistake) {
  try {
    Trial<Mistaken, double>({{"mistake", mistake}}, 1, 2, 4);
  } catch (const PluginError& e) {
    CHECK(e.code() == LYAP_BAD_SHAPE);
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("mistakes in equations are found when the cell is made, and told in one sentence") {
  CHECK(sentence_of("none") == "");
  CHECK(sentence_of("rows") == "the equations add values of 3 and 2 rows");
  CHECK(sentence_of("product") ==
        "the equations multiply weight 'W' of 3 x 2 by a value of 3 rows");
  CHECK(sentence_of("weights") == "the equations add a weight of 3 x 2 and one of 2 x 3");
  CHECK(sentence_of("bias") ==
        "the equations use weight 'W' of 3 x 2 where a column of 3 rows is needed");
  CHECK(sentence_of("part") == "the equations take rows 1 to 3 of a value of 3 rows");
  CHECK(sentence_of("block") == "the equations give state block 'h' 2 rows where it has 3");
  CHECK(sentence_of("missing") ==
        "the equations give state block 'c' 0 next values instead of one");
  CHECK(sentence_of("twice") == "the equations give state block 'h' 2 next values instead of one");
  CHECK(sentence_of("noise") ==
        "the equations ask for noise in a step without: declare it in the layout and ask only if "
        "(s.noisy())");
  CHECK(sentence_of("no id of a weight") ==
        "the equations use a weight whose id was never set; in the constructor, assign it what "
        "layout.weight(...) returns");
  CHECK(sentence_of("no id of a block") ==
        "the equations use a state block whose id was never set; in the constructor, assign it "
        "what layout.state(...) returns");
  CHECK(sentence_of("live") == "weight 'L' is live and cannot stand in a sum of weights");
  CHECK(sentence_of("name") == "weight 'W' is declared twice");
}

TEST_CASE("operands that do not fit are refused before the cell sees them") {
  Trial<Mistaken, double> c({}, 1, 2, 4);
  const auto refused = [](auto&& call) -> std::string {
    try {
      call();
    } catch (const PluginError& e) {
      CHECK(e.code() == LYAP_BAD_SHAPE);
      return e.what();
    }
    return "";
  };
  Matrix out(5, 4);
  CHECK(refused([&] { c.push({0, 0, 4}, out, {}); }) == "push before bind: give the weights first");
  c.run();
  CHECK(refused([&] { c.push({2, 0, 4}, out, {}); }) == "push: steps 2 to 2 of 2");
  CHECK(refused([&] { c.push({0, 2, 3}, out.leftCols(3), {}); }) == "push: samples 2 to 4 of 4");
  CHECK(refused([&] { c.push({0, 0, 3}, out, {}); }) == "push: out has 4 columns for 3 samples");
  CHECK(refused([&] {
          c.push({0, 0, 4}, Matrix(4, 4), {});
        }) == "push: in_state is 4 x 4 float64 where 5 x 4 float64 is needed");
  const MatrixOf<float> narrow(5, 4);
  CHECK(refused([&] {
          border::call(c.ops.push, c.tape, lyap_point{0, 0, 4}, lend(narrow), lyap_const_matrix{},
                       lend(out));
        }) == "push: in_state is 5 x 4 float32 where 5 x 4 float64 is needed");
  lyap_matrix tight = lend(out);
  tight.stride = 3;
  CHECK(refused([&] {
          border::call(c.ops.push, c.tape, lyap_point{0, 0, 4}, lend(std::as_const(out)),
                       lyap_const_matrix{}, tight);
        }) == "push: out is 5 x 4 float64 with a stride of 3 where 5 x 4 float64 is needed");
  const std::int64_t beyond[] = {0, 1, 5, 2, 3};
  CHECK(refused([&] {
          c.jacobian({0, 0, ~0ull, ~0ull, beyond, nullptr}, 5, 5);
        }) == "jacobian: the order of rows names 5 of 5");
  CHECK(refused([&] {
          c.jacobian({0, 0, 1, ~0ull, nullptr, nullptr}, 5, 5);
        }) == "jacobian: out has 5 rows and the asked blocks have 3");
  c.weights[0].resize(2, 2);
  CHECK(refused([&] { c.bind(); }) == "bind: W is 2 x 2 float64 where 3 x 2 float64 is needed");
}

TEST_CASE("a recorded cell says how many numbers a tape keeps, and that it is automatic") {
  const Trial<Mistaken, double> c({}, 1, 2, 4);
  CHECK(c.shape->tape_rows == 1);  // nothing, which is told from "not known"
  CHECK(c.shape->derivative == LYAP_AUTOMATIC);
  CHECK(c.shape->outputs == 3);
  CHECK((c.ops.output == nullptr));
  CHECK((c.ops.project == nullptr));
  CHECK((c.ops.start == nullptr));
}
