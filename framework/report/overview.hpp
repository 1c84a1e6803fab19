// framework/report/overview.hpp - what was asked, what was found in numbers, and with what.
#pragma once
#include "report/found.hpp"
#include "report/section.hpp"

namespace lyap::framework {

Section asked_section(const Found& found);
/// Headlines of every measurement with intervals, and the tables that analyses have to show.
Section found_section(const Found& found);
/// Loss, accuracy and other figures of training by epoch.
Section training_section(const Found& found);
/// Versions, seeds, hashes of plugins, and the commands that repeat it.
Section provenance_section(const Found& found);

/// A word of a command line for a shell.
std::string shell_quoted(const std::string& word);

}  // namespace lyap::framework
