// tests/bench/rates.cpp - the best of three short windows, with all workers at it at once.
#include "rates.hpp"

#include <cblas.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <vector>

namespace lyap::bench {
namespace {
using framework::Workers;
using Seconds = std::chrono::duration<double>;
constexpr Seconds window{.02};

/// Calls of `work` a second in one thread, for the length of a window.
double calls_per_second(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  std::int64_t calls = 0;
  Seconds passed{};
  do {
    work();
    ++calls;
    passed = std::chrono::steady_clock::now() - begin;
  } while (passed < window);
  return static_cast<double>(calls) / passed.count();
}

/// Calls a second of all workers together; `make` gives each of them work on memory of its own.
double best_of_three(Workers& workers, const std::function<std::function<void()>()>& make) {
  double best = 0;
  for (int i = 0; i < 3; ++i) {
    std::vector<double> rates(static_cast<std::size_t>(workers.count()));
    std::atomic<int> arrived = 0;
    workers.parallel_for(workers.count(), [&](std::int64_t item, int) {
      const std::function<void()> work = make();
      work();  // pages are there and caches warm
      ++arrived;
      while (arrived < workers.count()) {  // a rate measured alone would be too high
      }
      rates[static_cast<std::size_t>(item)] = calls_per_second(work);
    });
    double sum = 0;
    for (const double rate : rates) sum += rate;
    best = std::max(best, sum);
  }
  return best;
}

void gemm(int m, int n, int k, const double* a, const double* b, double* c) {
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, m, b, k, 0, c, m);
}
void gemm(int m, int n, int k, const float* a, const float* b, float* c) {
  cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, m, b, k, 0, c, m);
}

template <class Scalar>
std::function<void()> product(const ProductSize& size) {
  const auto matrix = [](std::int64_t rows, std::int64_t columns) {
    return std::vector<Scalar>(static_cast<std::size_t>(rows * columns), Scalar(.5));
  };
  return [size, a = matrix(size.m, size.k), b = matrix(size.k, size.n),
          c = matrix(size.m, size.n)]() mutable {
    gemm(static_cast<int>(size.m), static_cast<int>(size.n), static_cast<int>(size.k), a.data(),
         b.data(), c.data());
  };
}

}  // namespace

ProductSize ProductSize::parse(const std::string& text) {
  ProductSize size;
  int bits = 0;
  long m = 0, n = 0, k = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "f%d:%ldx%ldx%ld%c", &bits, &m, &n, &k, &rest) != 4 ||
      (bits != 32 && bits != 64) || m < 1 || n < 1 || k < 1)
    throw std::invalid_argument("'" + text + "' is no product such as f64:256x256x256");
  size.m = m, size.n = n, size.k = k, size.single = bits == 32;
  return size;
}

double product_rate(Workers& workers, const ProductSize& size) {
  const double calls = best_of_three(
      workers, [&] { return size.single ? product<float>(size) : product<double>(size); });
  return calls * 2e-9 * static_cast<double>(size.m * size.n * size.k);
}

double triad_rate(Workers& workers, std::int64_t bytes) {
  const std::size_t numbers = static_cast<std::size_t>(std::max<std::int64_t>(bytes / 24, 1));
  const double calls = best_of_three(workers, [&]() -> std::function<void()> {
    return [a = std::vector<double>(numbers), b = std::vector<double>(numbers, 1.),
            c = std::vector<double>(numbers, 2.)]() mutable {
      for (std::size_t i = 0; i < a.size(); ++i) a[i] = b[i] + 3 * c[i];
    };
  });
  return calls * 24e-9 * static_cast<double>(numbers);
}

}  // namespace lyap::bench
