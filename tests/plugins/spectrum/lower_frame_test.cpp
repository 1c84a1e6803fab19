// tests/plugins/spectrum/lower_frame_test.cpp - one frame carries the vectors of many runs.
#include "lower_frame.hpp"

#include <doctest/doctest.h>

#include "reference.hpp"
#include "small_tables.hpp"

using lyap::Index;
using lyap::Matrix;
using lyap::Vector;

TEST_CASE("a frame that has carried few directions carries more of another run") {
  const lyap_host_ops host_ops = small_kernel::detail::host_ops();
  small_kernel::detail::Host behind;
  const lyap::Host host({&host_ops, reinterpret_cast<lyap_host*>(&behind)});
  constexpr Index n = 19;
  lyap::analyses::LowerFrame frame(n, n, host);
  lyap::analyses::AlignedLines room(n, n);
  for (const Index k : {3, 19, 1, 16}) {
    CAPTURE(k);
    frame.set(reference::random(n, k, "frame"));
    Vector factors(k), rough(k), exact(k);
    frame.factorise(factors);
    frame.rough_lengths(rough, room);
    frame.lengths(exact);
    CHECK((rough - exact).cwiseQuotient(exact).cwiseAbs().maxCoeff() < 1e-9);
  }
}
