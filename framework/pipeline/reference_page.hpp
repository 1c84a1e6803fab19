// framework/pipeline/reference_page.hpp - what a pipeline file may say, as a reference page.
#pragma once
#include <string>

namespace lyap::framework {

/// A Markdown page: every key of every map with what it takes and its default, the forms of sweeps,
/// columns and charts, and the initialisers.
std::string pipeline_page();

}  // namespace lyap::framework
