// tests/plugins/memory/no_allocation_test.cpp - once warm, a tape steps and differentiates in the
// memory it has.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>

#include "../../../plugins/cells/gru.hpp"
#include "../../../plugins/cells/lstm.hpp"
#include "../../../plugins/cells/rnn.hpp"
#include "../../sdk/cell_trial.hpp"
#include "../recorded_cells.hpp"

// Eigen takes its memory from malloc, and so does operator new: malloc is where to count. A program
// of its own, without BLAS, because OpenBLAS' small products call malloc themselves; sanitizers
// bring their own malloc.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
namespace {
std::atomic<long> allocations{0};
}
extern "C" void* __libc_malloc(std::size_t);
extern "C" void* __libc_memalign(std::size_t, std::size_t);
extern "C" void* malloc(std::size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  ++allocations;
  return __libc_memalign(alignment, bytes);
}

using namespace lyap;
using namespace lyap::testing;

namespace {

/// Everything a tape is asked during training and analysis, with operands made beforehand.
template <class C, Real T>
long allocations_when_warm() {
  Trial<C, T> c({{"units", "33"}}, 3, 6, 5);
  c.bind();
  const Index rows = c.rows(), cols = c.steps * c.batch;
  const MatrixOf<T> v = random<T>(c.source, rows, c.batch * 3);
  MatrixOf<T> out(rows, c.batch * 3), J(rows, rows), bars = random<T>(c.source, rows, cols);
  auto bar = c.empty(c.batch, cols);
  const auto weight_bars = c.lend_all(bar.weights);
  const lyap_matrix* list = weight_bars.data();
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
  for (Index i = 0; i < rows; ++i) order[static_cast<std::size_t>(i)] = rows - 1 - i;
  const lyap_chunk chunk{sizeof chunk,
                         0,
                         0,
                         c.steps,
                         lend(std::as_const(c.state)),
                         lend(std::as_const(c.input)),
                         {},
                         {},
                         lend(c.states)};
  const lyap_block_request requests[] = {{0, 0, ~0ull, ~0ull, nullptr, nullptr},
                                         {3, 1, ~0ull, ~0ull, order.data(), order.data()}};
  const auto all = [&] {
    border::call(c.ops.step, c.tape, &chunk);
    border::call(c.ops.push, c.tape, lyap_point{2, 0, c.batch}, lend(v), lyap_const_matrix{},
                 lend(out));
    border::call(c.ops.pull, c.tape, lyap_point{2, 0, c.batch}, lend(v), lend(out), lyap_matrix{},
                 list);
    for (const lyap_block_request& request : requests)
      border::call(c.ops.jacobian, c.tape, &request, lend(J));
    border::call(c.ops.backward, c.tape, std::int64_t{0}, std::int64_t{c.steps}, lend(bars),
                 lend(bar.state), lend(bar.input), list);
  };
  for (int warming = 0; warming < 3; ++warming) all();
  const long before = allocations;
  all();
  return allocations - before;
}

}  // namespace

TEST_CASE("malloc is counted") {
  const long before = allocations;
  void* volatile something = std::malloc(100);
  std::free(something);
  CHECK(allocations > before);
}

TEST_CASE_TEMPLATE("a warm tape allocates nothing", C, cells::Rnn, cells::Lstm, cells::Gru,
                   RecordedRnn, RecordedLstm, RecordedGru) {
  CHECK(allocations_when_warm<C, double>() == 0);
  CHECK(allocations_when_warm<C, float>() == 0);
}
#endif
