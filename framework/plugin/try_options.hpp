// framework/plugin/try_options.hpp - the options a plugin is created with in its conformance tests.
#pragma once
#include "plugin/check_test.hpp"
#include "plugin/option_words.hpp"

namespace lyap::framework::checks {

/// The defaults, with what `--with` says and the plugin knows. CheckSkipped: a required option is
/// not given; InputError: a given value is wrong.
CreateValues try_options(const CheckSubject& subject);

/// The same with one option set to `word`.
CreateValues try_options(const CheckSubject& subject, const std::string& name,
                         const std::string& word);

}  // namespace lyap::framework::checks
