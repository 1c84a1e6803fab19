// tests/plugins/studies/embed_test.cpp - principal components against the eigenvectors of the
// covariance, and the file that uses them again.
#include <Eigen/Eigenvalues>
#include <filesystem>

#include "small_study.hpp"

using namespace studied;

namespace {

MeasuredArray table(const Matrix& rows, std::int64_t networks, std::int64_t checkpoints = 1) {
  const Matrix flat = rows.transpose();
  return array("exponent[seed, network, checkpoint, index] nats/step",
               {rows.rows() / networks / checkpoints, networks, checkpoints, rows.cols()},
               {flat.data(), flat.data() + flat.size()});
}
/// All rows of a result, whatever axes come before the last one.
Matrix rows_of(const Measurement& m, const std::string& port) {
  const Field field(m, port);
  const Index cols = field.shape().back();
  const Vector all = field.vector();
  return all.reshaped(cols, all.size() / cols).transpose();
}
/// Correlated columns with well separated variances.
Matrix sample(Index rows, Index cols) {
  const Matrix mixed = Matrix::Random(cols, cols) + Matrix::Identity(cols, cols);
  Vector scale(cols);
  for (Index i = 0; i < cols; ++i) scale[i] = std::pow(2.0, -static_cast<double>(i));
  return (Matrix::Random(rows, cols) * scale.asDiagonal() * mixed).rowwise() +
         Eigen::RowVectorXd::LinSpaced(cols, 1, 2);
}

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / "lyap_embed_test";
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string keep(const Measurement& m) const {
    write_safetensors(path / "embedding.safetensors", m.files.at("embedding"));
    return (path / "embedding.safetensors").string();
  }
};

}  // namespace

TEST_CASE("rows along two known directions: axes, coordinates and fractions in closed form") {
  // +-3 along (0.6, -0.8, 0), +-1 along (0, 0, 1), about the mean (1, 2, 3).
  Matrix rows(4, 3);
  rows << 1 + 1.8, 2 - 2.4, 3, 1 - 1.8, 2 + 2.4, 3, 1, 2, 4, 1, 2, 2;
  const Measurement m = study("embed", "", {{"table", table(rows, 4)}});
  Matrix axes(2, 3), points(4, 2);
  axes << -0.6, 0.8, 0, 0, 0, 1;  // the largest loading is made positive
  points << -3, 0, 3, 0, 0, 1, 0, -1;
  CHECK(gap(rows_of(m, "axis"), axes) < 1e-14);
  CHECK(gap(rows_of(m, "coordinate"), points) < 1e-14);
  CHECK(gap(rows_of(m, "mean"), Eigen::RowVector3d(1, 2, 3)) < 1e-15);
  CHECK(gap(rows_of(m, "explained"), Eigen::RowVector2d(0.9, 0.1)) < 1e-14);
  CHECK(Field(m, "explained").note("table") ==
        "fraction of the variance, 4 rows\n"
        "component  explained  together\n"
        "1             0.9000    0.9000\n"
        "2             0.1000    1.0000");
}

TEST_CASE("axes are the eigenvectors of the covariance, fractions its eigenvalues") {
  for (const auto& [count, cols] : {std::pair<Index, Index>{60, 8}, {6, 20}}) {
    const Matrix rows = sample(count, cols);
    const Matrix centred = rows.rowwise() - rows.colwise().mean();
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(centred.transpose() * centred);
    const Measurement m = study("embed", "components: 4", {{"table", table(rows, count)}});
    const Matrix axes = rows_of(m, "axis"), fractions = rows_of(m, "explained");
    for (Index c = 0; c < 4; ++c) {
      Vector wanted = solver.eigenvectors().col(cols - 1 - c);
      Index largest = 0;
      wanted.cwiseAbs().maxCoeff(&largest);
      if (wanted[largest] < 0) wanted *= -1;
      // An eigenvector of the squared matrix is good to epsilon over the relative gap, above 1e-3.
      CHECK(gap(axes.row(c), wanted.transpose()) < 1e-10);
      CHECK(axes.row(c).maxCoeff() == axes.row(c).cwiseAbs().maxCoeff());
      CHECK(fractions(0, c) ==
            doctest::Approx(solver.eigenvalues()[cols - 1 - c] / centred.squaredNorm())
                .epsilon(1e-10));
    }
    CHECK(gap(axes * axes.transpose(), Matrix::Identity(4, 4)) < 1e-14);
    CHECK(gap(rows_of(m, "coordinate"), centred * axes.transpose()) < 1e-13);
  }
}

TEST_CASE("all components together hold all the variance and give the rows back") {
  const Matrix rows = sample(12, 5);
  const Measurement m = study("embed", "components: 5", {{"table", table(rows, 12)}});
  CHECK(rows_of(m, "explained").sum() == doctest::Approx(1).epsilon(1e-14));
  const Matrix back = (rows_of(m, "coordinate") * rows_of(m, "axis")).rowwise() +
                      Eigen::RowVectorXd(rows_of(m, "mean"));
  CHECK(gap(back, rows) < 1e-13);
}

TEST_CASE("without centring every coordinate is shifted by that of the mean") {
  const Matrix rows = sample(20, 6);
  const Measurement on = study("embed", "", {{"table", table(rows, 20)}});
  const Measurement off = study("embed", "center: off", {{"table", table(rows, 20)}});
  const Matrix shift = rows_of(on, "mean") * rows_of(on, "axis").transpose();
  CHECK(rows_of(on, "axis") == rows_of(off, "axis"));
  CHECK(gap(rows_of(off, "coordinate"),
            rows_of(on, "coordinate").rowwise() + Eigen::RowVectorXd(shift)) < 1e-14);
}

TEST_CASE("axes of the training part alone, and points for the others too") {
  const Matrix rows = sample(30, 5);
  std::vector<double> part(30);
  for (std::size_t i = 0; i < 30; ++i) part[i] = i < 20 ? 0 : i < 25 ? 1 : 2;
  const Measurement m =
      study("embed", "fit: train",
            {{"table", table(rows, 30)}, {"part", array("part[network]", {30}, part)}});
  const Measurement train = study("embed", "", {{"table", table(rows.topRows(20), 20)}});
  CHECK(rows_of(m, "axis") == rows_of(train, "axis"));
  CHECK(rows_of(m, "explained") == rows_of(train, "explained"));
  CHECK(gap(rows_of(m, "coordinate").topRows(20), rows_of(train, "coordinate")) < 1e-14);
  CHECK(rows_of(m, "coordinate").allFinite());
  CHECK(contains(refusal([&] {
                   study("embed", "fit: train", {{"table", table(rows, 30)}});
                 }),
                 "port 'part' is not connected"));
}

TEST_CASE("each seed and checkpoint lies where it came from, and missing rows stay missing") {
  Matrix rows(12, 4);  // two seeds, three networks, two checkpoints
  rows << sample(6, 4), sample(6, 4);
  rows(3, 2) = missing;
  const Place place;
  const Measurement m = study("embed", "components: 1", {{"table", table(rows, 3, 2)}}, place);
  CHECK(Field(m, "coordinate").shape() == std::vector<std::int64_t>{2, 3, 2, 1});
  const Matrix points = rows_of(m, "coordinate");
  const Matrix second = rows_of(
      study("embed", "components: 1", {{"table", table(rows.bottomRows(6), 6)}}), "coordinate");
  CHECK(points.bottomRows(6) == second);
  for (Index i = 0; i < 6; ++i) CHECK(std::isnan(points(i, 0)) == (i == 3));
  REQUIRE(place.warnings.size() == 1);
  CHECK(contains(place.warnings[0], "1 row of 12 has a number that is missing or not finite"));
}

TEST_CASE("stored axes put the same rows at the same points and other rows beside them") {
  const Folder folder;
  const Matrix rows = sample(20, 6), others = sample(7, 6);
  const Measurement m = study("embed", "components: 3", {{"table", table(rows, 20)}});
  const std::string with = "components: 3, axes: '" + folder.keep(m) + "'";
  const Measurement again = study("embed", with, {{"table", table(rows, 20)}});
  CHECK(rows_of(again, "coordinate") == rows_of(m, "coordinate"));
  CHECK(rows_of(again, "axis") == rows_of(m, "axis"));
  const Measurement other = study("embed", with, {{"table", table(others, 7)}});
  const Matrix expected =
      (others.rowwise() - Eigen::RowVectorXd(rows_of(m, "mean"))) * rows_of(m, "axis").transpose();
  CHECK(gap(rows_of(other, "coordinate"), expected) < 1e-14);

  const std::string path = folder.keep(m);
  CHECK(contains(refusal([&] {
                   study("embed", with, {{"table", table(sample(9, 5), 9)}});
                 }),
                 "has axes for rows of 6 numbers, and those of the table have 5; interpolate them "
                 "to that length"));
  CHECK(contains(
      refusal([&] {
        study("embed", "components: 4, axes: '" + path + "'", {{"table", table(rows, 20)}});
      }),
      "has 3; lower it"));
}

TEST_CASE("axes of one seed serve a table of several") {
  const Folder folder;
  const Matrix rows = sample(10, 4);
  const std::string path = folder.keep(study("embed", "", {{"table", table(rows, 10)}}));
  Matrix twice(20, 4);
  twice << rows, rows;
  const Measurement m = study("embed", "axes: '" + path + "'", {{"table", table(twice, 10)}});
  const Matrix points = rows_of(m, "coordinate");
  CHECK(points.topRows(10) == points.bottomRows(10));
}

TEST_CASE("more components than rows or columns have are refused") {
  CHECK(contains(refusal([] {
                   study("embed", "components: 4", {{"table", table(sample(9, 3), 9)}});
                 }),
                 "`components` asks for 4, but 9 rows of 3 columns have 3 at most; lower it"));
  const Matrix nothing = Matrix::Constant(3, 2, missing);
  CHECK(contains(refusal([&] {
                   study("embed", "", {{"table", table(nothing, 3)}});
                 }),
                 "no row of the table is finite throughout"));
}
