// apps/lyap/version.hpp - the version the build was configured with.
#pragma once

namespace lyap::app {
inline constexpr const char* version = LYAP_VERSION;
}
