// apps/lyap/data_parts.hpp - the parts of `lyap data`, and what they have in common.
#pragma once
#include <filesystem>
#include <vector>

#include "arguments.hpp"
#include "data/catalogue.hpp"
#include "progress_line.hpp"
#include "read_catalogue.hpp"

namespace lyap::app {

int data_list(const Words&, Common);
int data_fetch(const Words&, Common);
int data_add(const Words&, Common);
int data_verify(const Words&, Common);

/// Declares --catalogue.
void add_catalogue_option(Arguments& arguments);
/// The catalogue that --catalogue names, or the one that came with the program.
Catalogue catalogue_of(const Arguments& arguments);

/// Where data sets are looked for, and put: into the first. InputError: there is none.
std::vector<std::filesystem::path> data_folders(const Common& common);

}  // namespace lyap::app
