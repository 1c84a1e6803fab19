// framework/report/highlights.hpp - a few networks from the best to the worst, in colours of their
// own.
#pragma once
#include "report/found.hpp"
#include "report/section.hpp"

namespace lyap::framework {

/// Networks spread evenly over the ranks of the figure of training, six when there are twelve or
/// more, else three: their settings, their spectra, and their places among all networks by the
/// largest and the mean exponent and in the embedding (as in Vogt et al. 2022, Fig. 4).
Section highlights_section(const Found& found);

}  // namespace lyap::framework
