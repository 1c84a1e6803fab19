// framework/run/pictures.hpp - results that are pictures, as files one can look at.
#pragma once
#include <string>

#include "run/results.hpp"
#include "run/run_directory.hpp"

namespace lyap::framework {

/// Every result in the unit "grey" whose last axes are row and column becomes one PNG sheet: the
/// axis before them runs to the right, all earlier ones downwards; 0 is black, 1 white, missing
/// pictures are left black.
void write_pictures(const RunDirectory& directory, const Measurement& measurement,
                    const std::string& checkpoint);

}  // namespace lyap::framework
