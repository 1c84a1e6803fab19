// lyap/host.hpp - what the kernel lends to a plugin: files, random streams, workers, LAPACK, log.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lyap/border.hpp"
#include "lyap/views.hpp"

namespace lyap {

/// A data file as the kernel read and checked it; released when the last copy goes.
class File {
 public:
  explicit File(std::shared_ptr<const lyap_file> file) : file_(std::move(file)) {}
  /// Extents, the last one fastest.
  std::span<const std::int64_t> shape() const {
    return {file_->shape, static_cast<std::size_t>(file_->dimensions)};
  }
  std::int64_t size() const {
    std::int64_t n = 1;
    for (const std::int64_t extent : shape()) n *= extent;
    return n;
  }
  std::string path() const { return file_->path; }
  std::span<const std::uint8_t> bytes() const { return as<std::uint8_t>(LYAP_U8); }
  std::span<const double> doubles() const { return as<double>(LYAP_F64); }
  /// Unicode code points of a text.
  std::span<const std::uint32_t> characters() const { return as<std::uint32_t>(LYAP_U32); }

 private:
  template <class T>
  std::span<const T> as(int dtype) const {
    if (file_->dtype != dtype) throw BadData(path() + " does not hold the expected kind of number");
    return {static_cast<const T*>(file_->data), static_cast<std::size_t>(size())};
  }
  std::shared_ptr<const lyap_file> file_;
};

/// The kernel's services. Cheap to copy; valid as long as the object it was given to. [any thread]
class Host {
 public:
  explicit Host(lyap_lent lent) : ops_(lent.ops), self_(lent.self) {}

  void log(const std::string& sentence) const { ops_->log(self_, LYAP_INFO, sentence.c_str()); }
  void warn(const std::string& sentence) const { ops_->log(self_, LYAP_WARNING, sentence.c_str()); }
  /// Tells how far a stage has come: "spectrum", 3 of 10.
  void progress(const char* stage, std::int64_t done, std::int64_t total) const {
    ops_->progress(self_, stage, done, total);
  }
  /// True after Ctrl-C: finish the step at hand, keep what is done, return.
  bool stopped() const { return ops_->stopped(self_) != 0; }

  /// Reads a file by absolute path or by its name below the data folders, with or without ".gz".
  /// `remedy` ends the sentence when it is missing. Throws BadData.
  File read_idx(const std::string& name, const std::string& remedy = "") const {
    return read(name, LYAP_FILE_IDX, remedy);
  }
  File read_npy(const std::string& name, const std::string& remedy = "") const {
    return read(name, LYAP_FILE_NPY, remedy);
  }
  File read_text(const std::string& name, const std::string& remedy = "") const {
    return read(name, LYAP_FILE_TEXT, remedy);
  }

  /// One tensor of a safetensors file, widened to float64, rows x columns (a vector has one
  /// column). Throws BadData: no such file or tensor.
  Matrix read_tensor(const std::string& file, const std::string& name) const {
    const File tensor = read(file + "#" + name, LYAP_FILE_TENSOR, "");
    const auto shape = tensor.shape();
    const Index rows = shape.empty() ? 1 : shape[0];
    const Index cols = rows ? tensor.size() / rows : 0;
    return Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(tensor.doubles().data(),
                                                                            rows, cols);
  }
  /// One entry of its metadata. Throws BadData: no such file or entry.
  std::string read_note(const std::string& file, const std::string& key) const {
    const File note = read(file + "#" + key, LYAP_FILE_NOTE, "");
    return {note.characters().begin(), note.characters().end()};
  }

  /// Fills `out` from the beginning of a named stream; the same seed and name give the same
  /// numbers in every run, whatever the number of workers.
  template <class Derived>
  void normal(const std::string& stream, Eigen::DenseBase<Derived>& out) const {
    border::call(ops_->normal, self_, stream.c_str(), lend(out));
  }
  template <class Derived>
  void uniform(const std::string& stream, Eigen::DenseBase<Derived>& out) const {
    border::call(ops_->uniform, self_, stream.c_str(), lend(out));
  }
  std::vector<std::int64_t> permutation(const std::string& stream, std::int64_t count) const {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    border::call(ops_->permutation, self_, stream.c_str(), count, order.data());
    return order;
  }

  int workers() const { return ops_->workers(self_); }
  /// Runs body(item, worker) for every item below `count` over the kernel's workers; the first
  /// failing item decides the exception. Nested calls run inline.
  template <class Body>
  void parallel(std::int64_t count, Body&& body) const {
    using Function = std::remove_reference_t<Body>;
    const auto run = [](void* context, std::int64_t item, std::int32_t worker, lyap_error* error) {
      return static_cast<std::int32_t>(
          border::guarded(error, [&] { (*static_cast<Function*>(context))(item, worker); }));
    };
    border::call(ops_->parallel, self_, count, +run,
                 const_cast<void*>(static_cast<const void*>(&body)));
  }

  /// A = Q R with R's diagonal >= 0: A (m x k, m >= k) becomes Q, `diagonal` (k) gets diag R.
  void qr(Out a, Out diagonal) const {
    border::call(ops_->qr, self_, lend(a), diagonal.data(), lyap_matrix{});
  }
  /// The same, R (k x k) too.
  void qr(Out a, Out diagonal, Out r) const {
    border::call(ops_->qr, self_, lend(a), diagonal.data(), lend(r));
  }
  /// diag R alone; A is destroyed.
  void qr_diagonal(Out a, Out diagonal) const {
    border::call(ops_->qr_diagonal, self_, lend(a), diagonal.data());
  }
  /// Row-pivoted A = P^T L U in place; row i of L is row rows[i] of A.
  void lu(Out a, std::span<std::int64_t> rows) const {
    border::call(ops_->lu, self_, lend(a), rows.data());
  }
  /// A = U diag(s) V^T, thin; A is destroyed.
  void svd(Out a, Out s, Out u, Out vt) const {
    border::call(ops_->svd, self_, lend(a), s.data(), lend(u), lend(vt));
  }

 private:
  File read(const std::string& name, int format, const std::string& remedy) const {
    lyap_error error{};
    const lyap_file* file = ops_->read(self_, name.c_str(), format, remedy.c_str(), &error);
    if (!file) throw BadData(error.text);
    const auto release = [ops = ops_, self = self_](const lyap_file* f) { ops->release(self, f); };
    return File(std::shared_ptr<const lyap_file>(file, release));
  }
  const lyap_host_ops* ops_;
  lyap_host* self_;
};

}  // namespace lyap
