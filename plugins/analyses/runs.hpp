// plugins/analyses/runs.hpp - which sequences of a task drive a network, and from which states:
// options and their meaning.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace lyap::analyses {

enum class Start { Cell, Zero, Normal, File, Carried };

using Notes = std::vector<std::pair<std::string, std::string>>;

inline const char* name_of(Split split) {
  constexpr const char* names[] = {"train", "validation", "test"};
  return names[static_cast<int>(split)];
}

/// Run r of a network is sequence r / starts from state r.
struct Runs {
  Index sequences, starts;
  Split split;
  Start start;
  double start_std;
  std::string start_file;

  static void declare(Options& options);
  explicit Runs(const Values& v);

  /// state x runs, or no columns for the cell's own start. `stream` is drawn from for `normal`.
  Matrix first_states(const Model& model, Index runs, const Host& host, const char* stream) const;
  /// split, sequences and starts as they were in the end, which the task decides.
  Notes notes(Split used, Index found) const;
};

/// A task whose splits are all empty has no notion of them: it drives with anything.
inline bool has_sequences(const lyap_task_shape& task, Split split) {
  const auto all = std::accumulate(std::begin(task.count), std::end(task.count), Index{0});
  return task.count[static_cast<int>(split)] > 0 || all == 0;
}

/// The split wanted, or the first that has sequences.
inline Split available(const lyap_task_shape& task, Split wanted) {
  for (const Split split : {wanted, Split::Validation, Split::Test, Split::Train})
    if (has_sequences(task, split)) return split;
  return wanted;
}

/// Numbers of `wanted` sequences out of `all`, far apart, so that long inputs that begin at
/// neighbouring sequences of a text do not overlap.
inline std::vector<std::int64_t> spread(Index wanted, Index all) {
  std::vector<std::int64_t> which(static_cast<std::size_t>(wanted));
  for (Index i = 0; i < wanted; ++i)
    which[static_cast<std::size_t>(i)] = all > wanted ? i * all / wanted : i;
  return which;
}

inline void Runs::declare(Options& o) {
  static constexpr const char* splits[] = {"train", "validation", "test", nullptr};
  static constexpr const char* kinds[] = {"cell", "zero", "normal", "file", "carried", nullptr};
  o.integer("sequences")
      .range(1, 1e6)
      .fallback("10")
      .doc("how many input sequences are measured; fewer when the split has no more");
  o.choice("split", splits)
      .fallback("validation")
      .doc("which sequences drive the network; another split, with a note, when the task has none");
  o.integer("starts").range(1, 1e6).fallback("1").doc("initial states for each sequence");
  o.choice("start", kinds)
      .fallback("cell")
      .doc(
          "initial state: the cell's own, zero, drawn from N(0, start_std^2), `start_file`, or "
          "carried on from where training left the network");
  o.real("start_std").range(0, 1e6).fallback("1").doc("standard deviation of `start: normal`");
  o.path("start_file")
      .fallback("")
      .doc("`start: file`: .npy [sequences, state], the full state by part, then by layer");
}

inline Runs::Runs(const Values& v)
    : sequences(v.integer("sequences")),
      starts(v.integer("starts")),
      split(v.is("split", "train")  ? Split::Train
            : v.is("split", "test") ? Split::Test
                                    : Split::Validation),
      start(v.is("start", "zero")      ? Start::Zero
            : v.is("start", "normal")  ? Start::Normal
            : v.is("start", "file")    ? Start::File
            : v.is("start", "carried") ? Start::Carried
                                       : Start::Cell),
      start_std(v.real("start_std")),
      start_file(v.text("start_file")) {
  if ((start == Start::Zero || start == Start::Carried) && starts > 1)
    throw BadOption("`starts` above 1 needs different initial states; say `start: normal`");
  if ((start == Start::File) != !start_file.empty())
    throw BadOption("`start: file` and `start_file` go together; give both or neither");
}

/// state x runs from a .npy file [runs, state].
inline Matrix read_states(const Host& host, const std::string& path, Index rows, Index runs) {
  const File file = host.read_npy(path, "`start_file` is the path of a .npy file");
  const auto shape = file.shape();
  if (shape.size() != 2 || shape[0] != runs || shape[1] != rows) {
    std::string found;
    for (const std::int64_t extent : shape)
      found += (found.empty() ? "" : ", ") + std::to_string(extent);
    throw BadData(path + " has the shape [" + found + "]; initial states are [" +
                  std::to_string(runs) + ", " + std::to_string(rows) + "]: sequences, full state");
  }
  Matrix states = Eigen::Map<const Matrix>(file.doubles().data(), rows, runs);
  if (!states.allFinite())
    throw BadData(path + " holds a NaN or an infinity; initial states are finite");
  return states;
}

inline Matrix Runs::first_states(const Model& model, Index runs, const Host& host,
                                 const char* stream) const {
  if (start == Start::Cell) return {};
  if (start == Start::File) return read_states(host, start_file, model.state(), runs);
  if (start == Start::Carried) {
    const Carried left = model.carried();
    if (left.state.size() > 0) return left.state.replicate(1, runs);
    throw BadOption(
        "`start: carried` goes on where training left the network, and this one was "
        "left nowhere; train it with `force`, or choose another `start`");
  }
  Matrix states = Matrix::Zero(model.state(), runs);
  if (start == Start::Normal) {
    host.normal(stream, states);
    states *= start_std;
  }
  return states;
}

inline Notes Runs::notes(Split used, Index found) const {
  Notes notes{{"split", name_of(used)},
              {"sequences", std::to_string(found)},
              {"starts", std::to_string(starts)}};
  if (used != split)
    notes.emplace_back("split_fallback", std::string("the task has no ") + name_of(split) +
                                             " sequences; " + name_of(used) + " was used");
  if (found < sequences)
    notes.emplace_back("sequences_fallback", std::to_string(sequences) +
                                                 " were asked; the split has no more than " +
                                                 std::to_string(found));
  return notes;
}

}  // namespace lyap::analyses
